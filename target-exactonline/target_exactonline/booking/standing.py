"""An entry as a value that can be kept and held against another: what a plan asks for, and what Exact's rows say."""

from __future__ import annotations

import hashlib
from collections import defaultdict, deque
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from connector_store import BookedEntry, BookedLine
from exactonline_api.dates import to_date
from target_exactonline.booking.fingerprint import lines_digest
from target_exactonline.money import cents
from target_exactonline.text import one_line

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from target_exactonline.booking.plan import EntryPlan, PlanLine

    Row = Mapping[str, Any]

Header = dict[str, str | None]

RATE = "Rate"
RATE_DIGITS = 6
"""Decimals of an exchange rate that Exact surely keeps."""
DERIVED = ("DueDate", "PaymentCondition", "PaymentReference")
"""What Exact derives anew, if it is not told, from another customer or payment condition (exact-online 6.28)."""
DAYS = frozenset({"EntryDate", "DueDate"})
OPEN_STATUS = 20
"""Status of an entry that is not processed, and of a term that is neither matched nor in a collection run
(exact-online 7.2)."""


def any_touched(terms: Iterable[Row]) -> bool:
    """Return whether a term of an entry, of cashflow/Receivables, is matched, paid or being collected, also in part."""
    return any(term.get("Status") != OPEN_STATUS or term.get("IsFullyPaid") for term in terms)


def header_of(plan: EntryPlan, customer: str | None) -> Header:
    """Return the header that a plan asks for; what is None is left to Exact."""
    return {
        "Customer": customer.casefold() if customer else None,
        "YourRef": plan.your_ref,
        "EntryDate": plan.entry_date.isoformat(),
        "DueDate": plan.due_date.isoformat() if plan.due_date else None,
        "Currency": plan.currency,
        "PaymentCondition": plan.payment_condition,
        "PaymentReference": plan.payment_reference,
        "Description": plan.description or None,
        RATE: _rate(plan.rate),
    }


def header_in_exact(row: Row, fields: Iterable[str]) -> Header:
    """Return the same fields of a row of salesentry/SalesEntries."""
    found: Header = {}
    for field in fields:
        value = row.get(field)
        if field == RATE:
            found[field] = _rate(value)
            continue
        text = to_date(value).isoformat() if value and field in DAYS else str(value or "").strip()
        found[field] = (text.casefold() if field == "Customer" else text) or None
    return found


def line_of(line: PlanLine) -> BookedLine:
    """Return a line as a plan asks for it."""
    return BookedLine(
        gl_account=line.gl_account.id.casefold(),
        net=line.amount,
        vat=line.vat_amount,
        vat_code=line.vat_code or None,
        cost_center=line.cost_center,
        cost_unit=line.cost_unit,
        description_hash=_hash(line.description),
    )


def line_in_exact(row: Row) -> BookedLine:
    """Return a row of salesentry/SalesEntryLines; its net leaves the VAT out, whatever the type of its VAT code."""
    return BookedLine(
        gl_account=str(row["GLAccount"]).casefold(),
        net=cents(row.get("AmountFC")),
        vat=cents(row.get("VATAmountFC")),
        vat_code=_text(row, "VATCode"),
        cost_center=_text(row, "CostCenter"),
        cost_unit=_text(row, "CostUnit"),
        description_hash=_hash(_text(row, "Description")),
        id=str(row["ID"]),
    )


def entry_of(document: Mapping[str, Any], plan: EntryPlan, customer: str | None, *, ours: bool = True) -> BookedEntry:
    """Return what is remembered of an entry when it is sent, or adopted."""
    return BookedEntry(
        header=dict(header_of(plan, customer)),
        lines=tuple(line_of(line) for line in plan.lines),
        dated=date.fromisoformat(document["date"]),
        lines_digest=lines_digest(document),
        ours=ours,
    )


def entry_in_exact(document: Mapping[str, Any], plan: EntryPlan, row: Row, line_rows: Iterable[Row]) -> BookedEntry:
    """Return an entry of ours as Exact holds it: its lines come from none of the document, which asks for its own."""
    return BookedEntry(
        header=dict(header_in_exact(row, header_of(plan, None))),
        lines=tuple(line_in_exact(each) for each in line_rows),
        dated=date.fromisoformat(document["date"]),
    )


def in_the_books(line: BookedLine) -> Hashable:
    """Return what a line says in the books, whatever its text: lines with the same book alike."""
    codes = (line.vat_code or None, line.cost_center or None, line.cost_unit or None)
    return (line.gl_account.casefold(), line.net, line.vat, *codes)


def as_it_reads(line: BookedLine) -> Hashable:
    """Return what a line says, text included."""
    return (in_the_books(line), line.description_hash)


def pair_up(some: Sequence[BookedLine], others: Sequence[BookedLine]) -> dict[int, int]:
    """Pair the lines of two versions of an entry: place in `some` -> place in `others`.

    The same id comes first, then lines that read alike, then those that book alike, then what is left, in order. Lines
    that both have an id, but not the same, are two lines, whatever they say.
    """
    ids = {line.id: place for place, line in enumerate(others) if line.id is not None}
    pairs = {place: ids[line.id] for place, line in enumerate(some) if line.id in ids}
    taken = set(pairs.values())
    for key in (as_it_reads, in_the_books, _any):
        left: dict[Hashable, deque[int]] = defaultdict(deque)
        for place, line in enumerate(others):
            if place not in taken:
                left[key(line)].append(place)
        for place, line in enumerate(some):
            found = left.get(key(line))
            if place not in pairs and found and (line.id is None or others[found[0]].id is None):
                pairs[place] = found.popleft()
                taken.add(pairs[place])
    return pairs


def _any(line: BookedLine) -> Hashable:  # noqa: ARG001 - a key as the others: that of any line
    return None


def reads_alike(field: str, one: str | None, other: str | None) -> bool:
    """Tell whether a field of a header says the same twice: of an exchange rate, in the digits that Exact surely keeps.

    Those that it may not keep are sent all the same: they are cents on a large amount.
    """
    if field != RATE or not one or not other:
        return one == other
    return round(Decimal(one), RATE_DIGITS) == round(Decimal(other), RATE_DIGITS)


def _rate(rate: object) -> str | None:
    """Return an exchange rate in one spelling."""
    return f"{Decimal(str(rate)).normalize():f}" if rate else None


def _hash(text: str | None) -> str | None:
    plain = one_line(text)
    return hashlib.sha256(plain.encode()).hexdigest() if plain else None


def _text(row: Row, field: str) -> str | None:
    return str(row.get(field) or "").strip() or None
