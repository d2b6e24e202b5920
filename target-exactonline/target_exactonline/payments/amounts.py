"""Payments that were registered in Teamleader first: which of them are booked, how much of each, and as what.

The gap decides: what Exact has open of the invoice beyond what Teamleader still expects. Neither more than that is
booked nor more than what was paid, so that a payment which Exact knows already, from a bank file or by hand, is left
alone (accounting rule 28).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from target_exactonline.booking.fingerprint import digest
from target_exactonline.money import ZERO, quantise, total_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from exactonline_api.master_data import GLAccount

Row = dict[str, Any]

MATCHED = 50
COLLECTING = frozenset({30, 40})
"""Receivables.Status of a term in a collection run (exact-online 7.2)."""
_MARK = 12


class Paid(NamedTuple):
    """A payment as Teamleader shows it; payments have no id there."""

    amount: Decimal
    day: str


@dataclass(frozen=True)
class ByHand:
    """The payments of an invoice that a person or a payment service registered in Teamleader, not booked yet."""

    payments: tuple[Paid, ...]
    """By day."""
    limit: Decimal
    """All that was paid on the invoice, less what came from Exact or was booked there: never book more."""

    @property
    def digest(self) -> str:
        """Return a value that changes when there is something new to look at."""
        return digest({"payments": [[each.amount, each.day] for each in self.payments], "limit": self.limit})


def by_hand(paid: Iterable[Paid], from_exact: Iterable[Paid], booked: Iterable[Paid], since: str = "") -> ByHand:
    """Leave out the payments that came from Exact, those that were booked there, and those of long ago.

    Args:
        paid: All payments that stand on the invoice in Teamleader.
        from_exact: What the payments job registered there, or is registering.
        booked: What was booked in Exact, or is being booked.
        since: First day of the payments that are booked; one without a day is never left out in silence.
    """
    paid = list(paid)
    known = [*from_exact, *booked]
    left = Counter(paid)
    strangers = Counter(known) - left
    left -= Counter(known)
    for stranger in strangers.elements():  # Teamleader may show another day than we gave
        same = next((each for each in sorted(left) if each.amount == stranger.amount), None)
        left -= Counter([same] if same is not None else [])
    before = [each for each in left.elements() if each.day and each.day < since]
    left -= Counter(before)
    limit = total_of(each.amount for each in paid) - total_of(each.amount for each in [*known, *before])
    payments = sorted((each for each in left.elements() if each.amount > 0), key=lambda each: (each.day, each.amount))
    return ByHand(tuple(payments) if limit > 0 else (), max(limit, ZERO))


@dataclass(frozen=True)
class Receivable:
    """What a customer owes by one sales entry, over all its terms; positive, in the entry's currency."""

    entry_id: str
    due: Decimal
    due_dc: Decimal
    """In the administration's currency."""
    currency: str
    customer: str
    """GUID of the account."""
    customer_code: str
    gl_account: str
    """GUID of the ledger account of receivables."""
    gl_account_code: str
    name: tuple[str, ...]
    """Year, period, journal and number: what an entry is called in a match (see `match_sets`)."""
    is_collecting: bool
    is_matched: bool
    """Nothing of it is open."""

    @classmethod
    def from_rows(cls, rows: Sequence[Row]) -> Receivable:
        """Read the rows of cashflow/Receivables of one entry, at least one; negative there (exact-online 7.4)."""
        first, unsettled = rows[0], [row for row in rows if row["Status"] < MATCHED]
        names = ("TransactionReportingYear", "TransactionReportingPeriod", "Journal", "EntryNumber")
        return cls(
            entry_id=str(first["TransactionEntryID"]),
            due=-quantise(sum((Decimal(row["AmountFC"]) for row in unsettled), ZERO)),
            due_dc=-quantise(sum((Decimal(row["AmountDC"]) for row in unsettled), ZERO)),
            currency=str(first["Currency"]),
            customer=str(first["Account"]),
            customer_code=str(first["AccountCode"]).strip(),
            gl_account=str(first["GLAccount"]),
            gl_account_code=str(first["GLAccountCode"]).strip(),
            name=tuple(str(first[name]).strip() for name in names),
            is_collecting=any(row["Status"] in COLLECTING for row in unsettled),
            is_matched=not unsettled,
        )

    @property
    def rate(self) -> Decimal:
        """Return the rate at which it stands in the books, so that its settlement leaves no exchange difference."""
        return (self.due_dc / self.due).quantize(Decimal("1e-12")) if self.due else Decimal(1)


@dataclass(frozen=True)
class PlannedPayment:
    """How much of a payment is booked."""

    paid: Paid
    amount: Decimal
    mark: str
    """Our own reference, the same for the same payment whatever is remembered of it."""


def planned_payments(
    invoice_id: str, found: ByHand, gap: Decimal, booked: Iterable[Paid] = (), spoken_for: Decimal = ZERO
) -> list[PlannedPayment]:
    """Return what is booked of each payment, in order of day; empty when there is nothing to book.

    Args:
        invoice_id: Id of the invoice at the source.
        found: Its payments that are not booked yet.
        gap: What is open in Exact less what is due in Teamleader.
        booked: The payments that were booked, for the marks of further ones of the same day and amount.
        spoken_for: The part of the gap that bookings which are not matched yet will close.
    """
    seen = Counter(booked)
    left = min(gap - spoken_for, found.limit)
    planned = []
    for paid in found.payments:
        seen[paid] += 1
        amount = min(paid.amount, left)
        if amount <= 0:
            break
        left -= amount
        planned.append(PlannedPayment(paid, amount, mark(invoice_id, paid, seen[paid])))
    return planned


def mark(invoice_id: str, paid: Paid, ordinal: int) -> str:
    """Return the reference of the nth payment of that day and amount on an invoice."""
    text = f"{invoice_id}|{paid.day}|{quantise(paid.amount)}|{ordinal}"
    return hashlib.sha256(text.encode()).hexdigest()[:_MARK]


def description(number: str, own: str) -> str:
    """Return the text of the entry's lines; it is what the entry is found by, so it is never cut."""
    return f"Betaling {number} · {own}"


@dataclass(frozen=True)
class PaymentEntryPlan:
    """An entry of a general journal: the clearing account is debited, what the customer owes is credited."""

    journal: str
    clearing: GLAccount
    receivable: Receivable
    planned: PlannedPayment
    entry_date: date
    rate: Decimal | None
    """Units of the administration's currency per 1 of the invoice's; None for its own currency."""
    text: str

    def body(self) -> Row:
        """Return the body to POST to generaljournalentry/GeneralJournalEntries."""
        amount, receivable = self.planned.amount, self.receivable
        moved = self.entry_date.isoformat() != self.planned.paid.day
        common = {
            "Date": self.entry_date.isoformat(),
            "Description": self.text,
            "Notes": f"Betaald op {self.planned.paid.day}" if moved else None,
        }
        lines = [
            {"GLAccount": receivable.gl_account, "Account": receivable.customer, "AmountFC": -amount, **common},
            {"GLAccount": self.clearing.id, "AmountFC": amount, **common},
        ]
        body: Row = {
            "JournalCode": self.journal,
            "Currency": receivable.currency,
            "ExchangeRate": self.rate,
            "GeneralJournalEntryLines": [_without_blanks(line) for line in lines],
        }
        return _without_blanks(body)


@dataclass(frozen=True)
class PaymentEntry:
    """A booked payment as it stands in Exact, read from its transaction lines."""

    entry_id: str
    entry_number: int
    name: tuple[str, ...]
    amount: Decimal
    """What it takes off the receivable, in its own currency."""
    amount_dc: Decimal
    is_whole: bool
    """The lines are those that were sent: one on the receivable account, the same amount on another."""

    @classmethod
    def from_lines(cls, rows: Sequence[Row], receivable_account: str, sent: Decimal) -> PaymentEntry:
        """Read the rows of TransactionLines of one entry, that was to take `sent` off the receivable."""
        first = rows[0]
        own = [row for row in rows if row["GLAccount"] == receivable_account]
        names = ("FinancialYear", "FinancialPeriod", "JournalCode", "EntryNumber")
        amount = -quantise(sum((Decimal(row["AmountFC"]) for row in own), ZERO))
        others = quantise(sum((Decimal(row["AmountFC"]) for row in rows if row not in own), ZERO))
        return cls(
            entry_id=str(first["EntryID"]),
            entry_number=int(first["EntryNumber"]),
            name=tuple(str(first[name]).strip() for name in names),
            amount=amount,
            amount_dc=-quantise(sum((Decimal(row["AmountDC"]) for row in own), ZERO)),
            is_whole=len(own) == 1 and len(rows) == len(own) + 1 and others == amount == sent,
        )


def _without_blanks(values: Mapping[str, Any]) -> Row:
    return {name: value for name, value in values.items() if value is not None}
