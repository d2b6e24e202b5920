"""All terms of an entry as one record. Pure: no order of the terms, and nothing outside of them, changes it.

Exact splits what a customer owes for an entry into terms: instalments, and at a partial payment the paid part and the
rest (exact-online 7.5). Its amounts are negative for what is owed (exact-online 7.4); here they are positive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tap_exactonline.fields import cents

if TYPE_CHECKING:
    from connector_store import EntryTerms, Term

Record = dict[str, Any]
CounterTypes = Callable[["Term"], list[int]]

MATCHED: Final = 50
"""Lowest status of a term that is settled (exact-online 7.2)."""

OF_ENTRY: Final = (
    "TransactionType",
    "Journal",
    "EntryNumber",
    "InvoiceNumber",
    "YourRef",
    "Account",
    "AccountCode",
    "Currency",
    "RateFC",
    "InvoiceDate",
    "PaymentCondition",
    "PaymentMethod",
)
"""What the terms of one entry have in common; were they to differ, the last changed one counts."""
OF_TERM: Final = ("EntryID", "Status", "AmountFC", "AmountDC", "DueDate", "EndDate", "LastPaymentDate")


def receivable(entry: EntryTerms, division: int, counter_types: CounterTypes) -> Record:
    """Make the record of an entry.

    Args:
        entry: Its terms, whose rows hold `OF_ENTRY` and `OF_TERM`; amounts as Exact signs them.
        division: The administration.
        counter_types: Tells what settled a settled term.
    """
    terms = sorted(entry.terms, key=lambda term: (term.row.get("DueDate") or "", term.id))
    latest = max(terms, key=lambda term: (term.timestamp, term.id), default=None)
    common = (latest.row if latest else entry.last_row) or {}
    open_, settled = _split(terms)
    shown = [_term(term, counter_types) for term in terms]
    return {
        "TransactionEntryID": entry.entry_id,
        "Division": division,
        "Timestamp": entry.timestamp,
        **{name: common.get(name) for name in OF_ENTRY},
        "DueDate": min(_days(open_ or terms, "DueDate"), default=common.get("DueDate")),
        "AmountFC": _sum(terms, "AmountFC"),
        "AmountDC": _sum(terms, "AmountDC"),
        "OpenFC": _sum(open_, "AmountFC"),
        "OpenDC": _sum(open_, "AmountDC"),
        "SettledFC": _sum(settled, "AmountFC"),
        "SettledDC": _sum(settled, "AmountDC"),
        "IsFullyPaid": bool(terms) and not open_,
        "LastPaymentDate": max(_settled_days(settled), default=None),
        "IsDeleted": not terms,
        "Terms": shown,
    }


def owed(term: Term, field: str) -> Decimal:
    """Return an amount of a term with the sign turned: positive when the customer owes."""
    # Adding 0 turns -0.00 into 0.00.
    return Decimal(0) - cents(term.row.get(field) or 0)


def _split(terms: Iterable[Term]) -> tuple[list[Term], list[Term]]:
    open_: list[Term] = []
    settled: list[Term] = []
    for term in terms:
        (settled if term.status >= MATCHED else open_).append(term)
    return open_, settled


def _sum(terms: Iterable[Term], field: str) -> Decimal:
    return sum((owed(term, field) for term in terms), Decimal("0.00"))


def _days(terms: Iterable[Term], field: str) -> list[str]:
    return [term.row[field] for term in terms if term.row.get(field)]


def _settled_days(settled: Iterable[Term]) -> list[str]:
    days = (term.row.get("LastPaymentDate") or term.row.get("EndDate") for term in settled)
    return [day for day in days if day]


def _term(term: Term, counter_types: CounterTypes) -> Record:
    return {
        "ID": term.id,
        **{name: term.row.get(name) for name in OF_TERM},
        "AmountFC": owed(term, "AmountFC"),
        "AmountDC": owed(term, "AmountDC"),
        "Timestamp": term.timestamp,
        "CounterTypes": counter_types(term) if term.status >= MATCHED else [],
    }
