"""The status document for the eye: how it goes, what a person must do, what follows by itself, what became paid.

Documents with one cause stand together under it: one wrong setting may hold back a hundred of them.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bridge.view.amounts import amount_in
from bridge.view.groups import Group, counted, grouped, totals
from bridge.view.health import called
from bridge.view.status import STATUSES, program
from bridge.words import day_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Row = dict[str, Any]

PIPE_WIDTH: Final = 140
"""Columns when the output goes to a file or another program."""
SHOWN: Final = 10
"""Rows under one cause, unless everything is asked for."""
_COLOURS: Final = {"green": "bold green", "amber": "bold yellow", "red": "bold red"}


class Screen:
    """Where the status document is shown, in the reader's language."""

    def __init__(self, language: str, words: Callable[[str], str]) -> None:
        self._amount = amount_in(language)
        self._day = day_in(language)
        self._ = words
        self._console = Console(highlight=False, markup=False)
        if not self._console.is_terminal:
            self._console.width = PIPE_WIDTH

    def show(self, document: Row, *, everything: bool) -> None:
        """Write the status document; `everything` lists linked and excluded documents as well."""
        _, say = self._, self._console.print
        rows = document["documents"]
        by_status = {status: [row for row in rows if row["status"] == status] for status in STATUSES}
        health = document["health"]
        say(Text(health["line"], style=_COLOURS[health["level"]]))
        for each in health["couplings"]:
            line = f"  {called(each['name'], _)}: {each['line']}"
            say(Text(line, style=_COLOURS[each["level"]].removeprefix("bold ")))
        if not by_status["rejected"] and health["level"] == "green":
            say(_("Nothing to do."))
        self._explain(_("To do"), by_status["rejected"], everything=everything)
        self._explain(_("Follows by itself"), by_status["unknown"] + by_status["waiting"], everything=everything)
        remarks = [row for row in by_status["linked"] if row["code"]]
        self._explain(_("Booked, with a remark"), remarks, everything=everything)
        self._paid(document["paid"])
        if everything:
            self._explain(_("Left out"), by_status["excluded"], everything=True)
        if everything and by_status["linked"]:
            say(self._linked(by_status["linked"]))
        if rows:
            say(self._counts(rows))
        if document["last_runs"]:
            say(self._runs(document["last_runs"]))
        else:
            say(_("No run yet."))

    def _explain(self, title: str, rows: list[Row], *, everything: bool) -> None:
        if not rows:
            return
        say = self._console.print
        say()
        say(Text(f"{title}: {len(rows)}", style="bold"))
        for group in grouped(rows, self._amount, self._):
            say(Padding(Text(group.title, style="bold"), (1, 0, 0, 1)))
            who = f"{self._actor(group.actor)}: " if group.actor else ""
            say(Padding(Text(f"{who}{group.hint} ({group.code})"), (0, 0, 0, 3)))
            shown = group.lines if everything else group.lines[:SHOWN]
            say(Padding(self._lines(group, shown), (0, 0, 0, 3)))
            for line in self._addresses(shown):
                # Whole and on one line, however narrow the screen: it is there to be opened.
                say(Text(line), soft_wrap=True)
            if len(shown) < len(group.lines):
                more = self._("… and {count} more: bridge status --all").format(count=len(group.lines) - len(shown))
                say(Padding(Text(more), (0, 0, 0, 3)))
        say()

    def _lines(self, group: Group, lines: list[list[Row]]) -> Table:
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2))
        for column in range(5):  # document, date, customer, amount, reason
            is_amount = column == 3  # noqa: PLR2004 - the amount
            table.add_column(justify="right" if is_amount else "left", no_wrap=is_amount)
        for rows in lines:
            first = rows[0]
            if len(rows) > 1:
                documents = ", ".join(str(row["number"] or row["source_id"]) for row in rows[:SHOWN])
                amounts = ", ".join(totals(rows, self._amount))
                table.add_row(*_cells(counted(rows, self._), "", first["customer"], amounts, documents))
                continue
            told = self._(first["reason"] or "")
            day = self._day(first["date"] or "")
            reason = None if told == group.hint else told
            table.add_row(*_cells(self._name(first), day, first["customer"], self._money(first), reason))
        return table

    def _addresses(self, lines: list[list[Row]]) -> Iterator[str]:
        """Yield where to look at each document that a person has to do something about."""
        for rows in lines:
            if len(rows) == 1 and rows[0]["status"] == "rejected":
                for address in (rows[0]["urls"] or {}).values():
                    yield f"   {rows[0]['number'] or rows[0]['source_id']}  {address}"

    def _paid(self, paid: list[Row]) -> None:
        if not paid:
            return
        one, many = (
            self._("1 invoice became paid since yesterday"),
            self._("{count} invoices became paid since yesterday"),
        )
        self._console.print(Text(one if len(paid) == 1 else many.format(count=len(paid)), style="bold"))
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2))
        for row in paid:
            table.add_row(*_cells(row["number"], self._day(row["paid_at"] or ""), self._money(row)))
        self._console.print(Padding(table, (0, 0, 1, 3)))

    def _linked(self, rows: Iterable[Row]) -> Table:
        table = self._table("Linked", "Document", ">Amount", ">Open", ">Entry", "Id in Exact", "Since")
        for row in rows:
            is_open = None if row["open"] is None else self._amount(row["open"], row["currency"] or "")
            entry = (row["entry_number"], row["exact_id"], self._moment(row["updated_at"]))
            table.add_row(*_cells(self._name(row), self._money(row), is_open, *entry))
        return table

    def _counts(self, rows: Iterable[Row]) -> Table:
        found = Counter((row["kind"], row["status"]) for row in rows)
        table = self._table("Counts", "Kind", *(f">{status}" for status in STATUSES))
        for kind in sorted({kind for kind, _ in found}):
            table.add_row(*_cells(self._kind(kind), *(found[kind, status] for status in STATUSES)))
        return table

    def _runs(self, runs: Iterable[Row]) -> Table:
        table = self._table("Last runs", "Began", "Plugin", "Outcome", "Result")
        for run in runs:
            outcome = self._(run["outcome"] or "not finished")
            table.add_row(*_cells(self._moment(run["started_at"]), program(run), outcome, run["message"]))
        return table

    def _table(self, title: str, *columns: str) -> Table:
        title = self._(title)
        table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
        for column in columns:
            table.add_column(self._(column.lstrip(">")), justify="right" if column.startswith(">") else "left")
        return table

    def _moment(self, text: str) -> str:
        """Write a moment on the reader's clock; English keeps it as it stands."""
        local = datetime.fromisoformat(text).astimezone()
        return text if self._day(text) == text else f"{self._day(local.isoformat())} {local:%H:%M}"

    def _name(self, row: Row) -> str:
        return f"{self._kind(row['kind'])} {row['number'] or row['source_id']}"

    def _kind(self, kind: str) -> str:
        return self._(kind.replace("_", " "))

    def _actor(self, actor: str) -> str:
        names = {"accountant": "Accountant", "invoicing": "Invoicing (Teamleader)", "operator": "Operator"}
        return self._(names[actor])

    def _money(self, row: Row) -> str:
        return "" if row["amount"] is None else self._amount(row["amount"], row["currency"] or "")


def _cells(*values: object) -> list[Text]:
    return [Text("" if value is None else str(value)) for value in values]
