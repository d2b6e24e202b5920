"""Settings: their form, and whether they fit the administration, all problems at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from exactonline_api.master_data import DatedPercentage
from target_exactonline.booking import MasterData, Rules, SettingsError
from target_exactonline.settings_check import check_settings, stopping_problems

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("no journal", {"invoice_journal": None}, "invoice_journal is not set"),
        ("a journal that is a list", {"credit_note_journal": ["71"]}, "credit_note_journal must be a text"),
        ("one journal for both", {"credit_note_journal": "70"}, "are the same"),
        ("an object that is a list", {"vat_codes": ["H"]}, "vat_codes must be an object"),
        ("a code that is missing", {"vat_codes": {"21%": None}}, "'21%' needs a code"),
        ("one rate in two spellings", {"vat_codes": {"21%": "H", "21,0 %": "M"}}, "given twice"),
        ("one term in two spellings", {"payment_conditions": {"30": "30", "30 days": "14"}}, "given twice"),
        ("an unknown choice", {"on_closed_period": "maybe"}, "on_closed_period must be hold or next_open"),
        ("a date that is none", {"closed_until": "31/03/2026"}, "closed_until must be a date"),
        ("a flag that is a text", {"create_mandates": "yes"}, "create_mandates must be true or false"),
        ("a cost centre that is too long", {"cost_centers": {"dep": "GENT-CENTRUM"}}, "longer than 8"),
        ("account types that are texts", {"other_gl_account_types": ["60"]}, "must be a list of numbers"),
        ("control accounts", {"other_gl_account_types": [20]}, "type 20"),
        ("a description without the number", {"description_template": "Factuur"}, "must hold {number}"),
        ("an entry number without the sequence", {"entry_number_template": "{year}"}, "must hold {sequence}"),
        (
            "payments without a journal",
            {"book_payments": True, "payment_gl_account": "499000"},
            "payment_journal is not set",
        ),
        (
            "payments without a clearing account",
            {"book_payments": True, "payment_journal": "90"},
            "payment_gl_account is not set",
        ),
    ],
)
def test_a_malformed_setting_is_named(
    rules: Callable[..., Rules], name: str, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        rules(**changes)
    assert [words in each for each in caught.value.problems] == [True], name


def test_all_malformed_settings_are_named_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        Rules.from_config({"zero_value_documents": "x", "vat_codes": "x"})
    assert len(caught.value.problems) == 4


def test_numbers_are_taken_for_codes(rules: Callable[..., Rules]) -> None:
    settings = rules(
        invoice_journal=70, vat_codes={"21%": 4}, closed_until="2026-01-31T00:00:00Z", cost_units={"dep": 12345678}
    )
    assert settings.journal_for("invoice") == "70"
    assert settings.vat_codes == {"21%": "4"}
    assert settings.closed_until == date(2026, 1, 31)
    assert settings.cost_units == {"dep": "12345678"}


def test_settings_that_fit(rules: Callable[..., Rules], master: MasterData) -> None:
    assert check_settings(rules(discount_gl_account="708000"), master, TODAY) == []


@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("a journal that does not exist", {"invoice_journal": "99"}, "invoice_journal: Journal 99 does not exist"),
        ("a purchase journal", {"credit_note_journal": "60"}, "credit_note_journal: Journal 60 is of type 22"),
        ("a blocked journal", {"invoice_journal": "72"}, "invoice_journal: Journal 72 is blocked"),
        ("a VAT code that does not exist", {"vat_codes": {"21%": "ZZ"}}, "VAT code ZZ does not exist"),
        ("a blocked VAT code", {"vat_codes": {"21%": "X21"}}, "VAT code X21 is blocked"),
        ("a purchase VAT code", {"vat_codes": {"21%": "A21"}}, "VAT code A21 is not for sales"),
        ("a VAT code Including", {"vat_codes": {"21%": "I21"}}, "VAT code I21 is of type I"),
        ("another percentage", {"vat_codes": {"21%": "M"}}, "VAT code M is 12% on 2026-03-05"),
        ("a percentage in a description", {"vat_codes": {"6% boeken": "M"}}, "VAT code M is 12% on 2026-03-05"),
        (
            "an account that does not exist",
            {"default_gl_account": "799999"},
            "default_gl_account: Ledger account 799999",
        ),
        ("a mapped receivable account", {"gl_accounts": {"A": "400000"}}, "gl_accounts, 'A': Ledger account 400000"),
        ("a blocked discount account", {"discount_gl_account": "709000"}, "discount_gl_account: Ledger account 709000"),
        ("an unknown payment condition", {"payment_conditions": {"45": "45"}}, "payment condition 45 does not exist"),
        ("an unknown default condition", {"default_payment_condition": "99"}, "default_payment_condition: payment"),
        ("direct debit that does not collect", {"payment_conditions": {"direct_debit": "30"}}, "not I (collection)"),
        ("books closed up to today", {"closed_until": "2026-03-05"}, "closed_until: 2026-03-05"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(
    rules: Callable[..., Rules], master: MasterData, name: str, changes: dict[str, Any], words: str
) -> None:
    lines = check_settings(rules(**changes), master, TODAY)
    assert [words in each for each in lines] == [True], name


def test_all_problems_are_listed_at_once_and_only_journals_stop_a_run(
    rules: Callable[..., Rules], master: MasterData
) -> None:
    settings = rules(
        invoice_journal="99",
        credit_note_journal="60",
        vat_codes={"21%": "ZZ", "6%": "M"},
        default_gl_account="400000",
        default_payment_condition="99",
    )
    assert len(check_settings(settings, master, TODAY)) == 6
    assert len(stopping_problems(settings, master)) == 2


def test_a_percentage_is_checked_on_the_day(rules: Callable[..., Rules], master: MasterData) -> None:
    history = (DatedPercentage(date(2027, 1, 1), None, Decimal("0.22")),)
    high = replace(master.vat_codes["H"], history=history)
    changed = replace(master, vat_codes={**master.vat_codes, "H": high})
    assert check_settings(rules(), changed, TODAY) == []
    future = check_settings(rules(), changed, date(2027, 2, 1))
    assert any("VAT code H is 22% on 2027-02-01" in each for each in future)
    assert any("no financial period for 2027-02-01" in each for each in future)
