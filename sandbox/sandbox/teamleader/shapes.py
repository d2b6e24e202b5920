"""Documents in the shapes of Teamleader's answers."""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sandbox.teamleader.amounts import line_amounts
from sandbox.teamleader.ids import TEMPLATE_ID
from sandbox.teamleader.settings import CURRENCY
from sandbox.teamleader.totals import ZERO

if TYPE_CHECKING:
    from decimal import Decimal

    from sandbox.teamleader.model import Document, Line, Row
    from sandbox.teamleader.state import TeamleaderState

WEB = "https://focus.teamleader.eu"


def ref(type_: str, id_: str | None) -> Row | None:
    """A reference, or None."""
    return None if id_ is None else {"type": type_, "id": id_}


def stamp(moment: datetime | None) -> str | None:
    """A moment as Teamleader writes it, in UTC."""
    return None if moment is None else moment.astimezone(timezone.utc).isoformat(timespec="seconds")


def status(document: Document) -> str:
    """`draft`, `outstanding`, or `matched` when it is paid."""
    if not document.is_booked:
        return "draft"
    return "outstanding" if document.paid_at is None else "matched"


def invoice_row(state: TeamleaderState, invoice: Document) -> Row:
    """An invoice as `invoices.list` has it."""
    return {
        **_invoice_head(invoice),
        "payment_reference": invoice.payment_reference,
        "invoicee": _invoicee(invoice),
        "total": _invoice_total(state, invoice, full=False),
        "currency_exchange_rate": _rate(invoice),
        "created_at": stamp(invoice.created_at),
        "updated_at": stamp(invoice.updated_at),
        "web_url": f"{WEB}/invoice_detail.php?id={invoice.id}",
        "file": None,
        "deal": None,
        "project": None,
    }


def invoice_info(state: TeamleaderState, invoice: Document) -> Row:
    """An invoice as `invoices.info` has it."""
    row = {
        **_invoice_head(invoice),
        "invoicee": _invoicee(invoice) | _identity(invoice),
        "discounts": _discounts(invoice),
        "grouped_lines": _grouped_lines(state, invoice),
        "total": _invoice_total(state, invoice, full=True),
        "payment_term": invoice.term._asdict(),
        "payments": [
            {"paid_at": stamp(payment.paid_at), "payment": _money(payment.amount, invoice.currency)}
            for payment in invoice.payments
        ],
        "payment_reference": invoice.payment_reference,
        "note": invoice.note,
        "currency": invoice.currency,
        "currency_exchange_rate": _rate(invoice),
        "file": None,
        "deal": None,
        "project": None,
        "on_hold_since": None,
        "custom_fields": list(invoice.custom_fields),
        "created_at": stamp(invoice.created_at),
        "updated_at": stamp(invoice.updated_at),
        "document_template": ref("documentTemplate", TEMPLATE_ID),
    }
    if invoice.payment_method in {"sepa_direct_debit", "direct_debit", "credit_card"}:
        row["expected_payment_method"] = {"method": invoice.payment_method, "reference": invoice.mandate}
    elif invoice.payment_method is not None:
        row["expected_payment_method"] = {"method": invoice.payment_method}
    return row


def credit_note_row(state: TeamleaderState, note: Document) -> Row:
    """A credit note as `creditNotes.list` has it."""
    paid_at = _settled_at(state, note)
    return {
        "id": note.id,
        "department": ref("department", note.department_id),
        "credit_note_number": note.number,
        "credit_note_date": note.date.isoformat() if note.date else None,
        "status": "booked",
        "invoice": ref("invoice", note.credited_id),
        "paid": paid_at is not None,
        "paid_at": paid_at,
        "invoicee": _invoicee(note, attention=False),
        "total": {
            "tax_exclusive": _money(note.totals.net, note.currency),
            "tax_inclusive": _money(note.totals.gross, note.currency),
            "payable": _money(note.totals.payable, note.currency),
            "taxes": _taxes(note),
        },
        "created_at": stamp(note.created_at),
        "updated_at": stamp(note.updated_at),
    }


def credit_note_info(state: TeamleaderState, note: Document) -> Row:
    """A credit note as `creditNotes.info` has it: prices with their currency, no term, no note."""
    row = credit_note_row(state, note)
    groups = _grouped_lines(state, note)
    for group in groups:
        for line in group["line_items"]:
            line["unit_price"]["currency"] = note.currency
            line["extended_description"] = line["extended_description"] or ""
            del line["withheld_tax"]
    return {
        **row,
        "invoicee": row["invoicee"] | _identity(note),
        "discounts": _discounts(note),
        "grouped_lines": groups,
        "currency": note.currency,
        "currency_exchange_rate": _rate(note),
        "document_template": ref("documentTemplate", TEMPLATE_ID),
    }


def _settled_at(state: TeamleaderState, note: Document) -> str | None:
    """A credit note is settled with the invoice that it takes back."""
    invoice = state.documents["invoice"].get(note.credited_id or "")
    return None if invoice is None else stamp(invoice.paid_at)


def _invoice_head(invoice: Document) -> Row:
    return {
        "id": invoice.id,
        "department": ref("department", invoice.department_id),
        "invoice_number": invoice.number,
        "invoice_date": invoice.date.isoformat() if invoice.date else None,
        "status": status(invoice),
        "due_on": invoice.due_on.isoformat() if invoice.due_on else None,
        "paid": invoice.paid_at is not None,
        "paid_at": stamp(invoice.paid_at),
        "sent": invoice.sent,
        "purchase_order_number": invoice.purchase_order,
    }


def _invoicee(document: Document, *, attention: bool = True) -> Row:
    invoicee: Row = {
        "name": document.name,
        "vat_number": document.vat_number,
        "customer": ref(document.customer_type, document.customer_id),
    }
    return invoicee | {"for_attention_of": document.attention_of} if attention else invoicee


def _identity(document: Document) -> Row:
    return {"email": document.email, "national_identification_number": document.national_id}


def _money(amount: Decimal, currency: str) -> Row:
    return {"amount": amount, "currency": currency}


def _rate(document: Document) -> Row:
    return {"from": document.currency, "to": CURRENCY, "rate": document.rate}


def _taxes(document: Document) -> list[Row]:
    return [
        {
            "rate": tax.rate,
            "taxable": _money(tax.taxable, document.currency),
            "tax": _money(tax.tax, document.currency),
        }
        for tax in document.totals.taxes
    ]


def _invoice_total(state: TeamleaderState, invoice: Document, *, full: bool) -> Row:
    totals, due = invoice.totals, state.due(invoice)
    amounts = {"tax_exclusive": totals.net, "tax_inclusive": totals.gross}
    if full:
        amounts["tax_exclusive_before_discount"] = totals.net_before_discount
        amounts["tax_inclusive_before_discount"] = totals.gross_before_discount
    amounts |= {"payable": totals.payable, "due": due, "due_incasso_inclusive": due}
    amounts |= {"fixed_late_fee": ZERO, "interest": ZERO}
    total: dict[str, Any] = {name: _money(amount, invoice.currency) for name, amount in amounts.items()}
    total["taxes"] = _taxes(invoice)
    if full:
        total["withheld_taxes"] = [
            {
                "id": each.id,
                "taxable": _money(each.taxable, invoice.currency),
                "withheld": _money(each.withheld, invoice.currency),
            }
            for each in totals.withheld
        ]
    return total


def _discounts(document: Document) -> list[Row]:
    return [
        {"type": "percentage", "value": each.percentage, "description": each.description} for each in document.discounts
    ]


def _grouped_lines(state: TeamleaderState, document: Document) -> list[Row]:
    return [
        {"section": {"title": title}, "line_items": [line_item(state, line, document.currency) for line in lines]}
        for title, lines in groupby(document.lines, key=lambda line: line.section)
    ]


def line_item(state: TeamleaderState, line: Line, currency: str) -> Row:
    """One line as invoices and subscriptions have it."""
    amounts = line_amounts(line, state.tax_rate(line.tax_rate_id))
    return {
        "product": None,
        "product_category": ref("productCategory", line.category_id),
        "quantity": line.quantity,
        "description": line.description,
        "extended_description": line.extended_description,
        "unit": None,
        "unit_price": {"amount": line.unit_price, "tax": "excluding"},
        "tax": ref("taxRate", line.tax_rate_id),
        "discount": None if line.discount is None else {"type": "percentage", "value": line.discount},
        "total": {
            "tax_exclusive": _money(amounts.net, currency),
            "tax_exclusive_before_discount": _money(amounts.net_before_discount, currency),
            "tax_inclusive": _money(amounts.gross, currency),
            "tax_inclusive_before_discount": _money(amounts.gross_before_discount, currency),
        },
        "withheld_tax": ref("withholdingTaxRate", line.withholding_id),
    }
