"""What a document asks of its entry by now: what was booked, what Exact holds, and what the document says, compared.

Where Exact differs from what was booked, a person was there: that is theirs. Where the document differs from what was
booked, it changed since. What changed and is not theirs may be written; what is both is for a person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from target_exactonline.booking.compare import compare_totals
from target_exactonline.booking.standing import (
    DERIVED,
    RATE,
    as_it_reads,
    header_in_exact,
    header_of,
    in_the_books,
    line_in_exact,
    line_of,
    pair_up,
    reads_alike,
)
from target_exactonline.reasons import FieldDifference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from connector_store import BookedEntry, BookedLine
    from target_exactonline.booking.plan import EntryPlan, PlanLine
    from target_exactonline.booking.standing import Header

    Row = Mapping[str, Any]

TOLD = 10
"""So many differences are told one by one."""
_PARTS = (
    ("ledger account", "gl_account"),
    ("net", "net"),
    ("VAT", "vat"),
    ("VAT code", "vat_code"),
    ("cost centre", "cost_center"),
    ("cost unit", "cost_unit"),
)


@dataclass(frozen=True)
class LineStep:
    """What is to become of one line."""

    before: BookedLine | None
    """As it stands in Exact, with its id; None for a new one."""
    after: PlanLine | None
    """None for one that goes."""


@dataclass(frozen=True)
class ThreeWay:
    """The comparison of an entry with what was booked and with its document."""

    header_before: Header
    """Fields that the document asks to be otherwise, as they stand in Exact."""
    header_after: Header
    """The same as the document wants them."""
    lines: tuple[LineStep, ...]
    """Lines that the document asks to be otherwise."""
    asked: tuple[FieldDifference, ...]
    """What of it shows in the books: Exact and the document."""
    edited: tuple[FieldDifference, ...]
    """Where Exact differs from what was booked, whose side is told as what is expected."""
    conflicts: bool
    """Something is asked where Exact was edited."""

    @property
    def fields_edited(self) -> str:
        """Return what a person made otherwise, in words."""
        told = [f"{each.field} ({each.found}, booked: {each.expected})" for each in self.edited[:TOLD]]
        return ", ".join(told) + (f" and {len(self.edited) - TOLD} more" if len(self.edited) > TOLD else "")

    @property
    def asks_nothing(self) -> bool:
        """Tell whether the entry is as the document wants it, but for what a person made otherwise."""
        return not self.header_after and not self.lines


def three_way(
    booked: BookedEntry, row: Row, line_rows: Sequence[Row], plan: EntryPlan, customer: str | None, lines_digest: str
) -> ThreeWay:
    """Compare.

    Args:
        booked: what the document asked for when its entry was last written.
        row: the entry's row of salesentry/SalesEntries.
        line_rows: its rows of salesentry/SalesEntryLines, in their order.
        plan: what the document asks for now.
        customer: GUID of its account.
        lines_digest: of what the document's lines come from: as long as it stays, they ask for no other lines, even if
            a setting would now book them elsewhere.
    """
    wanted = header_of(plan, customer)
    found = header_in_exact(row, wanted)
    edited: list[FieldDifference] = []
    asked: list[FieldDifference] = []
    before: Header = {}
    after: Header = {}
    conflicts = False
    for field, value in wanted.items():
        was, stands = booked.header.get(field), found[field]
        is_edited = field != RATE and was is not None and was != stands
        if is_edited:
            edited.append(FieldDifference(field, str(was), stands or "nothing"))
        changed = value is not None and not reads_alike(field, value, was)
        if changed and not reads_alike(field, value, stands):
            before[field] = stands
            after[field] = value
            asked.append(FieldDifference(field, str(value), before[field] or "nothing"))
            conflicts = conflicts or is_edited
    if {"Customer", "PaymentCondition"} & after.keys():
        kept = {field: found[field] for field in DERIVED if found[field] is not None and field not in after}
        before, after = {**before, **kept}, {**after, **kept}
    lines = _Lines(booked.lines, line_rows, plan)
    edited += lines.edited()
    steps: list[LineStep] = []
    if booked.lines_digest != lines_digest:
        steps = lines.steps()
        asked += [*compare_totals(plan, row), *lines.asked(steps)] if steps else []
        conflicts = conflicts or lines.conflicts
    return ThreeWay(before, after, tuple(steps), tuple(asked), tuple(edited), conflicts)


def with_ids(lines: Sequence[BookedLine], line_rows: Sequence[Row]) -> tuple[BookedLine, ...]:
    """Return lines with the ids under which they stand in Exact."""
    rows = [line_in_exact(row) for row in line_rows]
    pairs = pair_up(lines, rows)
    return tuple(
        replace(line, id=rows[pairs[place]].id) if place in pairs else line for place, line in enumerate(lines)
    )


class _Lines:
    """The lines of an entry: those that were booked, those in Exact, and those of the plan."""

    def __init__(self, booked: Sequence[BookedLine], rows: Sequence[Row], plan: EntryPlan) -> None:
        self._booked = booked
        self._found = [line_in_exact(row) for row in rows]
        self._plan = plan.lines
        self._there = pair_up(booked, self._found)
        """Of a booked line: its place in Exact."""
        self._added = sorted(set(range(len(rows))) - set(self._there.values()))
        self._codes = {line.gl_account.id.casefold(): line.gl_account.code for line in plan.lines}
        self._codes |= {str(row["GLAccount"]).casefold(): str(row.get("GLAccountCode") or "").strip() for row in rows}
        self.conflicts = False

    def edited(self) -> list[FieldDifference]:
        """Return where Exact's lines differ from those that were booked, whose side is told as what is expected."""
        differences: list[FieldDifference] = []
        for place, line in enumerate(self._booked):
            if place not in self._there:
                differences.append(FieldDifference(f"line {place + 1}", str(line.net), "nothing"))
                continue
            there = self._there[place]
            differences += self._parts(there + 1, line, self._found[there])
            if line.description_hash != self._found[there].description_hash:
                differences.append(FieldDifference(f"text of line {there + 1}", "another text", "this text"))
        differences += [
            FieldDifference(f"line {place + 1}", "nothing", str(self._found[place].net)) for place in self._added
        ]
        return differences

    def steps(self) -> list[LineStep]:
        """Return what the plan asks to be otherwise; `conflicts` tells whether that touches what was edited."""
        wanted = [line_of(line) for line in self._plan]
        unnamed = [replace(line, id=None) for line in self._booked]
        origin = pair_up(wanted, unnamed)
        gone = sorted(set(range(len(unnamed))) - set(origin.values()))
        steps: list[LineStep] = []
        for place, line in enumerate(wanted):
            if place in origin:
                steps += self._changed(origin[place], line, self._plan[place])
            else:
                steps.append(LineStep(None, self._plan[place]))
                self.conflicts = self.conflicts or bool(self._added)
        for place in gone:
            if place in self._there:
                there = self._found[self._there[place]]
                steps.append(LineStep(there, None))
                self.conflicts = self.conflicts or as_it_reads(there) != as_it_reads(self._booked[place])
        return steps

    def _changed(self, origin: int, wanted: BookedLine, plan: PlanLine) -> list[LineStep]:
        """Return the step of a booked line that is wanted otherwise, none when it is not, or stands so already."""
        booked = self._booked[origin]
        if as_it_reads(wanted) == as_it_reads(booked):
            return []
        there = self._found[self._there[origin]] if origin in self._there else None
        if there is not None and as_it_reads(there) == as_it_reads(wanted):
            return []
        if there is None or as_it_reads(there) != as_it_reads(booked):
            if in_the_books(wanted) == in_the_books(booked):
                return []  # only the text is wanted otherwise, and the line is a person's by now
            self.conflicts = True
        return [LineStep(there, plan)]

    def asked(self, steps: Sequence[LineStep]) -> list[FieldDifference]:
        """Return what of the steps shows in the books."""
        numbers = {line.id: place + 1 for place, line in enumerate(self._found)}
        differences: list[FieldDifference] = []
        for step in steps:
            wanted = None if step.after is None else line_of(step.after)
            if step.before is None:
                differences.append(FieldDifference("new line", str(wanted and wanted.net), "nothing"))
            elif wanted is None:
                differences.append(FieldDifference(f"line {numbers[step.before.id]}", "nothing", str(step.before.net)))
            else:
                differences += self._parts(numbers[step.before.id], wanted, step.before)
        return differences

    def _parts(self, number: int, expected: BookedLine, found: BookedLine) -> list[FieldDifference]:
        return [
            FieldDifference(f"{name} of line {number}", self._told(one), self._told(other))
            for name, part in _PARTS
            if (one := getattr(expected, part) or None) != (other := getattr(found, part) or None)
        ]

    def _told(self, value: object) -> str:
        return "nothing" if value is None else self._codes.get(str(value)) or str(value)
