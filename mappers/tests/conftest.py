from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from teamleader_exactonline_mappers.reference_data import ReferenceData

DEPARTMENT = "d0000000-0000-4000-8000-000000000001"


def euro(amount: str) -> dict[str, Any]:
    return {"amount": Decimal(amount), "currency": "EUR"}


def line(net: str, *, tax: str = "rate-21", gross: str | None = None, **fields: Any) -> dict[str, Any]:
    return {
        "product": None,
        "product_category": None,
        "quantity": 1,
        "description": "Consultancy",
        "unit_price": {"amount": Decimal(net), "tax": "excluding"},
        "tax": {"type": "taxRate", "id": tax},
        "discount": None,
        "total": {
            "tax_exclusive": euro(net),
            "tax_exclusive_before_discount": euro(net),
            "tax_inclusive": euro(gross or net),
            "tax_inclusive_before_discount": euro(gross or net),
        },
        "withheld_tax": None,
        **fields,
    }


def invoice(*lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An invoice of one line of 100.00 at 21 %, in the shape of invoices.info."""
    return {
        "id": "5b16f6ee-e302-0079-901b-50a7a2a9d5e3",
        "department": {"type": "department", "id": DEPARTMENT},
        "invoice_number": "2026 / 12",
        "invoice_date": "2026-06-25",
        "status": "outstanding",
        "due_on": "2026-07-25",
        "paid": False,
        "purchase_order_number": "PO 77",
        "invoicee": {"name": "Acme", "customer": {"type": "company", "id": "c-1"}},
        "discounts": [],
        "grouped_lines": [{"section": {"title": ""}, "line_items": list(lines) or [line("100.00", gross="121.00")]}],
        "total": {
            "tax_exclusive": euro("100.00"),
            "tax_inclusive": euro("121.00"),
            "taxes": [{"rate": Decimal("0.21"), "taxable": euro("100.00"), "tax": euro("21.00")}],
            "withheld_taxes": [],
        },
        "payment_term": {"type": "after_invoice_date", "days": 30},
        "payment_reference": "+++123/4567/89012+++",
        "currency": "EUR",
        "currency_exchange_rate": {"from": "EUR", "to": "EUR", "rate": 1},
        "expected_payment_method": None,
        "updated_at": "2026-06-25T10:00:00Z",
        **fields,
    }


def credit_note(*lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    note = invoice(*lines)
    for name in ("invoice_number", "invoice_date", "due_on", "payment_term", "payment_reference"):
        del note[name]
    return {
        **note,
        "credit_note_number": "2026 / 3",
        "credit_note_date": "2026-06-30",
        "status": "booked",
        "invoice": {"type": "invoice", "id": "i-1"},
        **fields,
    }


def term(amount: str, status: int = 20, *, settled_by: list[int] | None = None, **fields: Any) -> dict[str, Any]:
    """One term of an entry as tap-exactonline shows it."""
    paid_on = "2026-07-20" if status == 50 else None
    return {
        "ID": "t-1",
        "EntryID": "r-1",
        "Status": status,
        "AmountFC": Decimal(amount),
        "AmountDC": Decimal(amount),
        "DueDate": "2026-07-25",
        "EndDate": paid_on,
        "LastPaymentDate": paid_on,
        "Timestamp": 77,
        "CounterTypes": settled_by or [],
        **fields,
    }


def receivable(*terms: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An entry of 121.00 with these terms, or an open one of 121.00, as tap-exactonline shows it."""
    terms = terms or (term("121.00"),)
    open_terms = [each["AmountFC"] for each in terms if each["Status"] < 50]
    settled = [each["AmountFC"] for each in terms if each["Status"] == 50]
    days = [day for each in terms if (day := each["LastPaymentDate"] or each["EndDate"])]
    amounts = {"Amount": sum(open_terms + settled), "Open": sum(open_terms), "Settled": sum(settled)}
    return {
        "TransactionEntryID": "e0000000-0000-4000-8000-000000000001",
        "Division": 123456,
        "Timestamp": 77,
        "TransactionType": 20,
        "Journal": "70",
        "EntryNumber": 26700012,
        "InvoiceNumber": 26700012,
        "YourRef": "2026 / 12",
        "Account": "a-1",
        "AccountCode": "12",
        "Currency": "EUR",
        "RateFC": 1,
        "InvoiceDate": "2026-06-25",
        "DueDate": "2026-07-25",
        "PaymentCondition": "30",
        "PaymentMethod": None,
        **{f"{name}{kind}": Decimal(amount) for name, amount in amounts.items() for kind in ("FC", "DC")},
        "IsFullyPaid": not open_terms,
        "LastPaymentDate": max(days, default=None),
        "IsDeleted": False,
        "Terms": list(terms),
        **fields,
    }


@pytest.fixture
def reference() -> ReferenceData:
    """What came by before the documents: a department in euro, four tax rates, two product categories."""
    known = ReferenceData()
    known.knows_categories = True
    known.learn("departments", {"id": DEPARTMENT, "currency": "EUR", "vat_number": "BE 0765.432.146"})
    for rate_id, description, rate in (
        ("rate-21", "21%", "0.21"),
        ("rate-6", "6%", "0.06"),
        ("rate-0", "0%", "0"),
        ("rate-ic", "0% Intracommunautair", "0"),
    ):
        known.learn("tax_rates", {"id": rate_id, "description": description, "rate": Decimal(rate)})
    known.learn(
        "product_categories",
        {
            "id": "services",
            "name": "Services",
            "ledgers": [
                {"department": {"id": "another"}, "ledger_account_number": "701000"},
                {"department": {"id": DEPARTMENT}, "ledger_account_number": "700100"},
            ],
        },
    )
    known.learn("product_categories", {"id": "unmapped", "name": "Other", "ledgers": []})
    known.learn("invoices", {"id": "i-1", "invoice_number": "2026 / 11"})
    return known
