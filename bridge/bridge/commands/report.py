"""`bridge report`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bridge.commands.options import chosen, language, max_age, settings
from bridge.opening import opened
from connector_store.columns import utc_now

if TYPE_CHECKING:
    from datetime import datetime, timedelta


@click.command("report")
@click.option(
    "--file",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    default="report.html",
    show_default=True,
    help="Where the page is written.",
)
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="First day of the documents.")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Last day of the documents.")
@click.option("--offline", is_flag=True, help="From the store alone: no service is asked, and no sums are compared.")
@language
@max_age
@settings
def report_command(  # noqa: PLR0913 - the options of a command line
    store_uri: str,
    division: int | None,
    output: str,
    lang: str,
    older_than: timedelta,
    path: Path,
    first: datetime | None,
    last: datetime | None,
    *,
    offline: bool,
) -> None:
    """Write a page for the accountant: how it goes, what to do, both sides per month, what became paid, the runs.

    It holds everything itself, names of customers too: only its owner may read it.
    """
    from bridge.reporting import Wanted, write_report  # noqa: PLC0415 - other commands start without it

    with opened(store_uri, division) as store:
        wanted = Wanted(lang, utc_now(), older_than, first and first.date(), last and last.date())
        level = write_report(store, None if offline else chosen(), wanted, path)
    if output == "json":
        import simplejson  # noqa: PLC0415

        click.echo(simplejson.dumps({"file": str(path), "level": level}))
    else:
        click.echo(f"The report is in {path}.")
