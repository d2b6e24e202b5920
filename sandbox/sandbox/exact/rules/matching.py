"""Settling receivables, as a person or the bank feed does it: the REST API cannot (facts 6.30, 7.2-7.7)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sandbox.exact.rules import numbering, posting
from sandbox.exact.rules.periods import period_of
from sandbox.exact.rules.vat import cents

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.table import Row

OPEN, MATCHED = 20, 50
BANK, PAYMENT_DIFFERENCE = 40, 83


def settle(state: ExactState, entry: Row, amount: Decimal | None, date_ms: int, kind: int) -> Row:
    """Settle (a part of) what is open by money or by a payment difference; give the header of the counter entry.

    `amount` is positive, in the entry's currency; None means all that is open. `kind` is the transaction type of the
    counter entry: 40 for money, 83 for a difference that is written off (fact 7.6).
    """
    term = open_term(state, entry)
    part = -term["AmountFC"] if amount is None else amount.copy_sign(-term["AmountFC"])
    counter = _counter_entry(state, entry, part, date_ms, kind)
    match = state.new_guid()
    _match_term(state, entry, term, part, date_ms, match)
    payment = state.insert(
        posting.RECEIVABLES,
        {
            **posting.open_receivable(state, counter),
            "AmountFC": part,
            "AmountDC": cents(part * entry["Rate"]),
            "DueDate": None,
            "GLAccount": term["GLAccount"],
        },
    )
    _mark(state, payment, date_ms, match)
    return counter


def settle_against(state: ExactState, invoice: Row, credit_note: Row, date_ms: int) -> Decimal:
    """Set a credit note off against an invoice, as far as both are open; give the amount in the invoice's currency."""
    due, credit = open_term(state, invoice), open_term(state, credit_note)
    part = min(-due["AmountFC"], credit["AmountFC"])
    if part <= 0:
        raise ValueError(f"entry {credit_note['EntryNumber']} is no credit for entry {invoice['EntryNumber']}")
    match = state.new_guid()
    _match_term(state, invoice, due, part, date_ms, match)
    _match_term(state, credit_note, credit, -part, date_ms, match)
    return Decimal(part)


def undo(state: ExactState, entry: Row) -> None:
    """Take every match of an entry back: its terms become one open term again, what settled them is open (fact 7.7)."""
    terms = posting.receivables(state, entry)
    matches = {term["_match"] for term in terms if term["Status"] == MATCHED}
    for row in list(state[posting.RECEIVABLES]):
        if row.get("_match") in matches:
            state.update(
                posting.RECEIVABLES, row, dict.fromkeys(("_match", "LastPaymentDate", *_END)) | {"Status": OPEN}
            )
    first, *others = terms
    totals = {field: sum((term[field] for term in terms), Decimal(0)) for field in ("AmountFC", "AmountDC")}
    for term in others:
        state.delete(posting.RECEIVABLES, term)
    state.update(posting.RECEIVABLES, first, totals)


_END = ("EndDate", "EndYear", "EndPeriod")


def open_term(state: ExactState, entry: Row) -> Row:
    """The term of an entry that is still open; raises ValueError when there is none."""
    for term in posting.receivables(state, entry):
        if term["Status"] < MATCHED:
            return term
    raise ValueError(f"nothing is open of entry {entry['EntryNumber']}")


def _match_term(state: ExactState, entry: Row, term: Row, part: Decimal, date_ms: int, match: str) -> None:
    """Mark a term as matched; when only a part is, the rest becomes a term of its own (fact 7.5)."""
    rest_fc = term["AmountFC"] + part
    if rest_fc:
        if (rest_fc > 0) != (term["AmountFC"] > 0):
            raise ValueError(f"{abs(part)} is more than is open of entry {entry['EntryNumber']}")
        part_dc = cents(-part * entry["Rate"])
        kept = {
            field: term.get(field)
            for field in ("DueDate", "GLAccount", "Description", "PaymentMethod", "PaymentReference")
        }
        rest = {"AmountFC": rest_fc, "AmountDC": term["AmountDC"] - part_dc}
        state.insert(posting.RECEIVABLES, {**posting.open_receivable(state, entry), **kept, **rest})
        state.update(posting.RECEIVABLES, term, {"AmountFC": -part, "AmountDC": part_dc})
    _mark(state, term, date_ms, match)


def _mark(state: ExactState, term: Row, date_ms: int, match: str) -> None:
    year, period = period_of(state, date_ms) or (None, None)
    changes = {"EndDate": date_ms, "EndYear": year, "EndPeriod": period, "LastPaymentDate": date_ms}
    state.update(posting.RECEIVABLES, term, {**changes, "Status": MATCHED, "_match": match})


def _counter_entry(state: ExactState, entry: Row, amount: Decimal, date_ms: int, kind: int) -> Row:
    """A bank entry, or an entry of a payment difference, with its two transaction lines."""
    journal, account = ("50", "550000") if kind == BANK else ("90", "657000")
    year, period = period_of(state, date_ms) or (None, None)
    ids = {"header": state.new_guid()}
    header: Row = {
        "EntryID": state.new_guid(),
        "Journal": journal,
        "EntryNumber": numbering.first_number(journal, year or 0) + state.next_number(f"journal {journal}"),
        "Customer": entry["Customer"],
        "EntryDate": date_ms,
        "Currency": entry["Currency"],
        "Rate": entry["Rate"],
        "ReportingYear": year,
        "ReportingPeriod": period,
        "Status": OPEN,
        "Type": kind,
        "_transaction_ids": ids,
    }
    state.other_entries[header["EntryID"]] = header
    receivable = state.by_code("financial/GLAccounts", "400000") or {}
    counter = state.by_code("financial/GLAccounts", account) or {}
    for number, (ledger, sign) in enumerate(((counter, 1), (receivable, -1))):
        state.insert(
            posting.TRANSACTION_LINES,
            {
                "ID": ids["header"] if number == 0 else state.new_guid(),
                "EntryID": header["EntryID"],
                "LineNumber": number,
                "LineType": number,
                "GLAccount": ledger.get("ID"),
                "Description": f"Betaling {entry['EntryNumber']}",
                "AmountFC": sign * amount,
                "AmountDC": sign * cents(amount * entry["Rate"]),
                "AmountVATFC": Decimal(0),
            },
        )
    return header
