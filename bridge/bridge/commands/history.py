"""`bridge history`."""

from __future__ import annotations

import click

from bridge.commands.asking import document_argument, one
from bridge.commands.options import echo_json, settings
from bridge.view.history import history


@click.command("history")
@document_argument
@settings
def history_command(store_uri: str, division: int | None, output: str, document: tuple[str | None, str]) -> None:
    """Tell all that was done with a document, its files and its payments, by runs and by people, oldest first."""
    with one(store_uri, division, document) as (store, known):
        trail = store.store.audit_trail(division=store.division)
    # Payments of an invoice bear its id, those that were booked its id, a stroke and a number.
    mine = [each for each in trail if (each.source_id or "").partition("/")[0] == known.source_id]
    events = history(mine)
    if output == "json":
        told = {"kind": known.kind, "source_id": known.source_id, "number": known.number, "events": events}
        echo_json(told)
        return
    click.echo(f"{known.name} ({known.source_id})")
    for each in events:
        click.echo(f"  {each['at']}  {each['what']}")
