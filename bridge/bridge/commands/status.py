"""`bridge status`."""

from __future__ import annotations

import click
import simplejson

from bridge.commands import terminal
from bridge.commands.options import settings
from bridge.opening import opened
from bridge.view.status import status_document


@click.command()
@click.option("--all", "everything", is_flag=True, help="List what is linked or left out, too (JSON always does).")
@settings
def status(store_uri: str, division: int, output: str, *, everything: bool) -> None:
    """Show what a person must do, what follows by itself, counts and the last runs."""
    with opened(store_uri, division) as store:
        document = status_document(store)
    if output == "json":
        click.echo(simplejson.dumps(document, ensure_ascii=False, indent=2))
    else:
        terminal.show(document, everything=everything)
