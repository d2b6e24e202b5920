"""Hold Teamleader's documents against Exact's entries: pure, from values to what is equal and what is not.

Every booked document of the range has one standing. What Exact holds of ours, with what waits, was left out or lies
before the start, is what Teamleader holds: per month, kind, currency and VAT rate, to the cent. A document counts in
the month of its own date, also when its entry was booked in the first open period after it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from bridge.view import differences as differ
from bridge.view.differences import Difference, month_of
from bridge.view.sides import ZERO, Amounts, Document, Entry, Facts, Key, Known, Rates, Standing, bare

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date
    from decimal import Decimal

    from bridge.view.differences import Value

EXPLAINED = frozenset({"conflict", "similar_entry"})
"""Codes of documents that a run holds back because of the entry that has their number."""


class Place(NamedTuple):
    """What sums are made of."""

    month: str
    kind: str
    currency: str
    rate: Decimal


@dataclass
class Sum:
    """Documents, or entries, and their amounts at one rate; a document of two rates counts at both."""

    count: int = 0
    net: Decimal = ZERO
    vat: Decimal = ZERO

    @property
    def gross(self) -> Decimal:
        """Return the amount with VAT."""
        return self.net + self.vat


@dataclass(frozen=True)
class Held:
    """A document that does not stand in Exact, and why."""

    key: Key
    number: str | None
    standing: Standing
    gross: Decimal | None = None
    code: str | None = None
    reason: str | None = None
    who: str | None = None


class Moved(NamedTuple):
    """A document whose entry stands in another month."""

    kind: str
    number: str
    dated: date
    entry_date: date


SIDES = ("teamleader", "exact", "waiting", "excluded", "before_start")
_COLUMN = {
    Standing.WAITING: "waiting",
    Standing.REJECTED: "waiting",
    Standing.EXCLUDED: "excluded",
    Standing.BEFORE_START: "before_start",
}

Sums = dict[str, Sum]


@dataclass
class Reconciliation:
    """What came out."""

    sums: dict[Place, Sums] = field(default_factory=lambda: defaultdict(lambda: {side: Sum() for side in SIDES}))
    standings: Counter[Standing] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    unregistered: list[Difference] = field(default_factory=list)
    """Invoices that are settled in Exact and stay open in Teamleader, because the settings say so."""
    by_hand: int = 0
    """Sales entries of the range that are none of ours."""

    @property
    def is_equal(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def reconcile(
    documents: Sequence[Document], entries: Iterable[Entry], facts: Facts, elsewhere: Collection[Key] = ()
) -> Reconciliation:
    """Hold two sides against each other.

    Args:
        documents: The booked ones of the range, with the later credit notes of its invoices.
        entries: All sales entries of the range, and those of `documents` that stand elsewhere.
        facts: What the store knows.
        elsewhere: Documents that have an entry in the range and are dated outside it.
    """
    return _Work({each.key: each for each in documents}, {each.id: each for each in entries}, facts, elsewhere).done()


class _Work:
    """One reconciliation under way."""

    def __init__(
        self,
        documents: dict[Key, Document],
        entries: dict[str, Entry],
        facts: Facts,
        elsewhere: Collection[Key],
    ) -> None:
        self._documents = documents
        self._entries = entries
        self._facts = facts
        self._elsewhere = set(elsewhere)
        self._found = Reconciliation()
        self._booked: dict[Key, Entry] = {}
        self._standing: dict[Key, Standing] = {}
        self._unequal: set[tuple[str, str, str]] = set()

    def done(self) -> Reconciliation:
        for document in self._documents.values():
            self._stand(document)
        for document in self._documents.values():
            self._hold_against(document)
        self._entries_without_documents()
        self._deleted_while_waiting()
        self._months()
        self._found.differences.sort(key=lambda each: _place(each.number, each.kind))
        self._found.unregistered.sort(key=lambda each: _place(each.number, each.kind))
        self._found.held.sort(key=lambda each: _place(each.number, each.key.kind))
        return self._found

    # Documents

    def _stand(self, document: Document) -> None:
        known = self._facts.documents.get(document.key) or Known(document.key)
        entry = self._entries.get(known.exact_id or "") if known.is_booked else None
        if entry is not None:
            self._booked[document.key] = entry
        standing = _standing(document, known, entry, self._facts.start)
        self._standing[document.key] = standing
        if not document.in_range:
            return
        self._found.standings[standing] += 1
        self._add("teamleader", document.date, document, document.rates)
        if standing in _COLUMN:
            self._add(_COLUMN[standing], document.date, document, document.rates)
            reason, who = known.reason, known.decided_by
            held = Held(document.key, document.number, standing, document.gross, known.code, reason, who)
            self._found.held.append(held)

    def _hold_against(self, document: Document) -> None:
        if not document.in_range:
            return
        known = self._facts.documents.get(document.key) or Known(document.key)
        entry, standing = self._booked.get(document.key), self._standing[document.key]
        if standing is Standing.UNKNOWN:
            self._say(differ.of_document("not_known", document), document)
        elif standing is Standing.BOOKED and entry is None:
            self._say(differ.without_entry(known, document), document)
        elif standing is Standing.BOOKED and entry is not None:
            self._add("exact", document.date, document, entry.rates, entry.currency)
            for each in differ.compare(document, entry, known, self._facts):
                self._say(each, document)
            if month_of(entry.date) != month_of(document.date):
                self._found.moved.append(Moved(document.key.kind, document.number, document.date, entry.date))
            if unequal := self._open(document, entry):
                if self._facts.registers or not differ.more_is_due(unequal):
                    self._say(unequal, document)
                else:
                    self._found.unregistered.append(unequal)

    def _open(self, document: Document, entry: Entry) -> Difference | None:
        notes = self._notes.get(document.key.id, ()) if document.key.kind == "invoice" else ()
        told = [(note, self._booked.get(note.key), self._standing[note.key]) for note in notes]
        return differ.open_differs(document, entry, told, self._facts)

    @cached_property
    def _notes(self) -> dict[str, list[Document]]:
        """The credit notes by the invoice that they take back."""
        found: dict[str, list[Document]] = defaultdict(list)
        for each in self._documents.values():
            if each.credits is not None:
                found[each.credits].append(each)
        return found

    # Entries

    def _entries_without_documents(self) -> None:
        linked: dict[str, list[Known]] = defaultdict(list)
        for known in self._facts.documents.values():
            if known.is_booked and known.exact_id is not None:
                linked[known.exact_id].append(known)
        kinds = _kinds_of_journals(self._entries.values(), linked)
        numbers = {(each.key.kind, bare(each.number)): each for each in self._documents.values()}
        for entry in self._entries.values():
            holders = linked.get(entry.id, [])
            if holders:
                self._linked_entry(entry, holders)
            else:
                kind = kinds.get(entry.journal) or ("credit_note" if entry.is_credit else "invoice")
                self._loose_entry(entry, kind, numbers.get((kind, bare(entry.number))))

    def _linked_entry(self, entry: Entry, holders: list[Known]) -> None:
        here = sorted((each.key for each in holders if each.key in self._documents), key=lambda key: key.id)
        for key in here[1:]:
            document = self._documents[key]
            self._say(differ.of_entry("shared_entry", key.kind, entry, key), document)
        gone = [each for each in holders if each.key not in self._documents and each.key not in self._elsewhere]
        if gone and not here:
            known = gone[0]
            self._found.standings[Standing.DELETED] += 1
            if known.is_dealt_with:
                self._found.held.append(Held(known.key, known.number, Standing.DELETED, entry.gross, known.code))
                return
            self._stray("document_missing", known.key.kind, entry, known.key, known.code)

    def _loose_entry(self, entry: Entry, kind: str, document: Document | None) -> None:
        """Judge an entry that no document has, beside the document whose number it bears."""
        if entry.id in self._facts.reversals:
            return
        standing = None if document is None else self._standing[document.key]
        key = document.key if document is not None else None
        if standing is Standing.BOOKED:
            self._stray("double", kind, entry, key)
            return
        if entry.id in self._facts.ours:
            self._stray("document_missing", kind, entry, key)
            return
        self._found.by_hand += 1
        if document is None or standing in {Standing.EXCLUDED, Standing.BEFORE_START}:
            return
        known = self._facts.documents.get(document.key)
        code = known.code if known is not None else None
        if code not in EXPLAINED:
            self._say(differ.of_entry("unlinked", kind, entry, document.key, code), document)

    def _stray(self, what: str, kind: str, entry: Entry, key: Key | None, code: str | None = None) -> None:
        """Say that an entry is too many; it counts in its own month."""
        self._found.differences.append(differ.of_entry(what, kind, entry, key, code))
        self._unequal.add((month_of(entry.date), kind, entry.currency))
        for rate, amounts in (entry.rates or _NOTHING).items():
            self._sum("exact", Place(month_of(entry.date), kind, entry.currency, rate), amounts)

    def _deleted_while_waiting(self) -> None:
        for known in self._facts.documents.values():
            if known.deleted and not known.is_booked and known.key not in self._documents:
                self._found.standings[Standing.DELETED] += 1
                held = Held(known.key, known.number, Standing.DELETED, None, known.code, known.reason)
                self._found.held.append(held)

    # Sums

    def _add(self, side: str, day: date, document: Document, rates: Rates, currency: str | None = None) -> None:
        place = (month_of(day), document.key.kind, currency or document.currency)
        for rate, amounts in (rates or _NOTHING).items():
            self._sum(side, Place(*place, rate), amounts)

    def _sum(self, side: str, place: Place, amounts: Amounts) -> None:
        total = self._found.sums[place][side]
        total.count += 1
        total.net += amounts.net
        total.vat += amounts.vat

    def _say(self, difference: Difference, document: Document) -> None:
        self._found.differences.append(difference)
        self._unequal.add((month_of(document.date), document.key.kind, document.currency))

    def _months(self) -> None:
        """Sums are made of what was compared, so that none differs alone; should one, it is named."""
        for place, sums in sorted(self._found.sums.items()):
            if place[:3] not in self._unequal and not _adds_up(sums):
                values: tuple[Value, Value] = (sums["teamleader"].gross, sums["exact"].gross)
                label = f"{place.month} {place.currency} {differ.percent(place.rate)}"
                self._found.differences.append(Difference("month", place.kind, label, *values))


_NOTHING: Rates = {ZERO: Amounts()}


def _standing(document: Document, known: Known, entry: Entry | None, start: date | None) -> Standing:
    if known.is_booked and (entry is not None or not known.entry_gone):
        return Standing.BOOKED
    if known.status == "excluded":
        return Standing.EXCLUDED
    if known.status == "rejected" or known.entry_gone:
        return Standing.REJECTED
    if known.status is not None or known.under_way:
        return Standing.WAITING
    return Standing.BEFORE_START if start is not None and document.date < start else Standing.UNKNOWN


def _kinds_of_journals(entries: Iterable[Entry], linked: dict[str, list[Known]]) -> dict[str, str]:
    """Tell which journals hold documents of one kind only, from the entries that are linked."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        kinds[entry.journal].update(known.key.kind for known in linked.get(entry.id, ()))
    return {journal: next(iter(found)) for journal, found in kinds.items() if len(found) == 1}


def _adds_up(sums: Sums) -> bool:
    others = [sums[side] for side in SIDES[1:]]
    whole = sums["teamleader"]
    return (whole.count, whole.net, whole.vat) == (
        sum(each.count for each in others),
        sum((each.net for each in others), ZERO),
        sum((each.vat for each in others), ZERO),
    )


def _place(number: str | None, kind: str) -> tuple[str, list[int], str]:
    return kind, [int(part) for part in re.findall(r"\d+", number or "")], number or ""
