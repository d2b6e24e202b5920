"""The status document for the eye: first what a person must do, then what follows by itself, counts and last runs.

Documents with the same thing to do stand together under it: one wrong setting may hold back a hundred of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bridge.view.status import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable

Row = dict[str, Any]

PIPE_WIDTH = 140
"""Columns when the output goes to a file or another program."""


def show(document: Row, *, everything: bool) -> None:
    """Write the status document to the terminal; `everything` lists linked and excluded documents as well."""
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    rows = document["documents"]
    by_status = {status: [row for row in rows if row["status"] == status] for status in STATUSES}
    if not by_status["rejected"]:
        console.print("Nothing to do.")
    _explain(console, "To do", by_status["rejected"])
    _explain(console, "Follows by itself", by_status["unknown"] + by_status["waiting"])
    _explain(console, "Booked, with a remark", [row for row in by_status["linked"] if row["code"]])
    if everything:
        _explain(console, "Left out", by_status["excluded"])
    if everything and by_status["linked"]:
        console.print(_linked(by_status["linked"]))
    if rows:
        console.print(_counts(rows))
    if document["last_runs"]:
        console.print(_runs(document["last_runs"]))
    else:
        console.print("No run yet.")


def _explain(console: Console, title: str, rows: list[Row]) -> None:
    if not rows:
        return
    console.print(Text(f"{title}: {len(rows)}", style="bold"))
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["code"], row["hint"]].append(row)
    for (code, hint), alike in groups.items():
        console.print(Padding(Text.assemble((code, "bold"), f": {hint}"), (1, 0, 0, 1)))
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2))
        table.add_column()
        table.add_column(justify="right", no_wrap=True)
        table.add_column()
        for row in alike:
            table.add_row(*_cells(_name(row), _amount(row), row["reason"]))
        console.print(Padding(table, (0, 0, 0, 3)))
    console.print()


def _linked(rows: Iterable[Row]) -> Table:
    table = _table("Linked", "Document", ">Amount", ">Entry", "Id in Exact", "Since")
    for row in rows:
        table.add_row(*_cells(_name(row), _amount(row), row["entry_number"], row["exact_id"], row["updated_at"]))
    return table


def _counts(rows: Iterable[Row]) -> Table:
    counted = Counter((row["kind"], row["status"]) for row in rows)
    table = _table("Counts", "Kind", *(f">{status}" for status in STATUSES))
    for kind in sorted({kind for kind, _ in counted}):
        table.add_row(*_cells(_words(kind), *(counted[kind, status] for status in STATUSES)))
    return table


def _runs(runs: Iterable[Row]) -> Table:
    table = _table("Last runs", "Began", "Plugin", "Outcome", "Result")
    for run in runs:
        outcome = run["outcome"] or "not finished"
        table.add_row(*_cells(run["started_at"], run["plugin"], outcome, run["message"]))
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column.lstrip(">"), justify="right" if column.startswith(">") else "left")
    return table


def _cells(*values: object) -> list[Text]:
    return [Text("" if value is None else str(value)) for value in values]


def _name(row: Row) -> str:
    return f"{_words(row['kind'])} {row['number'] or row['source_id']}"


def _amount(row: Row) -> str:
    return "" if row["amount"] is None else f"{row['amount']:.2f} {row['currency'] or ''}".rstrip()


def _words(kind: str) -> str:
    return kind.replace("_", " ")
