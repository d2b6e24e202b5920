"""Payment conditions and due dates (accounting rules 17 and 30)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from exactonline_api.master_data import PaymentCondition
from exactonline_api.setting_keys import canonical_term
from target_exactonline.booking.terms import due_dates, month_end

Make = Any


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("30", "30"),
        ("30 days", "30"),
        ("30 after_invoice_date", "30"),
        ("30 end_of_month", "30 end_of_month"),
        ("30 End of month", "30 end_of_month"),
        ("030", "30"),
        ("Cash", "cash"),
        ("direct debit", "direct_debit"),
        ("direct-debit", "direct_debit"),
    ],
)
def test_a_term_has_many_spellings(spelling: str, canonical: str) -> None:
    assert canonical_term(spelling) == canonical


def term(kind: str, days: int | None = None) -> dict[str, Any]:
    return {"payment_term": {"type": kind, "days": days}}


@pytest.mark.parametrize(
    ("name", "changes", "condition", "warned"),
    [
        ("30 days", term("after_invoice_date", 30), "30", False),
        ("30 days, end of month", term("end_of_month", 30), "30E", False),
        ("cash", term("cash"), "00", False),
        ("nought days is cash", term("after_invoice_date", 0), "00", False),
        ("direct debit, whatever the term", {"payment_method": "direct_debit"}, "DD", False),
        ("45 days is not mapped: the default, with a warning", term("after_invoice_date", 45), "30", True),
        ("no term: the default", {"payment_term": None}, "30", False),
    ],
)
def test_the_payment_condition(
    document: Make, book: Make, name: str, changes: dict[str, Any], condition: str, *, warned: bool
) -> None:
    plan = book(document(due_date=None, **changes))
    assert (plan.payment_condition, bool(plan.warnings)) == (condition, warned), name
    assert plan.body("c")["PaymentCondition"] == condition


@pytest.mark.parametrize(
    ("name", "changes", "settings", "code"),
    [
        (
            "a mapped condition that does not exist",
            {},
            {"payment_conditions": {"30": "99"}},
            "payment_condition_unknown",
        ),
        (
            "a default that does not exist",
            term("after_invoice_date", 45),
            {"default_payment_condition": "99"},
            "payment_condition_unknown",
        ),
        (
            "direct debit mapped to a condition that does not collect",
            {"payment_method": "direct_debit"},
            {"payment_conditions": {"direct_debit": "30"}},
            "payment_condition_not_collection",
        ),
    ],
)
def test_a_condition_that_cannot_be_used(
    document: Make, refusal: Make, name: str, changes: dict[str, Any], settings: dict[str, Any], code: str
) -> None:
    assert refusal(document(**changes), **settings).code == code, name


def test_without_mapping_or_default_exact_takes_the_customers_condition(document: Make, book: Make) -> None:
    plan = book(document(), payment_conditions={}, default_payment_condition=None)
    assert "PaymentCondition" not in plan.body("c")
    assert plan.body("c")["DueDate"] == "2026-04-04"
    assert "customer's payment condition" in plan.warnings[0]


@pytest.mark.parametrize(
    ("name", "condition", "expected"),
    [
        ("days", PaymentCondition("30", 30), {date(2026, 3, 2)}),
        ("end of this month", PaymentCondition("E", 0, 1), {date(2026, 1, 31)}),
        ("end of month and days: both readings", PaymentCondition("E", 30, 1), {date(2026, 3, 31), date(2026, 3, 2)}),
        ("end of next month", PaymentCondition("E", 0, 2), {date(2026, 2, 28)}),
    ],
)
def test_due_dates_of_a_condition(name: str, condition: PaymentCondition, expected: set[date]) -> None:
    assert due_dates(condition, date(2026, 1, 31)) == expected, name


def test_month_end_over_the_year() -> None:
    assert month_end(date(2027, 12, 3), 2) == date(2028, 2, 29)


@pytest.mark.parametrize(("due", "warned"), [("2026-04-04", False), ("2026-04-30", True), (None, False)])
def test_the_documents_due_date_counts(document: Make, book: Make, due: str | None, *, warned: bool) -> None:
    plan = book(document(due_date=due))
    assert plan.body("c").get("DueDate") == due
    assert any("due date" in each for each in plan.warnings) is warned
