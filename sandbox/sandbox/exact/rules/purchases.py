"""Purchase invoices, as far as payment terms show them: terms of line type 22 beside sales (exact-online 7.10).

They have no lines of their own here: nobody books purchases through the sandbox.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sandbox.exact.administration import CURRENCY, PAYABLES
from sandbox.exact.rules import numbering
from sandbox.exact.rules.matching import BANK, MATCHED, OPEN
from sandbox.exact.rules.periods import period_of

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

PAYABLE_LINE = 22
_PURCHASE, _JOURNAL, _BANK_JOURNAL, _CREDITORS = 30, "60", "50", "440000"


def create(
    state: ExactState, supplier: str, amount: Decimal, date_ms: int, due_ms: int, your_ref: str | None = None
) -> Row:
    """Book a purchase invoice of `amount`, VAT included, in the company's currency; give the header.

    Its term has the sign that a receivable of the same kind has not: an open invoice of a supplier is positive.
    `your_ref` is the supplier's own number, which may well look like one of ours.
    """
    header = _header(state, supplier, date_ms, _JOURNAL, _PURCHASE) | {"YourRef": your_ref, "DueDate": due_ms}
    state.other_entries[header["EntryID"]] = header
    state.insert(PAYABLES, _term(state, header, amount) | {"DueDate": due_ms})
    return header


def pay(state: ExactState, purchase: Row, date_ms: int) -> None:
    """Pay all that is open of a purchase invoice: the payment is a term of the purchase side too."""
    payment = _header(state, purchase["Customer"], date_ms, _BANK_JOURNAL, BANK)
    state.other_entries[payment["EntryID"]] = payment
    year, period = period_of(state, date_ms) or (None, None)
    matched = {"Status": MATCHED, "EndDate": date_ms, "EndYear": year, "EndPeriod": period, "LastPaymentDate": date_ms}
    terms = state[PAYABLES].find("TransactionEntryID", purchase["EntryID"])
    for term in [term for term in terms if term["Status"] < MATCHED]:
        state.update(PAYABLES, term, matched)
        state.insert(PAYABLES, _term(state, payment, -term["AmountFC"]) | {"DueDate": None} | matched)


def _header(state: ExactState, supplier: str, date_ms: int, journal: str, kind: int) -> Row:
    year, period = period_of(state, date_ms) or (None, None)
    number = numbering.first_number(journal, year or 0) + state.next_number(f"journal {journal}")
    return {
        "EntryID": state.new_guid(),
        "Journal": journal,
        "EntryNumber": number,
        "Customer": supplier,
        "EntryDate": date_ms,
        "Currency": CURRENCY,
        "Rate": Decimal(1),
        "ReportingYear": year,
        "ReportingPeriod": period,
        "Status": OPEN,
        "Type": kind,
        "_transaction_ids": {"header": state.new_guid()},
    }


def _term(state: ExactState, header: Row, amount: Decimal) -> Row:
    return {
        "EntryID": state.new_guid(),
        "HID": state.next_number("payable"),
        "TransactionEntryID": header["EntryID"],
        "TransactionID": header["_transaction_ids"]["header"],
        "Status": OPEN,
        "LineType": PAYABLE_LINE,
        "AmountFC": amount,
        "AmountDC": amount,
        "GLAccount": (state.by_code("financial/GLAccounts", _CREDITORS) or {}).get("ID"),
    }
