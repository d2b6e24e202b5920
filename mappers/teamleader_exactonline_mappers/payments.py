"""Receivables of Exact Online as payment status of invoices in Teamleader."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from teamleader_exactonline_mappers.json_values import currency, day, integer, number, objects, part, text
from teamleader_exactonline_mappers.problems import Problems

_DOCUMENTS: Final = frozenset({20, 21})
"""Sales entries and sales credit notes: Exact makes an entry that totals below zero one of the latter (7.6)."""
_MATCHED: Final = 50
_HOW: Final = {40: "money", 20: "credit_note", 21: "credit_note", 83: "write_off"}
"""What settles a term, by the transaction type of the other side (exact-online 7.6, 7.13)."""
_RATE_DIFFERENCE: Final = 82
_NOTHING: Final = Decimal(0)
_HALF_A_CENT: Final = Decimal("0.005")


def payment(receivable: dict[str, Any]) -> dict[str, Any] | None:
    """Map a receivable, all terms of one entry together, to a record of `payments`.

    Amounts are in the entry's currency, positive for an ordinary invoice. What cannot be told is absent and named in
    `problems`.

    Returns:
        None for what is no document: payments, balances. A credit note comes through with its amounts below zero, as
        does an invoice below zero: Exact does not tell them apart, who knows the entry does. An entry that is gone is
        mapped whatever its type was, because that may not be known any more.
    """
    deleted = receivable.get("IsDeleted") is True
    kind = integer(part(receivable, "TransactionType"))
    if not deleted and kind is not None and kind not in _DOCUMENTS:
        return None
    problems = Problems()
    entry = integer(part(receivable, "EntryNumber"))

    def found(field: str, value: Any) -> Any:  # noqa: ANN401 - goes through as it came
        if value is None:
            problems.add("receivable_unreadable", entry=entry or receivable["id"], field=field)
        return value

    amount, settled, remaining = (
        found(field, _NOTHING if deleted else number(part(receivable, field)))
        for field in ("AmountFC", "SettledFC", "OpenFC")
    )
    if not problems and abs(amount - settled - remaining) >= _HALF_A_CENT:
        problems.add("receivable_amounts_differ", entry=entry or receivable["id"])
    terms = [] if deleted else objects(part(receivable, "Terms"))
    record = {
        "id": receivable["id"],
        "division": found("Division", integer(part(receivable, "Division"))),
        "invoice_id": None,
        "number": text(part(receivable, "YourRef")),
        "journal": text(part(receivable, "Journal")),
        "entry_number": entry,
        "currency": currency(part(receivable, "Currency")),
        "amount": amount,
        "settled": settled,
        "open": remaining,
        "date": day(part(receivable, "LastPaymentDate")),
        "invoice_date": day(part(receivable, "InvoiceDate")),
        "settlements": _settlements(terms, settled, day(part(receivable, "LastPaymentDate"))),
        "deleted": deleted,
        "version": found("Timestamp", integer(part(receivable, "Timestamp"))),
        "problems": [],
    }
    if not deleted:
        found("TransactionType", kind)
        found("Currency", record["currency"])
    record["problems"] = problems.listed()
    return record


def _settlements(terms: list[dict[str, Any]], settled: Decimal | None, last: str | None) -> list[dict[str, Any]]:
    """List what was settled, oldest first; what the terms do not explain is settled in an unknown way on the last day.

    So their sum is what is settled, and one is missing rather than wrong.
    """
    if settled is None:
        return []
    found: list[dict[str, Any]] = []
    for term in terms:
        amount = number(part(term, "AmountFC"))
        if integer(part(term, "Status")) == _MATCHED and amount:
            date = day(part(term, "LastPaymentDate")) or day(part(term, "EndDate"))
            found.append({"how": _how(part(term, "CounterTypes")), "amount": amount, "date": date})
    rest = settled - sum((each["amount"] for each in found), _NOTHING)
    if rest:
        found.append({"how": "unknown", "amount": rest, "date": last})
    return sorted(found, key=lambda each: each["date"] or "")


def _how(types: object) -> str:
    """Tell how a term was settled from the types of what settled it.

    A difference in exchange rate comes along with any of them, and a small difference in payment with money.
    """
    known = {integer(each) for each in types} if isinstance(types, list) else set()
    ways = {_HOW.get(each, "unknown") if each is not None else "unknown" for each in known - {_RATE_DIFFERENCE}}
    if ways == {"money", "write_off"}:
        return "money"
    return ways.pop() if len(ways) == 1 else "unknown"
