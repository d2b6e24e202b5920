"""`bridge reconcile`."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import click

from bridge.commands.options import chosen, echo_json, settings
from bridge.opening import opened

if TYPE_CHECKING:
    from datetime import date, datetime

    from bridge.view.standing import Row

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option(
    "--from", "first", type=DAY, metavar="DAY", help="First day of the documents. Without it: the start date."
)
@click.option("--to", "last", type=DAY, metavar="DAY", help="Last day of the documents. Without it: all there are.")
@click.option("--csv", "as_csv", is_flag=True, help="The sums per month as a table for a spreadsheet.")
@settings
@click.pass_context
def reconcile(
    ctx: click.Context,
    store_uri: str,
    division: int | None,
    output: str,
    first: datetime | None,
    last: datetime | None,
    *,
    as_csv: bool,
) -> None:
    """Hold Teamleader's documents against Exact's entries, to the cent; exit 1 when they are not equal."""
    document = reconciled(store_uri, division, first and first.date(), last and last.date())
    if as_csv:
        from bridge.view.reconciled import as_table  # noqa: PLC0415 - other commands start without it

        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(as_table(document))
        click.echo(text.getvalue(), nl=False)
    elif output == "json":
        echo_json(document)
    else:
        from bridge.commands.reconciled_terminal import show  # noqa: PLC0415 - rich takes its time

        show(document)
    if not document["equal"]:
        ctx.exit(1)


def reconciled(store_uri: str, division: int | None, first: date | None, last: date | None) -> Row:
    """Read both services of the chosen coupling, for reading only, and return what came out (`view.reconciled`)."""
    from bridge.reconciling.documents import Range  # noqa: PLC0415 - other commands start without it
    from bridge.reconciling.reading import reconcile_coupling  # noqa: PLC0415
    from bridge.view.reconciled import as_document  # noqa: PLC0415

    coupling = chosen()
    with opened(store_uri, division) as store:
        (found, calls), _ = reconcile_coupling(coupling, store, Range(first, last))
    return as_document(found, calls)
