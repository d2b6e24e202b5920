"""Settling receivables, as a person or the bank feed does it: the REST API cannot (exact-online 6.30, 7.2-7.7)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sandbox.exact.rules import numbering, posting
from sandbox.exact.rules.periods import period_of
from sandbox.exact.rules.vat import cents

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

OPEN, MATCHED = 20, 50
BANK, PAYMENT_DIFFERENCE = 40, 83
_END = ("EndDate", "EndYear", "EndPeriod")
_KEPT = ("DueDate", "GLAccount", "Description", "PaymentMethod", "PaymentReference", "_instalment")


def settle(state: ExactState, entry: Row, amount: Decimal | None, date_ms: int, kind: int) -> Row:
    """Settle (a part of) what is open by money or by a payment difference; give the header of the counter entry.

    `amount` is positive, in the entry's currency; None means all that is open. `kind` is the transaction type of the
    counter entry: 40 for money, 83 for a difference that is written off (exact-online 7.6).
    """
    match = state.new_guid()
    fc, dc = cover(state, entry, amount, date_ms, match)
    counter = _counter_entry(state, entry, fc, dc, date_ms, kind)
    payment = state.insert(
        posting.RECEIVABLES,
        {
            **posting.open_receivable(state, counter),
            "AmountFC": fc,
            "AmountDC": dc,
            "DueDate": None,
            "GLAccount": (state.by_code("financial/GLAccounts", "400000") or {}).get("ID"),
        },
    )
    mark(state, payment, date_ms, match)
    return counter


def settle_against(
    state: ExactState, invoice: Row, credit_note: Row, date_ms: int, amount: Decimal | None = None
) -> Decimal:
    """Set a credit note off against an invoice; give the amount in the invoice's currency.

    `amount` is positive; None means as far as both are open. No money comes in, so there is no date of payment.
    """
    due, credit = -_total(open_terms(state, invoice)), _total(open_terms(state, credit_note))
    part = min(due, credit)
    if part <= 0:
        raise ValueError(f"entry {credit_note['EntryNumber']} is no credit for entry {invoice['EntryNumber']}")
    if amount is not None and amount > part:
        raise ValueError(f"{amount} is more than is open of both entries")
    part = part if amount is None else amount
    match = state.new_guid()
    for entry in (invoice, credit_note):
        cover(state, entry, part, date_ms, match, is_paid=False)
    return part


def undo(state: ExactState, entry: Row, *, last: bool = False) -> None:
    """Take every match of an entry back, or the last one only: terms and what settled them are open (exact-online 7.7).

    Parts of one instalment become one term again, and the rows that are merged into it are deleted (exact-online 7.10).
    Raises ValueError when nothing is matched.
    """
    matched = [term for term in posting.receivables(state, entry) if term["Status"] == MATCHED]
    if not matched:
        raise ValueError(f"nothing of entry {entry['EntryNumber']} is matched")
    if last:
        matched = [max(matched, key=lambda term: term["Timestamp"])]
    for match in dict.fromkeys(term["_match"] for term in matched):
        for row in state[posting.RECEIVABLES].find("_match", match):
            blank = dict.fromkeys(("_match", "LastPaymentDate", *_END))
            state.update(posting.RECEIVABLES, row, blank | {"Status": OPEN})
    _merge(state, entry)


def _merge(state: ExactState, entry: Row) -> None:
    instalments: dict[int, list[Row]] = {}
    for term in posting.receivables(state, entry):
        if term["Status"] < MATCHED:
            instalments.setdefault(term.get("_instalment", 0), []).append(term)
    for first, *others in instalments.values():
        if others:
            totals = {field: _total([first, *others], field) for field in ("AmountFC", "AmountDC")}
            for term in others:
                state.delete(posting.RECEIVABLES, term)
            state.update(posting.RECEIVABLES, first, totals)


def open_terms(state: ExactState, entry: Row) -> list[Row]:
    """The terms of an entry that are still open, the oldest due first; raises ValueError when there is none."""
    found = [term for term in posting.receivables(state, entry) if term["Status"] < MATCHED]
    if not found:
        raise ValueError(f"nothing is open of entry {entry['EntryNumber']}")
    return sorted(found, key=lambda term: (term.get("DueDate") is None, term.get("DueDate") or 0, term["HID"]))


def _total(terms: list[Row], field: str = "AmountFC") -> Decimal:
    return sum((term[field] for term in terms), Decimal(0))


def cover(
    state: ExactState, entry: Row, amount: Decimal | None, date_ms: int, match: str, *, is_paid: bool = True
) -> tuple[Decimal, Decimal]:
    """Mark terms for an amount (positive; None: all that is open) as matched, the oldest due first (exact-online 7.5).

    Of a term that is matched in part, the rest becomes a term of its own. Gives what is needed against it: the amount
    with the other sign, in the entry's currency and in the company's.
    """
    terms = open_terms(state, entry)
    due = _total(terms)
    if amount is not None and not 0 < amount <= abs(due):
        raise ValueError(f"{amount} is not positive or more than is open of entry {entry['EntryNumber']}")
    left = due if amount is None else amount.copy_sign(due)
    covered_dc = Decimal(0)
    for term in terms:
        if not left:
            break
        part = left if abs(left) < abs(term["AmountFC"]) else term["AmountFC"]
        if part != term["AmountFC"]:
            _split(state, entry, term, part)
        left -= part
        covered_dc += term["AmountDC"]
        mark(state, term, date_ms, match, is_paid=is_paid)
    return -(due if amount is None else amount.copy_sign(due)), -covered_dc


def _split(state: ExactState, entry: Row, term: Row, part: Decimal) -> None:
    part_dc = cents(part * entry["Rate"])
    rest = {"AmountFC": term["AmountFC"] - part, "AmountDC": term["AmountDC"] - part_dc}
    kept = {field: term[field] for field in _KEPT if field in term}
    state.insert(posting.RECEIVABLES, {**posting.open_receivable(state, entry), **kept, **rest})
    state.update(posting.RECEIVABLES, term, {"AmountFC": part, "AmountDC": part_dc})


def mark(state: ExactState, term: Row, date_ms: int, match: str, *, is_paid: bool = True) -> None:
    """Note that a term was matched on a day, together with all others of the same `match`."""
    year, period = period_of(state, date_ms) or (None, None)
    changes = {"EndDate": date_ms, "EndYear": year, "EndPeriod": period}
    changes["LastPaymentDate"] = date_ms if is_paid else None
    state.update(posting.RECEIVABLES, term, {**changes, "Status": MATCHED, "_match": match})


def _counter_entry(state: ExactState, entry: Row, fc: Decimal, dc: Decimal, date_ms: int, kind: int) -> Row:
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
                "AmountFC": sign * fc,
                "AmountDC": sign * dc,
                "AmountVATFC": Decimal(0),
            },
        )
    return header
