"""Invoices and credit notes: reading them."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from sandbox.teamleader import lists, shapes
from sandbox.teamleader.refusals import not_found
from sandbox.teamleader.validation import moment

if TYPE_CHECKING:
    from sandbox.teamleader.model import Document, Kind, Row
    from sandbox.teamleader.state import TeamleaderState


def find(state: TeamleaderState, kind: Kind, id_: str) -> Document:
    """The document with that id; raises a 404."""
    document = state.documents[kind].get(id_)
    if document is None:
        raise not_found("Invoice" if kind == "invoice" else "Credit note")
    return document


def _is_customer(document: Document, customer: Row) -> bool:
    return (document.customer_type, document.customer_id) == (customer["type"], customer["id"])


def _on_or_after(document: Document, day: str) -> bool:
    return document.date is not None and document.date >= date.fromisoformat(day)


def _on_or_before(document: Document, day: str) -> bool:
    return document.date is not None and document.date <= date.fromisoformat(day)


_FILTERS: dict[str, Any] = {
    "ids": lambda row, ids: row.id in ids,
    "department_id": lambda row, id_: row.department_id == id_,
    "updated_since": lambda row, since: row.updated_at >= since,
    "project_id": lambda _row, _id: False,
    "customer": _is_customer,
}
_INVOICE_FILTERS: dict[str, Any] = {
    **_FILTERS,
    "term": lambda row, term: term.casefold() in f"{row.number} {row.name}".casefold(),
    "invoice_number": lambda row, number: row.number == number,
    "deal_id": lambda _row, _id: False,
    "subscription_id": lambda row, id_: row.subscription_id == id_,
    "status": lambda row, wanted: shapes.status(row) in wanted,
    "purchase_order_number": lambda row, number: row.purchase_order == number,
    "payment_reference": lambda row, reference: row.payment_reference == reference,
    "invoice_date_after": _on_or_after,
    "invoice_date_before": _on_or_before,
}
_CREDIT_NOTE_FILTERS: dict[str, Any] = {
    **_FILTERS,
    "invoice_id": lambda row, id_: row.credited_id == id_,
    "credit_note_date_after": _on_or_after,
    # Exclusive, unlike that of invoices.
    "credit_note_date_before": lambda row, day: row.date is not None and row.date < date.fromisoformat(day),
}


def _number_key(document: Document) -> tuple[int, ...]:
    """Drafts have no number and come after all others."""
    digits = tuple(int(part) for part in re.findall(r"\d+", document.number or ""))
    return digits or (9999,)


_SORT_KEYS: dict[str, Any] = {
    "invoice_number": _number_key,
    "invoice_date": lambda row: (row.date or date.max, _number_key(row)),
}


def _with_moment(body: Row) -> Row:
    """The body with `updated_since` read once, not once per document."""
    wanted = dict(body.get("filter", {}))
    if "updated_since" in wanted:
        wanted["updated_since"] = moment(wanted["updated_since"])
    return {**body, "filter": wanted}


def invoices_list(state: TeamleaderState, body: Row) -> Row:
    """Invoices, drafts included; newest first without an order."""
    found = lists.filtered(reversed(state.documents["invoice"].values()), _with_moment(body), _INVOICE_FILTERS)
    rows, meta = lists.page(lists.ordered(found, body, _SORT_KEYS), body)
    return {"data": [shapes.invoice_row(state, row) for row in rows], "meta": meta}


def invoices_info(state: TeamleaderState, body: Row) -> Row:
    """One invoice with its lines."""
    return {"data": shapes.invoice_info(state, find(state, "invoice", body["id"]))}


def credit_notes_list(state: TeamleaderState, body: Row) -> Row:
    """Credit notes by their id, an order that tells nothing: a new one appears anywhere in the list."""
    found = lists.filtered(state.documents["credit_note"].values(), _with_moment(body), _CREDIT_NOTE_FILTERS)
    rows, meta = lists.page(sorted(found, key=lambda row: row.id), body)
    return {"data": [shapes.credit_note_row(state, row) for row in rows], "meta": meta}


def credit_notes_info(state: TeamleaderState, body: Row) -> Row:
    """One credit note with its lines."""
    return {"data": shapes.credit_note_info(state, find(state, "credit_note", body["id"]))}


_SUBSCRIPTION_FILTERS: dict[str, Any] = {
    "ids": lambda row, ids: row["id"] in ids,
    "deal_id": lambda _row, _id: False,
    "department_id": lambda row, id_: row["department"]["id"] == id_,
    "customer": lambda row, customer: row["invoicee"]["customer"] == customer,
    "status": lambda row, wanted: row["status"] in wanted,
}
_SUBSCRIPTION_SORT_KEYS: dict[str, Any] = {
    "title": lambda row: row["title"].casefold(),
    "created_at": lambda row: row["starts_on"],
    "status": lambda row: row["status"],
}


def subscriptions_list(state: TeamleaderState, body: Row) -> Row:
    """Subscriptions; by `invoice_id`: the one that the invoice came from."""
    invoice = state.documents["invoice"].get(body.get("filter", {}).get("invoice_id", ""))
    tests = {
        **_SUBSCRIPTION_FILTERS,
        "invoice_id": lambda row, _id: invoice is not None and row["id"] == invoice.subscription_id,
    }
    found = lists.filtered(state.subscriptions.values(), body, tests)
    rows, meta = lists.page(lists.ordered(found, body, _SUBSCRIPTION_SORT_KEYS), body)
    return {"data": list(rows), "meta": meta}
