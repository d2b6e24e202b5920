"""The data that the sandbox starts with."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from stdnum import get_cc_module, iban

from sandbox.exact.seed import COMPANY_VAT_NUMBER
from sandbox.options import Clock, Options
from sandbox.teamleader.summary import summary
from sandbox.world import World

TODAY = date(2026, 6, 25)


def is_vat_number(number: str) -> bool:
    module = get_cc_module(number[:2].lower(), "vat")
    return module is not None and module.is_valid(number)


@pytest.fixture(scope="module")
def world() -> World:
    return World.create(Options(today=TODAY))


@pytest.fixture(scope="module")
def companies(world: World) -> list[Any]:
    return list(world.teamleader.customers["company"].values())


def test_there_is_enough_of_everything(world: World, companies: list[Any]) -> None:
    state = world.teamleader
    contacts = state.customers["contact"]
    booked = [each for each in state.documents["invoice"].values() if each.is_booked]

    assert len(companies) + len(contacts) >= 160
    assert 0.15 <= len(contacts) / (len(companies) + len(contacts)) <= 0.25
    assert len(booked) >= 320
    assert len({(each.customer_type, each.customer_id) for each in booked}) >= 150
    assert len(state.documents["credit_note"]) >= 45
    assert len(state.documents["invoice"]) > len(booked)
    assert state.subscriptions


def test_the_same_seed_and_day_give_the_same_data(world: World) -> None:
    again, other = World.create(Options(today=TODAY)), World.create(Options(today=TODAY, seed=2))

    assert summary(again.teamleader) == summary(world.teamleader)
    assert again.teamleader.customers == world.teamleader.customers
    assert again.exact["crm/Accounts"].rows.keys() == world.exact["crm/Accounts"].rows.keys()
    assert summary(other.teamleader) != summary(world.teamleader)


def test_vat_numbers_and_bank_accounts_are_valid(companies: list[Any]) -> None:
    numbers = [row["vat_number"] for row in companies if row["vat_number"]]
    assert len(numbers) == len({"".join(filter(str.isalnum, number)) for number in numbers}) > 100
    for number in numbers:
        assert is_vat_number(number), number
    for row in companies:
        assert not row["iban"] or iban.is_valid(row["iban"])


def test_customers_have_names_that_break_things(companies: list[Any]) -> None:
    names = [row["name"] for row in companies]

    assert len(names) == len(set(names))
    for part in ("O'Brien", "d'Hondt & Zn", "é", "Ø", '"', "<", "%", "ö"):
        assert any(part in name for name in names), part
    assert max(len(name) for name in names) > 100
    assert {row["vat_number"][:2] for row in companies} == {"BE", "NL", "FR", "DE", ""}
    assert any(" " in row["vat_number"] for row in companies)
    assert any({"primary", "invoicing"} <= {each["type"] for each in row["addresses"]} for row in companies)


def test_every_kind_of_document_is_there(world: World) -> None:
    documents = [each for rows in world.teamleader.documents.values() for each in rows.values() if each.is_booked]
    lines = [line for each in documents for line in each.lines]
    rates = {row["id"]: row["description"] for row in world.teamleader.tax_rates}

    assert {rates[line.tax_rate_id] for line in lines} == {
        *("21%", "12%", "6%", "0%"),
        *("0% Intracommunautair", "0% Medecontractant", "0% Export", "0% Vrijgesteld"),
        "21% OSS Nederland",
    }
    assert {each.currency for each in documents} == {"EUR", "USD", "GBP"}
    assert all((each.rate == 1) == (each.currency == "EUR") for each in documents)
    assert {len(each.lines) for each in documents} >= {1, 2, 3, 4, 5, 10, 11, 12}
    assert any(line.discount for line in lines)
    assert any(each.discounts for each in documents)
    assert any(len(each.discounts) == 2 for each in documents)
    assert any(line.unit_price < 0 for line in lines)
    assert any(each.totals.gross < 0 for each in documents)
    assert any(line.quantity % 1 for line in lines)
    assert any(line.unit_price.as_tuple().exponent == -4 for line in lines)
    assert any(line.category_id is None for line in lines)
    assert {each.payment_method for each in documents} >= {"sepa_direct_debit", "direct_debit", "bank_transfer", None}
    assert {tuple(each.term) for each in documents} >= {
        ("cash", 0),
        ("after_invoice_date", 14),
        ("after_invoice_date", 30),
        ("end_of_month", 30),
        ("after_invoice_date", 60),
    }
    assert any(each.purchase_order for each in documents)
    assert any(each.note for each in documents)
    assert any(each.subscription_id for each in documents)


def test_within_the_eu_the_customer_has_a_vat_number(world: World) -> None:
    rates = {row["id"]: row["description"] for row in world.teamleader.tax_rates}

    for document in world.teamleader.documents["invoice"].values():
        descriptions = {rates[line.tax_rate_id] for line in document.lines}
        if "0% Intracommunautair" in descriptions:
            assert (document.vat_number or "")[:2] in {"NL", "FR", "DE"}
        if "0% Medecontractant" in descriptions:
            assert (document.vat_number or "").startswith("BE")


def test_credit_notes_are_full_and_partial_linked_and_not(world: World) -> None:
    notes = list(world.teamleader.documents["credit_note"].values())
    invoices = world.teamleader.documents["invoice"]
    kinds = Counter(
        "unlinked"
        if each.credited_id is None
        else "full"
        if each.totals == invoices[each.credited_id].totals
        else "partial"
        for each in notes
    )

    assert min(kinds["full"], kinds["partial"], kinds["unlinked"]) >= 5
    assert all(each.totals.gross > 0 for each in notes)


def test_totals_add_up_and_nothing_is_worth_nothing(world: World) -> None:
    for rows in world.teamleader.documents.values():
        for each in rows.values():
            assert each.totals.net + each.totals.vat == each.totals.gross
            assert sum(tax.taxable for tax in each.totals.taxes) == each.totals.net
            assert each.totals.gross != 0
            assert all(line.quantity * line.unit_price != 0 for line in each.lines)
            assert each.totals.vat == each.totals.vat.quantize(Decimal("0.01"))


def test_numbers_have_no_gaps_and_rise_with_the_dates(world: World) -> None:
    for kind in ("invoice", "credit_note"):
        booked = [each for each in world.teamleader.documents[kind].values() if each.is_booked]
        numbers = [[int(part) for part in str(each.number).split("/")] for each in booked]
        years = Counter(year for year, _ in numbers)
        for year, count in years.items():
            assert sorted(number for each, number in numbers if each == year) == list(range(1, count + 1))
        assert sorted(zip(numbers, (each.date for each in booked), strict=True)) == sorted(
            zip(numbers, sorted(each.date for each in booked if each.date), strict=True)
        )


def test_references_have_right_check_digits(world: World) -> None:
    references = [each.payment_reference for each in world.teamleader.documents["invoice"].values()]
    given = ["".join(filter(str.isdigit, each)) for each in references if each]

    assert len(given) > 250
    assert None in references
    assert all(int(digits[:10]) % 97 == int(digits[10:]) % 97 and 1 <= int(digits[10:]) <= 97 for digits in given)


def test_dates_lie_in_the_last_ten_months_and_never_ahead(world: World) -> None:
    midnight = Clock(TODAY)().replace(hour=0, minute=0, second=0, microsecond=0)
    for rows in world.teamleader.documents.values():
        for each in rows.values():
            assert each.created_at <= each.updated_at <= midnight
            if each.date is not None:
                assert TODAY - timedelta(days=310) <= each.date < TODAY
    periods = {(row["FinYear"], row["FinPeriod"]) for row in world.exact["financial/FinancialPeriods"]}
    dated = [each for rows in world.teamleader.documents.values() for each in rows.values() if each.date]
    assert {(each.date.year, each.date.month) for each in dated if each.date} <= periods


def test_the_department_and_the_administration_are_one_company(world: World) -> None:
    assert world.teamleader.departments[0]["vat_number"] == COMPANY_VAT_NUMBER
    assert is_vat_number(COMPANY_VAT_NUMBER)


def test_ledger_accounts_of_the_categories_are_revenue_accounts(world: World) -> None:
    numbers = {each["ledger_account_number"] for row in world.teamleader.product_categories for each in row["ledgers"]}
    accounts = {row["Code"]: row for row in world.exact["financial/GLAccounts"]}

    assert {accounts[number]["Type"] for number in numbers} == {110}
    assert not any(accounts[number].get("IsBlocked") for number in numbers)


@pytest.mark.parametrize("customers", [1, 3])
def test_a_tiny_sandbox_still_has_invoices(customers: int) -> None:
    state = World.create(Options(customers=customers, invoices=25, credit_notes=5)).teamleader

    assert sum(each.is_booked for each in state.documents["invoice"].values()) == 25
    assert len(state.documents["credit_note"]) == 5
