"""What is proposed is right, and what is doubtful stays open (issue 10, item 6)."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from bridge.cli import main
from bridge.setup.administration import LedgerAccount
from bridge.setup.checks.run import findings
from bridge.setup.department import TaxRate
from bridge.setup.suggestions.run import suggestions
from bridge.words import gettext_for
from exactonline_api.master_data import Journal, PaymentCondition, VatCode

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.setup.facts import Facts
    from conftest import BothSides

SETTINGS = ("invoice_journal", "credit_note_journal", "vat_codes", "gl_accounts", "default_gl_account")
MORE = ("discount_gl_account", "payment_conditions", "default_payment_condition")


def vat(code: str, fraction: str, description: str, kind: str = "E", transaction: str = "S", **more: Any) -> VatCode:
    return VatCode(code, kind, transaction, Decimal(fraction), description=description, **more)


def account(code: str, description: str = "", kind: int = 110, *, blocked: bool = False) -> LedgerAccount:
    return LedgerAccount(id=f"id-{code}", code=code, type=kind, description=description, blocked=blocked)


def condition(code: str, days: int, months: int = 0, method: str = "B") -> PaymentCondition:
    return PaymentCondition(code, days, months, method, f"{days} dagen")


def rates(*given: tuple[str, str]) -> tuple[TaxRate, ...]:
    return tuple(TaxRate(f"rate-{number}", name, Decimal(of)) for number, (name, of) in enumerate(given))


def by_code(*given: Any) -> dict[str, Any]:
    return {each.code: each for each in given}


def facts(right: Facts, *, country: str = "BE", categories: dict[str, str | None], **tables: Any) -> Facts:
    """Return an administration of these tables, and a department with these rates, with nothing set yet."""
    department = replace(right.department, tax_rates=tables.pop("tax_rates"), categories=categories)
    journals = tables["journals"]
    administration = replace(
        right.administration,
        row={**(right.administration.row or {}), "Country": country},
        journal_accounts=dict.fromkeys(journals, "400000"),
        **tables,
    )
    target = {name: value for name, value in right.target.items() if name not in {*SETTINGS, *MORE}}
    return replace(right, administration=administration, department=department, target=target, payments={})


BELGIAN_RATES = rates(
    ("21%", "0.21"),
    ("6%", "0.06"),
    ("0% Intracommunautair", "0"),
    ("0% Medecontractant", "0"),
    ("0% Export", "0"),
    ("21% OSS Nederland", "0.21"),
)
DUTCH_RATES = rates(("21%", "0.21"), ("9%", "0.09"), ("0%", "0"), ("0% verlegd", "0"), ("0% Diensten binnen EU", "0"))
SALES = by_code(Journal("70", 20, "EUR", description="Verkopen"), Journal("71", 20, "EUR", description="Creditnota's"))
CONDITIONS = by_code(
    *(condition("00", 0, method="K"), condition("08", 8), condition("14", 14), condition("30", 30)),
    *(condition("30E", 30, 1), condition("60", 60), condition("DD", 14, method="I")),
)


def belgian(right: Facts, **changes: Any) -> Facts:
    tables: dict[str, Any] = {
        "tax_rates": BELGIAN_RATES,
        "journals": {**SALES, "60": Journal("60", 22, "EUR", description="Aankopen")},
        "vat_codes": by_code(
            vat("1", "0.21", "BTW 21%"),
            vat("2", "0.06", "BTW 6%"),
            vat("3", "0", "Intracommunautaire levering", "B", eu_listing="L"),
            vat("4", "0", "Medecontractant", "B"),
            vat("5", "0", "Uitvoer buiten EU", "B"),
            vat("6", "0.21", "OSS Nederland 21%", oss_country="NL"),
            vat("9", "0.21", "Aankoop 21%", transaction="P"),
        ),
        "gl_accounts": by_code(
            account("700000", "Verkopen"), account("708000", "Toegestane kortingen"), account("400000", "Klanten", 20)
        ),
        "payment_conditions": CONDITIONS,
    }
    return facts(right, categories={"Werk": "7000", "Diversen": None}, **{**tables, **changes})


def dutch(right: Facts) -> Facts:
    return facts(
        right,
        country="NL",
        categories={"Werk": "8000"},
        tax_rates=DUTCH_RATES,
        journals=by_code(
            Journal("70", 20, "EUR", description="Verkoopboek"), Journal("90", 90, description="Memoriaal")
        ),
        vat_codes=by_code(
            vat("2", "0.21", "BTW hoog tarief"),
            vat("22", "0.21", "BTW hoog tarief inclusief", "I"),
            vat("1", "0.09", "BTW laag tarief"),
            vat("0", "0", "BTW nul tarief", "B"),
            vat("6", "0", "Btw verlegd", "B"),
            vat("7", "0", "Leveringen binnen EU", "B", eu_listing="L"),
            vat("8", "0", "Diensten binnen EU", "B", eu_listing="S"),
            vat("5", "0.21", "Btw te vorderen hoog", transaction="P"),
        ),
        gl_accounts=by_code(account("8000", "Omzet"), account("8010", "Omzet laag"), account("1300", "Debiteuren", 20)),
        payment_conditions=CONDITIONS,
    )


def renamed(right: Facts) -> Facts:
    """The codes have names that say nothing of their kind."""
    plain = belgian(right)
    codes = {
        code: replace(each, description=f"Code {code}") for code, each in (plain.administration.vat_codes or {}).items()
    }
    journals = by_code(Journal("A", 20, "EUR", description="Boek A"), Journal("B", 20, "EUR", description="Boek B"))
    accounts = dict.fromkeys(journals, "400000")
    administration = replace(plain.administration, vat_codes=codes, journals=journals, journal_accounts=accounts)
    return replace(plain, administration=administration)


def doubled(right: Facts) -> Facts:
    """Everything is there twice."""
    plain = belgian(right).administration
    twice = {}
    for name in ("vat_codes", "journals", "gl_accounts", "payment_conditions"):
        table = getattr(plain, name)
        twice[name] = {**table, **{f"{code}0": replace(each, code=f"{code}0") for code, each in table.items()}}
    accounts = dict.fromkeys(twice["journals"], "400000")
    return replace(belgian(right), administration=replace(plain, **twice, journal_accounts=accounts))


def included_and_blocked(right: Facts) -> Facts:
    """All that fits by its name has VAT included or is blocked."""
    return belgian(
        right,
        vat_codes=by_code(
            vat("1", "0.21", "BTW 21%", "I"),
            vat("2", "0.06", "BTW 6%", blocked=True),
            vat("3", "0", "Intracommunautaire levering", "B", eu_listing="L", blocked=True),
            vat("4", "0", "Medecontractant", "B", transaction="P"),
            vat("5", "0.12", "Uitvoer buiten EU"),
        ),
        gl_accounts=by_code(account("700000", "Verkopen", blocked=True), account("708000", "Kortingen", 60)),
        journals=by_code(
            Journal("70", 20, blocked=True, description="Verkopen"), Journal("71", 21, description="Creditnota's")
        ),
        payment_conditions=by_code(condition("30", 31), condition("DD", 15, method="B")),
    )


def proposed(found: Facts) -> dict[str, Any]:
    return suggestions(found).settings.get("target-exactonline", {})


def left_open(found: Facts) -> set[tuple[str, str | None]]:
    return {(each.setting, each.key) for each in suggestions(found).open}


TERMS = {"cash": "00", "8": "08", "14": "14", "30": "30", "30 end_of_month": "30E", "60": "60", "direct_debit": "DD"}


def test_a_belgian_chart_is_set_up_whole(right: Facts) -> None:
    assert proposed(belgian(right)) == {
        "invoice_journal": "70",
        "credit_note_journal": "71",
        "vat_codes": {
            "21%": "1",
            "6%": "2",
            "0% Intracommunautair": "3",
            "0% Medecontractant": "4",
            "0% Export": "5",
            "21% OSS Nederland": "6",
        },
        "gl_accounts": {"7000": "700000"},
        "default_gl_account": "700000",
        "discount_gl_account": "708000",
        "payment_conditions": TERMS,
        "default_payment_condition": "30",
    }
    assert left_open(belgian(right)) == set()


def test_of_a_dutch_chart_what_is_doubtful_stays_open(right: Facts) -> None:
    found = dutch(right)
    assert proposed(found) == {
        "invoice_journal": "70",
        "vat_codes": {"21%": "2", "9%": "1", "0%": "0", "0% verlegd": "6", "0% Diensten binnen EU": "8"},
        "payment_conditions": TERMS,
        "default_payment_condition": "30",
    }
    assert left_open(found) == {("credit_note_journal", None), ("default_gl_account", None)}


def test_renamed_codes_are_taken_for_nothing(right: Facts) -> None:
    found = renamed(right)
    assert "invoice_journal" not in proposed(found)
    assert "credit_note_journal" not in proposed(found)
    # Its country stands in a field of its own, and that of the EU sales list too.
    assert proposed(found).get("vat_codes", {}) == {}
    assert {("vat_codes", rate.description) for rate in BELGIAN_RATES} <= left_open(found)


def test_of_what_is_there_twice_nothing_is_chosen(right: Facts) -> None:
    assert proposed(doubled(right)) == {}
    candidates = {each.key: each.candidates for each in suggestions(doubled(right)).open if each.setting == "vat_codes"}
    assert candidates["21%"] == ("1", "10")


def test_included_and_blocked_codes_are_never_proposed(right: Facts) -> None:
    found = included_and_blocked(right)
    assert proposed(found) == {}
    assert {("vat_codes", "21%"), ("vat_codes", "6%"), ("invoice_journal", None)} <= left_open(found)


@pytest.mark.parametrize("administration", [belgian, dutch, renamed, doubled, included_and_blocked])
def test_the_check_finds_nothing_wrong_with_what_is_proposed(right: Facts, administration: Any) -> None:
    found = administration(right)
    settled = replace(found, target={**found.target, **proposed(found)})
    wrong = {each.code for each in findings(settled) if each.level == "red"}
    nothing_chosen = {"journal_not_chosen", "tax_rate_unmapped", "ledger_account_unknown", "ledger_account_blocked"}
    assert wrong <= nothing_chosen


@pytest.mark.parametrize("language", ["nl", "fr"])
@pytest.mark.parametrize("administration", [belgian, dutch, renamed, doubled, included_and_blocked])
def test_why_is_told_in_the_readers_language(right: Facts, administration: Any, language: str) -> None:
    found = suggestions(administration(right))
    translated = gettext_for(language, "setup")
    told = [each.reason for each in (*found.proposed, *found.open)]
    assert told
    assert [reason for reason in told if translated(reason) == reason] == []


def test_what_is_set_and_can_be_used_stays(right: Facts) -> None:
    found = doubled(right)
    settled = replace(found, target={**found.target, "invoice_journal": "700", "vat_codes": {"21%": "10"}})
    assert proposed(settled) == {"invoice_journal": "700", "vat_codes": {"21%": "10"}}


def test_a_blocked_choice_is_not_kept(right: Facts) -> None:
    found = belgian(right)
    settled = replace(found, target={**found.target, "vat_codes": {"21%": "9"}})
    assert proposed(settled)["vat_codes"]["21%"] == "1"


def test_the_command_writes_only_when_it_is_accepted(
    user_project: Path, sides: BothSides, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TARGET_EXACTONLINE_PAYMENT_CONDITIONS")
    monkeypatch.delenv("TARGET_EXACTONLINE_INVOICE_JOURNAL")
    sides.sandbox.add_invoice(currency="USD", rate="0.9")

    def run(*arguments: str) -> Any:
        ran = CliRunner().invoke(main, ["suggest", "--output", "json", *arguments])
        assert ran.exit_code == 0, ran.output
        return json.loads(ran.stdout)

    first = run()
    assert set(first) == {"settings", "why", "open"}
    assert first["settings"]["target-exactonline"]["invoice_journal"] == "70"
    assert first["settings"]["target-exactonline"]["payment_conditions"]["30 end_of_month"] == "30E"
    assert run() == first
    run("--accept")
    kept = {each["setting"]: each["reason"] for each in run()["why"]}
    assert kept["invoice_journal"] == "it is set already, and can be used"
    assert user_project.is_dir()
