"""Amends a booked entry: it ends as the new one or as the old one, read back, whatever Exact refuses on the way.

Only lines that differ are sent: changed ones first, then new ones, then those that go (deleting the last line deletes
the entry, exact-online 6.26), and the header last. What it takes to tell how far it came, and to take it back, is noted
in the link before the first write. When a step is refused, what was done is undone at once. What cannot be undone, or
may still be under way in Exact, stays noted: `open_changes` of the next run takes it back.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any

from exactonline_api.errors import NotFound, OutcomeUnknown, RecordRefused
from singer_shell.unknown_outcomes import look_again
from target_exactonline.booking.standing import (
    RATE,
    header_in_exact,
    in_the_books,
    line_in_exact,
    line_of,
    reads_alike,
)
from target_exactonline.writing.search import ENTRIES, LINES, entries_by_id, entry_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from connector_store import BookedLine, EntryChange, Link
    from target_exactonline.administration import Administration
    from target_exactonline.booking.standing import Header
    from target_exactonline.booking.three_way import LineStep

Row = dict[str, Any]

ROUNDS = 3
"""How often a change is taken up again after an answer that did not come, or a header that moved other fields."""
NOTED_EVERY = timedelta(minutes=1)
"""How often a change that goes on notes the time: well within the rest of a write without an answer."""
_WRITABLE = ("GLAccount", "AmountFC", "VATCode", "VATAmountFC", "Description", "Quantity", "CostCenter", "CostUnit")


class Ended(Enum):
    """How an attempt ended."""

    NEW = "new"
    OLD = "old"
    OPEN = "open"
    """Neither: the next run takes it back."""
    UNKNOWN = "unknown"
    """A write got no answer, and Exact may still be at it."""


@dataclass(frozen=True)
class Standing:
    """An entry as it was just read."""

    row: Row
    lines: list[Row]


@dataclass
class Steps:
    """What is left to do: lines to change and to add, ids of lines that go, fields of the header."""

    puts: dict[str, Row] = field(default_factory=dict)
    posts: list[Row] = field(default_factory=list)
    deletes: list[str] = field(default_factory=list)
    header: dict[str, Any] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Return how many writes that are."""
        return len(self.puts) + len(self.posts) + len(self.deletes) + bool(self.header)


@dataclass(frozen=True)
class Goal:
    """How the changed lines and fields are to stand."""

    lines: tuple[tuple[BookedLine, Row], ...]
    """Each with what is sent for it."""
    header: Header


def read_entry(administration: Administration, entry_id: str) -> Standing | None:
    """Read an entry, None when it is gone: two calls."""
    row = entries_by_id(administration.client, [entry_id]).get(entry_id)
    return None if row is None else Standing(row, entry_lines(administration.client, [entry_id]).get(entry_id, []))


def after_of(steps: Sequence[LineStep]) -> tuple[BookedLine, ...]:
    """Return the lines as the steps leave them, with the ids that they have."""
    wanted = [(step, step.after) for step in steps if step.after is not None]
    return tuple(replace(line_of(after), id=step.before.id if step.before else None) for step, after in wanted)


def forward(change: EntryChange, steps: Sequence[LineStep]) -> Goal:
    """Return the goal of a change."""
    bodies = [step.after.whole_body() for step in steps if step.after is not None]
    return Goal(tuple(zip(change.after, bodies, strict=True)), change.header_after)


def backward(change: EntryChange, rows: Sequence[Row] = ()) -> Goal:
    """Return the goal of taking a change back.

    Args:
        change: the change.
        rows: the lines as they were read before it, to restore their texts; without them a new text stays.
    """
    known = {str(row["ID"]): {name: row.get(name) for name in _WRITABLE} for row in rows}
    lines = tuple((line, known.get(str(line.id)) or _body_of(line)) for line in change.before)
    return Goal(lines, change.header_before)


class Amendment:
    """One change of one entry."""

    def __init__(self, administration: Administration, link: Link, change: EntryChange) -> None:
        self._administration = administration
        self._client = administration.client
        self._link = link
        self._entry_id = str(link.exact_id)
        self._noted: datetime | None = None
        self._change = change
        self._done = 0
        self._posting = False
        self._in_doubt = False
        self.refusal: RecordRefused | None = None
        """Why Exact did not take it."""
        self.standing: Standing | None = None
        """The entry as it was last read; None when it is gone."""

    def carry_out(self, goal: Goal, before: Standing) -> Ended:
        """Bring an entry that was just read to the goal, or back to how it stood."""
        self.standing = before
        ended = self._reach(goal)
        if ended is not Ended.OLD or (self.refusal is not None and not self._done):
            return ended
        return Ended.OPEN if self._in_doubt else self.take_back(backward(self._change, before.lines))

    def take_back(self, goal: Goal) -> Ended:
        """Bring the entry back to how it stood: OLD when it does."""
        refusal, self.standing = self.refusal, read_entry(self._administration, self._entry_id)
        ended = self._reach(goal)
        self.refusal = refusal or self.refusal
        return {Ended.NEW: Ended.OLD, Ended.OLD: Ended.OPEN}.get(ended, ended)

    def left(self, goal: Goal, *, with_texts: bool = False) -> Steps:
        """Return what is left to do. A line that neither stood before nor comes from the change is let be."""
        steps = Steps()
        if self.standing is None:
            return steps
        present = {str(row["ID"]): line_in_exact(row) for row in self.standing.lines}
        added = [line for line in present.values() if line.id not in self._change.old]
        for line, body in goal.lines:
            there = present.get(str(line.id))
            if there is None:
                twin = next((each for each in added if in_the_books(each) == in_the_books(line)), None)
                if twin is None:
                    steps.posts.append(body)
                else:
                    added.remove(twin)
            elif in_the_books(there) != in_the_books(line) or (
                with_texts and "Description" in body and there.description_hash != line.description_hash
            ):
                steps.puts[str(line.id)] = body
        going = {line.id for line in self._change.before} - {line.id for line, _ in goal.lines}
        ours = {in_the_books(line) for line in (*self._change.before, *self._change.after)}
        steps.deletes = [line_id for line_id in present if line_id in going]
        steps.deletes += [str(line.id) for line in added if in_the_books(line) in ours]
        found = header_in_exact(self.standing.row, goal.header)
        if not all(reads_alike(field, found[field], value) for field, value in goal.header.items()):
            steps.header = dict(goal.header)
        return steps

    def _reach(self, goal: Goal) -> Ended:
        """Bring the entry to a goal: NEW when it stands there, OLD when Exact does not take it."""
        with_texts = True
        for _ in range(ROUNDS):
            steps = self.left(goal, with_texts=with_texts)
            if self.standing is None:
                return Ended.OPEN
            if not steps.count:
                return Ended.NEW
            done = self._done
            try:
                self._send(steps)
            except RecordRefused as error:
                self.refusal = error
                return Ended.OLD
            except OutcomeUnknown:
                self._in_doubt = True
                if not self._shows(goal, steps.count - (self._done - done)) and self._posting:
                    return Ended.UNKNOWN
                continue
            with_texts = False
            self._read_again(lines=steps.count > bool(steps.header))
        if self.standing is not None and not self.left(goal).count:
            return Ended.NEW
        return Ended.UNKNOWN if self._in_doubt else Ended.OLD

    def _send(self, steps: Steps) -> None:
        for line_id, body in steps.puts.items():
            self._note_time()
            self._client.put(LINES, line_id, body)
            self._done += 1
        for body in steps.posts:
            self._note_time()
            self._posting = True
            self._client.post(LINES, {**_told(body), "EntryID": self._entry_id})
            self._posting = False
            self._done += 1
        for line_id in steps.deletes:
            self._note_time()
            with suppress(NotFound):
                self._client.delete(LINES, line_id)
            self._done += 1
        if steps.header:
            rate = {RATE: Decimal(steps.header[RATE])} if steps.header.get(RATE) else {}
            self._client.put(ENTRIES, self._entry_id, {**steps.header, **rate})
            self._done += 1

    def _note_time(self) -> None:
        """Note now and then when the change was last at work: a long one rests from its last write, not its first."""
        now = self._client.service_now()
        if self._noted is None or now - self._noted >= NOTED_EVERY:
            self._administration.store.links.progress(self._link.kind, self._link.source_id, sent_at=now)
            self._noted = now

    def _shows(self, goal: Goal, left: int) -> bool:
        """Look a few times whether the write without an answer, one of those that were left, was carried out."""

        def search() -> bool | None:
            self.standing = read_entry(self._administration, self._entry_id)
            return self.left(goal, with_texts=True).count < left or None

        return bool(look_again(search, self._administration.interruption))

    def _read_again(self, *, lines: bool) -> None:
        if lines or self.standing is None:
            self.standing = read_entry(self._administration, self._entry_id)
            return
        row = entries_by_id(self._client, [self._entry_id]).get(self._entry_id)
        self.standing = None if row is None else Standing(row, self.standing.lines)


def _told(body: Row) -> Row:
    return {name: value for name, value in body.items() if value is not None}


def _body_of(line: BookedLine) -> Row:
    """Return a line as Exact takes it, without the text, which is not remembered."""
    body = {
        "GLAccount": line.gl_account,
        "AmountFC": line.net,
        "VATCode": line.vat_code,
        "CostCenter": line.cost_center,
        "CostUnit": line.cost_unit,
    }
    return {**body, "VATAmountFC": line.vat} if line.vat else body
