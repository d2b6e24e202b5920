"""`bridge preview`."""

from __future__ import annotations

import csv
import sys
from collections import Counter
from typing import Any

import click

from bridge.commands.options import chosen, coupling_option, echo_json, output_option

COLUMNS = ("kind", "number", "outcome", "journal", "date", "due_date", "currency", "customer")
LINE = ("gl_account", "vat_code", "net", "vat", "description")
WHY = ("code", "reason", "hint")


@click.command()
@output_option
@click.option("--csv", "as_csv", is_flag=True, help="A row for each line that would be booked, for a spreadsheet.")
@coupling_option
def preview(output: str, *, as_csv: bool) -> None:
    """Show the journal as the next run would book it, and what would be refused. Writes nothing anywhere."""
    from bridge.setup.previewing import previewed  # noqa: PLC0415 - other commands start without it

    click.echo("Reading both sides; with hundreds of documents that takes minutes.", err=True)
    found = previewed(chosen())
    if as_csv:
        _write_csv(found["documents"])
    elif output == "json":
        echo_json(found)
    else:
        _show(found)


def _write_csv(documents: list[dict[str, Any]]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow([*COLUMNS, *LINE, *WHY])
    for each in documents:
        for line in each["lines"] or [{}]:
            cells = [each[name] for name in COLUMNS] + [line.get(name) for name in LINE] + [each[name] for name in WHY]
            writer.writerow(["" if cell is None else cell for cell in cells])


def _show(found: dict[str, Any]) -> None:
    for each in found["documents"]:
        title = f"{each['kind'].replace('_', ' ')} {each['number']}"
        if each["outcome"] == "reject":
            click.echo(f"{title}: not booked, {each['reason']} ({each['code']}). {each['hint']}")
        elif each["outcome"] != "unchanged":
            click.echo(f"{title}: {each['outcome']}, journal {each['journal']}, {each['date']}, {each['customer']}")
            for line in each["lines"]:
                amounts = f"{line['net']:>12} {line['vat']:>10}"
                click.echo(f"    {line['gl_account']:10} {line['vat_code']:4}{amounts}  {line['description']}")
    outcomes = Counter(each["outcome"] for each in found["documents"])
    customers = found["customers"]
    click.echo(f"Documents: {', '.join(f'{count} {name}' for name, count in outcomes.items()) or 'none'}.")
    click.echo(
        f"Customers: {customers['create']} created, {customers['match']} matched, {customers['update']} updated."
    )
    click.echo(f"Payments: {len(found['payments'])}.")
    click.echo(f"About {found['calls']} calls to Exact, {found['minutes']} minutes. Nothing was written.")
