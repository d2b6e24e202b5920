"""Which ledger account, cost centre and cost unit a line is booked on."""

from __future__ import annotations

from typing import Any

import pytest

Make = Any


@pytest.mark.parametrize(
    ("name", "number", "settings", "account"),
    [
        ("the mapped account", "SALES", {"gl_accounts": {"SALES": "701000"}}, "701000"),
        ("the mapping wins over the same number", "701000", {"gl_accounts": {"701000": "702000"}}, "702000"),
        ("the same number", "702000", {}, "702000"),
        ("no number: the default", None, {}, "700000"),
        ("a blank number: the default", " ", {}, "700000"),
        ("exceptional income", "743000", {}, "743000"),
        ("advances received, when allowed", "460000", {"other_gl_account_types": [60]}, "460000"),
    ],
)
def test_a_line_is_booked_on(
    document: Make, line: Make, book: Make, name: str, number: str | None, settings: Any, account: str
) -> None:
    plan = book(document(line(100, ledger_number=number)), **settings)
    assert plan.lines[0].gl_account.code == account, name
    assert plan.line_bodies()[0]["GLAccount"] == f"id-{account}"


@pytest.mark.parametrize(
    ("name", "number", "settings", "code"),
    [
        ("nothing to go by", None, {"default_gl_account": None}, "gl_account_missing"),
        ("a number that Exact does not know, never the default", "799999", {}, "gl_account_unknown"),
        ("a mapping to an unknown account", "701000", {"gl_accounts": {"701000": "799999"}}, "gl_account_unknown"),
        ("a receivable account", "400000", {}, "gl_account_not_revenue"),
        ("a VAT account", "451000", {}, "gl_account_not_revenue"),
        ("advances received, unless allowed", "460000", {}, "gl_account_not_revenue"),
        ("a blocked account", "709000", {}, "gl_account_blocked"),
    ],
)
def test_a_line_cannot_be_booked_on(
    document: Make, line: Make, refusal: Make, name: str, number: str | None, settings: Any, code: str
) -> None:
    assert refusal(document(line(100, ledger_number=number)), **settings).code == code, name


def test_a_category_without_a_name_is_refused_unless_its_id_is_mapped(
    document: Make, line: Make, book: Make, refusal: Make
) -> None:
    """Line 7: an id that the source cannot name never goes to the default account."""
    unknown = document(line(100, product_category_id="c-1", product_category=None))
    assert refusal(unknown).code == "gl_account_unknown"
    assert "c-1" in refusal(unknown).hint
    assert book(unknown, gl_accounts={"c-1": "701000"}).lines[0].gl_account.code == "701000"


def test_a_category_with_a_name_and_no_ledger_number_goes_to_the_default(
    document: Make, line: Make, book: Make
) -> None:
    """Line 7: somebody left its ledger number open."""
    known = document(line(100, product_category_id="c-1", product_category="Diensten"))
    assert book(known).lines[0].gl_account.code == "700000"


def test_the_ledger_number_wins_over_the_id_of_the_category(document: Make, line: Make, book: Make) -> None:
    known = document(line(100, ledger_number="702000", product_category_id="c-1", product_category=None))
    assert book(known, gl_accounts={"c-1": "701000"}).lines[0].gl_account.code == "702000"


def test_the_discount_account_is_checked_too(document: Make, line: Make, refusal: Make) -> None:
    record = document(line(100), taxes=[("0.21", "90.00", "18.90")], discounts=[{"percentage": 10}])
    assert refusal(record, discount_gl_account="799999").code == "gl_account_unknown"


def test_cost_centres_follow_the_category_before_the_department(document: Make, line: Make, book: Make) -> None:
    record = document(
        line(100, product_category="cat-1"),
        line(50),
        taxes=[("0.21", "135.00", "28.35")],
        discounts=[{"percentage": 10}],
        department="dep-1",
    )
    plan = book(
        record,
        discount_gl_account="708000",
        cost_centers={"cat-1": "WEB", "dep-1": "GENT"},
        cost_units={"cat-1": "P1"},
    )
    assert [(each.cost_center, each.cost_unit) for each in plan.lines] == [
        ("WEB", "P1"),
        ("GENT", None),
        ("GENT", None),
    ]
