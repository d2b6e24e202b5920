"""A reconciliation for the eye: whether both sides are equal, what differs, what does not stand in Exact, the sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bridge.view.differences import percent
from bridge.view.reconcile import SIDES
from bridge.view.reconciled import sentence

if TYPE_CHECKING:
    from bridge.view.standing import Row


WIDTH = 140
"""Columns when the output goes to a file or another program."""


def show(document: Row) -> None:
    """Write a reconciliation to the terminal."""
    count = len(document["differences"])
    click.echo("Equal to the cent." if document["equal"] else f"Not equal: {count} difference{'s' * (count > 1)}.")
    for each in document["differences"]:
        click.echo(f"  {sentence(each)}")
    held = [each for each in document["held"] if each["standing"] != "before_start"]
    if held:
        click.echo(f"Not in Exact: {len(held)}")
    for each in held:
        why = each["reason"] or each["code"] or ""
        who = f" ({each['who']})" if each["who"] else ""
        name = f"{each['kind'].replace('_', ' ')} {each['number'] or each['source_id']}"
        click.echo(f"  {name}: {each['standing']}, {why}{who}")
    for each in document["moved"]:
        name = f"{each['kind'].replace('_', ' ')} {each['number']}"
        click.echo(f"  {name} of {each['date']} stands on {each['entry_date']}")
    if document["unregistered"]:
        click.echo(f"Settled in Exact, open in Teamleader as register_payments is off: {len(document['unregistered'])}")
    for each in document["unregistered"]:
        click.echo(f"  {sentence(each)}")
    counted = [f"{number} {name.replace('_', ' ')}" for name, number in document["standings"].items() if number]
    told = ", ".join(counted) or "none"
    click.echo(f"Documents: {told}; entries by hand: {document['by_hand']}; calls to Exact: {document['calls']}")
    if document["months"]:
        console = Console(highlight=False, markup=False)
        if not console.is_terminal:
            console.width = WIDTH
        console.print(_months(document["months"]))


def _months(rows: list[Row]) -> Table:
    shown = Table(title="Gross per month", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("Month", "Kind", "VAT", *(side.replace("_", " ") for side in SIDES), ""):
        shown.add_column(name, justify="left" if name in {"Month", "Kind", ""} else "right")
    for row in rows:
        amounts = (f"{row[side]['gross']:,.2f} ({row[side]['count']})" if row[side]["count"] else "" for side in SIDES)
        cells = (row["month"], row["kind"].replace("_", " "), percent(row["vat_rate"]), *amounts, row["currency"])
        shown.add_row(*(Text(cell) for cell in cells))
    return shown
