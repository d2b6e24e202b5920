"""Teamleader's documents in plain words, for tests and for the page that people look at."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandbox.teamleader import shapes

if TYPE_CHECKING:
    from sandbox.teamleader.model import Document, Kind
    from sandbox.teamleader.state import TeamleaderState

PLURALS: dict[Kind, str] = {"invoice": "invoices", "credit_note": "credit_notes"}


def summary(state: TeamleaderState) -> dict[str, Any]:
    """All documents, and `totals` per kind: `count` of the booked ones, and `net`, `vat`, `gross` per currency.

    Amounts are Decimals in the document's currency; those of credit notes are negative here, as they are in the books.
    Of an invoice `due` (also called `open`) is what is still to be paid, `payments` what was registered.
    """
    documents = {kind: [_row(state, each) for each in rows.values()] for kind, rows in state.documents.items()}
    totals = {PLURALS[kind]: _totals(rows) for kind, rows in documents.items()}
    return {"totals": totals} | {PLURALS[kind]: rows for kind, rows in documents.items()}


def _row(state: TeamleaderState, document: Document) -> dict[str, Any]:
    is_invoice = document.kind == "invoice"
    sign = 1 if is_invoice else -1
    totals = document.totals
    return {
        "id": document.id,
        "kind": document.kind,
        "department": document.department_id,
        "number": document.number,
        "date": document.date.isoformat() if document.date else None,
        "due_on": document.due_on.isoformat() if document.due_on else None,
        "status": shapes.status(document) if is_invoice else "booked",
        "customer": f"{document.customer_type}:{document.customer_id}",
        "customer_name": document.name,
        "currency": document.currency,
        # The plus turns -0.00 into 0.00.
        "net": +(sign * totals.net),
        "vat": +(sign * totals.vat),
        "gross": +(sign * totals.gross),
        "open": state.due(document) if is_invoice and document.is_booked else Decimal(0),
        **settlement(state, document),
        "credited": document.credited_id,
        "updated_at": shapes.stamp(document.updated_at),
    }


def settlement(state: TeamleaderState, document: Document) -> dict[str, Any]:
    """`paid`, `due`, and `payments` (`amount`, `day` in UTC) of a document in its own currency, oldest first."""
    is_payable = document.kind == "invoice" and document.is_booked
    days = sorted(document.payments, key=lambda payment: payment.paid_at)
    return {
        "paid": sum((payment.amount for payment in days), Decimal(0)),
        "due": state.due(document) if is_payable else Decimal(0),
        "payments": [{"amount": each.amount, "day": str(shapes.stamp(each.paid_at))[:10]} for each in days],
    }


def _totals(rows: list[dict[str, Any]]) -> dict[str, Any]:
    booked = [row for row in rows if row["number"] is not None]
    currencies = {}
    for currency in sorted({row["currency"] for row in booked}):
        same = [row for row in booked if row["currency"] == currency]
        sums = {name: sum((row[name] for row in same), Decimal(0)) for name in ("net", "vat", "gross")}
        currencies[currency] = {"count": len(same), **sums}
    return {"count": len(booked), "currencies": currencies}
