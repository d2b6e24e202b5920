"""Invoices: making, booking, changing, paying and deleting them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandbox.teamleader import drafting
from sandbox.teamleader.document_actions import find
from sandbox.teamleader.model import Payment, Term
from sandbox.teamleader.refusals import bad_request
from sandbox.teamleader.shapes import ref
from sandbox.teamleader.validation import moment

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.teamleader.model import Row
    from sandbox.teamleader.state import TeamleaderState


def _invoicee(state: TeamleaderState, value: Row) -> Row:
    customer = value["customer"]
    attention = drafting.attention(value.get("for_attention_of"))
    return {**drafting.invoicee(state, customer["type"], customer["id"]), "attention_of": attention}


def _custom_fields(_state: TeamleaderState, rows: list[Row]) -> Row:
    references = ((ref("customFieldDefinition", each["id"]), each["value"]) for each in rows)
    return {"custom_fields": tuple({"definition": definition, "value": value} for definition, value in references)}


_READERS: dict[str, Callable[[TeamleaderState, Any], Row]] = {
    "invoicee": _invoicee,
    "grouped_lines": lambda state, rows: {"lines": drafting.read_lines(state, rows)},
    "discounts": lambda _state, rows: {"discounts": drafting.read_discounts(rows)},
    "payment_term": lambda _state, term: {"term": Term(term["type"], term.get("days", 0))},
    "currency": lambda _state, given: {"currency": given["code"], "rate": Decimal(given.get("exchange_rate", 1))},
    "expected_payment_method": lambda _state, given: {
        "payment_method": given["method"],
        "mandate": given.get("reference"),
    },
    "invoice_date": lambda _state, day: {"date": date.fromisoformat(day)},
    "custom_fields": _custom_fields,
    "purchase_order_number": lambda _state, number: {"purchase_order": number},
    "note": lambda _state, note: {"note": note},
}
"""From a property of a request to fields of a document."""


def _fields(state: TeamleaderState, body: Row) -> dict[str, Any]:
    """The fields of a document that a body of `draft`, `update` or `updateBooked` carries."""
    fields: dict[str, Any] = {}
    for name in body.keys() & _READERS.keys():
        fields |= _READERS[name](state, body[name])
    return fields


def draft(state: TeamleaderState, body: Row) -> Row:
    """`invoices.draft`."""
    if body["department_id"] not in {row["id"] for row in state.departments}:
        raise bad_request("department_id does not exist")
    fields = _fields(state, body)
    lines, discounts = fields.pop("lines"), fields.pop("discounts", ())
    customer = {name: fields.pop(name) for name in drafting.INVOICEE}
    fields["department_id"] = body["department_id"]
    document = state.add_document(drafting.new_document(state, "invoice", customer, lines, discounts, **fields))
    return {"data": ref("invoice", document.id)}


def book(state: TeamleaderState, body: Row) -> None:
    """`invoices.book`."""
    document = find(state, "invoice", body["id"])
    if document.is_booked:
        raise bad_request("The invoice is already booked")
    drafting.book(state, document, date.fromisoformat(body["on"]))
    state.touch(document)


def update(state: TeamleaderState, body: Row) -> None:
    """`invoices.update`: of a draft."""
    document = find(state, "invoice", body["id"])
    if document.is_booked:
        raise bad_request("Only a draft can be updated")
    state.touch(state.rewrite(document, **_fields(state, body)))


def update_booked(state: TeamleaderState, body: Row) -> None:
    """`invoices.updateBooked`: the due date follows the date and the term."""
    document = find(state, "invoice", body["id"])
    if document.date is None:
        raise bad_request("The invoice is not booked")
    changed = state.rewrite(document, **_fields(state, body))
    changed.due_on = changed.term.due_on(changed.date or document.date)
    state.touch(changed)


def register_payment(state: TeamleaderState, body: Row) -> None:
    """`invoices.registerPayment`: adds one; `updated_at` moves."""
    document = find(state, "invoice", body["id"])
    if not document.is_booked:
        raise bad_request("The invoice is not booked")
    if body["payment"]["currency"] != document.currency:
        raise bad_request("payment.currency differs from the currency of the invoice")
    method = body.get("payment_method_id")
    if method is not None and method not in {row["id"] for row in state.payment_methods}:
        raise bad_request("payment_method_id does not exist")
    state.pay(document, Payment(moment(body["paid_at"]), Decimal(body["payment"]["amount"]), method))
    state.touch(document)


def remove_payments(state: TeamleaderState, body: Row) -> None:
    """`invoices.removePayments`: all of them."""
    document = find(state, "invoice", body["id"])
    document.payments.clear()
    state.settle(document)
    state.touch(document)


def delete(state: TeamleaderState, body: Row) -> None:
    """`invoices.delete`: a draft, or the last one that was booked."""
    document = find(state, "invoice", body["id"])
    if document.is_booked and not state.is_last(document):
        raise bad_request("Only the last booked invoice can be deleted")
    state.remove_document(document)
