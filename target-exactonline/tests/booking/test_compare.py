"""Field by field: what the document asks for and what Exact holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from target_exactonline.booking import compare, compare_identity, compare_totals
from target_exactonline.reasons import Rejection

Make = Any

ENTRY = {
    "Journal": "70",
    "YourRef": "2026 / 12",
    "Customer": "AAAAAAAA-0000-4000-8000-000000000001",
    "EntryDate": "/Date(1772668800000)/",
    "DueDate": "/Date(1775260800000)/",
    "Currency": "EUR",
    "AmountFC": Decimal("121.00000000000001"),
    "VATAmountFC": 21,
    "PaymentCondition": "30",
    "Description": "Factuur 2026 / 12",
    "PaymentReference": "7000/26700001",
}
LINES = [
    {"GLAccount": "id-700000", "GLAccountCode": "700000", "VATCode": "H", "AmountFC": 60, "VATAmountFC": 12.6},
    {"GLAccount": "id-700000", "GLAccountCode": "700000", "VATCode": "H", "AmountFC": 40, "VATAmountFC": 8.4},
]
CUSTOMER = "aaaaaaaa-0000-4000-8000-000000000001"


def test_the_same_entry_does_not_differ(document: Make, book: Make) -> None:
    """Nor by noise of floating point, the case of a GUID, a reference that Exact made up, or how lines are split."""
    assert compare(book(document()), ENTRY, LINES, CUSTOMER) == []


@pytest.mark.parametrize(
    ("field", "found", "words"),
    [
        ("Journal", "71", "Journal: 71 in Exact, 70 in Teamleader"),
        ("YourRef", "2026 / 120", "YourRef: 2026 / 120 in Exact, 2026 / 12 in Teamleader"),
        ("EntryDate", "/Date(1772755200000)/", "EntryDate: 2026-03-06 in Exact, 2026-03-05 in Teamleader"),
        ("Currency", "USD", "Currency: USD in Exact, EUR in Teamleader"),
        ("AmountFC", Decimal("121.01"), "AmountFC: 121.01 in Exact, 121.00 in Teamleader"),
        ("AmountFC", Decimal(-121), "AmountFC: -121.00 in Exact, 121.00 in Teamleader"),
        ("VATAmountFC", Decimal("21.01"), "VATAmountFC: 21.01 in Exact, 21.00 in Teamleader"),
        ("DueDate", None, "DueDate: nothing in Exact, 2026-04-04 in Teamleader"),
        ("PaymentCondition", "00", "PaymentCondition: 00 in Exact, 30 in Teamleader"),
        ("Description", "Anders", "Description: Anders in Exact, Factuur 2026 / 12 in Teamleader"),
    ],
)
def test_every_field_that_we_book_is_compared(document: Make, book: Make, field: str, found: Any, words: str) -> None:
    assert [str(each) for each in compare(book(document()), {**ENTRY, field: found}, LINES, CUSTOMER)] == [words]


def test_another_customer_is_a_difference(document: Make, book: Make) -> None:
    assert [each.field for each in compare(book(document()), ENTRY, LINES, "b")] == ["Customer"]


def test_what_was_not_selected_is_not_compared(document: Make, book: Make) -> None:
    assert compare(book(document()), {"YourRef": "2026 / 12"}) == []


def test_totals_are_compared_with_and_without_lines(document: Make, book: Make) -> None:
    row = {**ENTRY, "AmountFC": Decimal("121.01")}
    assert [each.field for each in compare_totals(book(document()), row)] == ["AmountFC"]
    upper = [{**each, "GLAccount": each["GLAccount"].upper()} for each in LINES]
    assert compare_totals(book(document()), ENTRY, upper) == []


def test_identity_does_not_look_at_texts_and_terms(document: Make, book: Make) -> None:
    row = {**ENTRY, "Description": "Anders", "PaymentCondition": "00", "DueDate": None}
    assert compare_identity(book(document()), row, CUSTOMER) == []


def test_lines_differ_per_account_and_vat_code(document: Make, line: Make, book: Make) -> None:
    plan = book(document(line(60, ledger_number="701000"), line(40)))
    assert [str(each) for each in compare_totals(plan, ENTRY, LINES)] == [
        "net on account 700000, VAT code H: 100.00 in Exact, 40.00 in Teamleader",
        "VAT on account 700000, VAT code H: 21.00 in Exact, 8.40 in Teamleader",
        "net on account 701000, VAT code H: 0.00 in Exact, 60.00 in Teamleader",
        "VAT on account 701000, VAT code H: 0.00 in Exact, 12.60 in Teamleader",
    ]


def test_cost_centres_differ_when_they_were_selected(document: Make, book: Make) -> None:
    plan = book(document(department="dep"), cost_centers={"dep": "GENT"}, cost_units={"dep": "P1"})
    assert compare_totals(plan, ENTRY, LINES) == []
    rows = [{**row, "CostCenter": "GENT", "CostUnit": None} for row in LINES]
    assert [each.field for each in compare_totals(plan, ENTRY, rows)] == [
        "net on account 700000, VAT code H, cost centre GENT",
        "VAT on account 700000, VAT code H, cost centre GENT",
        "net on account 700000, VAT code H, cost centre GENT, cost unit P1",
        "VAT on account 700000, VAT code H, cost centre GENT, cost unit P1",
    ]


@pytest.mark.parametrize(("amount", "differs"), [("110.56", False), ("110.58", False), ("110.59", True)])
def test_own_currency_is_compared_within_rounding(document: Make, book: Make, amount: str, *, differs: bool) -> None:
    plan = book(document(currency="USD", exchange_rate=Decimal("0.9137")))
    row = {"AmountFC": Decimal(121), "AmountDC": Decimal(amount), "VATAmountDC": Decimal("19.20")}
    assert [each.field for each in compare_totals(plan, row)] == ["AmountDC"] * differs


def test_differences_become_part_of_a_rejection(document: Make, book: Make) -> None:
    differences = compare(book(document()), {**ENTRY, "AmountFC": Decimal(1)})
    rejection = Rejection.of("conflict", "Another entry", differences=differences)
    assert rejection.field_differences == tuple(differences)
