"""The file of decisions: written by a preview, corrected by a person, read back whole or not at all."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bridge.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.customers.matching import Matched
    from bridge.customers.reading import BothSides

COLUMNS: Final = ("name", "customer number", "VAT number", "Exact id", "Teamleader id", "decision", "reason")
LINK, CREATE, SKIP, OPEN = "link", "create", "skip", "conflict"
_KNOWN: Final = (LINK, CREATE, SKIP, OPEN, "linked", "")
_FORMULA: Final = ("=", "+", "-", "@", "\t")
"""What a spreadsheet would take for a formula at the beginning of a cell."""


@dataclass(frozen=True)
class Line:
    """A decision of a person."""

    exact_id: str
    decision: str
    teamleader_id: str | None


def written(matched: Iterable[Matched]) -> str:
    """Return the file; what begins like a formula gets an apostrophe before it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for each in matched:
        row = each.row()
        cells = (
            *(row["name"], row["exact_code"], row["vat_number"], row["exact_id"]),
            *(row["teamleader_id"], row["decision"], row["reason"]),
        )
        writer.writerow([_safe(cell or "") for cell in cells])
    return text.getvalue()


def read(text: str, sides: BothSides) -> list[Line]:
    """Return the decisions of a file; lines without one, and those of what is linked, ask for nothing.

    Raises:
        Refused: A line cannot be carried out; it is named, and nothing is done.
    """
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=_delimiter(text)))
    if not rows or [cell.strip().casefold() for cell in rows[0][: len(COLUMNS) - 1]] != [
        each.casefold() for each in COLUMNS[:-1]
    ]:
        raise Refused(f"The first line has to name the columns: {', '.join(COLUMNS)}")
    lines = []
    taken: dict[str, int] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        line = _line(number, row, sides)
        if line.decision == LINK and line.teamleader_id is not None:
            if line.teamleader_id in taken:
                raise _wrong(number, f"{line.teamleader_id} is taken by line {taken[line.teamleader_id]}")
            taken[line.teamleader_id] = number
        if line.decision in {LINK, CREATE, SKIP}:
            lines.append(line)
    return lines


def _line(number: int, row: list[str], sides: BothSides) -> Line:
    if len(row) < len(COLUMNS) - 1:
        raise _wrong(number, f"it has {len(row)} columns instead of {len(COLUMNS)}")
    code, exact_id = _cell(row[1]), _cell(row[3])
    teamleader_id, decision = _cell(row[4]) or None, _cell(row[5]).casefold()
    account = sides.accounts.get(exact_id)
    if account is None:
        raise _wrong(number, f"no customer in Exact has the id {exact_id or '(none)'}")
    if code and code != account.code:
        raise _wrong(number, f"the customer with that id has the number {account.code}, not {code}")
    if decision not in _KNOWN:
        raise _wrong(number, f"the decision {decision} is none of {LINK}, {CREATE}, {SKIP}")
    if decision == LINK:
        teamleader_id = _customer(number, teamleader_id, sides)
    return Line(exact_id, decision, teamleader_id)


def _customer(number: int, id_: str | None, sides: BothSides) -> str:
    if id_ is None:
        raise _wrong(number, "to link it the id in Teamleader is needed")
    for each in (id_, f"company:{id_}", f"contact:{id_}"):
        if each in sides.teamleader:
            return each
    raise _wrong(number, f"no customer in Teamleader has the id {id_}")


def _wrong(number: int, why: str) -> Refused:
    return Refused(f"Line {number}: {why}. Nothing was done.")


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _cell(text: str) -> str:
    return text.strip().removeprefix("'")


def _delimiter(text: str) -> str:
    """Return what parts the columns: spreadsheets of the Low Countries write semicolons."""
    first = text.partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else ","
