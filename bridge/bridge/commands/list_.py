"""`bridge list`."""

from __future__ import annotations

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bridge import services
from bridge.commands.options import chosen, coupling_option, echo_json, output_option
from bridge.commands.terminal import PIPE_WIDTH
from bridge.setup.lists import OF_EXACT, OF_TEAMLEADER, listed


@click.command("list")
@click.argument("what", type=click.Choice([*OF_TEAMLEADER, *OF_EXACT]))
@output_option
@coupling_option
def list_(what: str, output: str) -> None:
    """List what both sides hold, to choose from for the settings."""
    coupling = chosen()
    with services.opened(coupling) as store:
        rows = listed(what, coupling, store)
    if output == "json":
        echo_json(rows)
        return
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    if not rows:
        console.print(f"There are no {what.replace('-', ' ')}.")
        return
    table = Table(*(name.replace("_", " ") for name in rows[0]), box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*(Text("" if value is None else str(value)) for value in row.values()))
    console.print(table)
