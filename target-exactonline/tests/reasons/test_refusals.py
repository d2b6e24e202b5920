"""What Exact's own words mean (the messages of the reference, in Dutch and English)."""

from __future__ import annotations

import pytest

from target_exactonline.reasons import CATALOGUE, closed_period, explain


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("Periode is afgesloten: 2024-03", "period_closed"),
        ("Period is closed", "period_closed"),
        ("Unknown: Financial year (Period-date table)", "period_missing"),
        ("Onbekend: Boekjaar (Periode-datumtabel)", "period_missing"),
        ("In gebruik: Boekstuknummer.", "entry_number_taken"),
        ("Already exists - Entry number 26700001, Journal 70", "entry_number_taken"),
        ("Te lang: Omschrijving (maximaal 60 tekens)", "text_too_long"),
        ("Ongeldig: Grootboekrekeningtype", "gl_account_not_revenue"),
        ("Invalid: G/L account type", "gl_account_not_revenue"),
        ("Ongeldige referentie: Grootboekrekening", "gl_account_unknown"),
        ("Geblokkeerd: Grootboekrekening", "gl_account_blocked"),
        ("Blocked: G/L account", "gl_account_blocked"),
        ("Ongeldige referentie: Btw-code", "vat_code_missing"),
        ("Invalid reference: VAT-code", "vat_code_missing"),
        ("Niet toegestaan: Btw-code", "vat_code_type"),
        ("Not allowed: VAT-code", "vat_code_type"),
        ("Een btw bedrag is niet toegestaan omdat de btw-code geen btw heeft", "vat_code_type"),
        ("Ongeldig: Btw-percentage []", "vat_percentage_differs"),
        ("Ongeldige referentie: Journals", "journal_missing"),
        ("Mandatory: Diary", "journal_missing"),
        ("Ongeldig: Dagboek", "journal_missing"),
        ("Invalid: Journal (type)", "journal_not_sales"),
        ("Verplicht: Betalingsconditie", "payment_condition_missing"),
        ("Ongeldige referentie: Betalingsconditie", "payment_condition_unknown"),
        ("Ongeldige referentie: Valuta", "currency_unknown"),
        ("Niet toegestaan: Valuta", "currency_not_allowed"),
        ("Invalid reference: Cost unit", "cost_center_unknown"),
        ("Verplicht: Kostenplaats", "cost_center_unknown"),
        ("Bestaat reeds: Mandaat referentie", "mandate_missing"),
        ("Geblokkeerd: Klant", "customer_blocked"),
        ("Blocked: Customer", "customer_blocked"),
        ("Ongeldig: Klant (Type)", "customer_refused"),
        ("Mandatory: Account", "customer_refused"),
        ("Mandatory: Relationship", "customer_refused"),
        ("Invalid: Email []", "customer_refused"),
        (
            "De klantenrekening van deze relatie is niet gelijk aan de rekening van het gebruikte verkoopdagboek",
            "customer_refused",
        ),
        ("Gegeven bestaat reeds.", "refused_by_exact"),
        ("Reeds verwerkt", "refused_by_exact"),
        ("", "refused_by_exact"),
    ],
)
def test_a_refusal_is_recognised(message: str, code: str) -> None:
    assert explain([message]).code == code


def test_exacts_own_words_are_kept_on_one_line() -> None:
    rejection = explain(["Verplicht: Klant\r\nVerplicht: Dagboek", "Verplicht: Klant"])
    assert rejection.reason == "Exact refuses it: Verplicht: Klant · Verplicht: Dagboek"


def test_facts_fill_the_hint_and_without_them_it_is_the_general_one() -> None:
    assert "2026-03-05" in explain(["Periode is afgesloten"], date="2026-03-05").hint
    assert explain(["Periode is afgesloten"]).hint == CATALOGUE["refused_by_exact"].hint


def test_an_email_address_is_not_repeated() -> None:
    assert "jan@" not in explain(["Ongeldig: E-mail [jan@example.be]"]).reason


@pytest.mark.parametrize(
    ("message", "period"),
    [
        ("Periode is afgesloten: 2024-03", (2024, 3)),
        ("Period is closed: 2025/12", (2025, 12)),
        ("Periode is afgesloten", None),
        ("Ongeldig: Klant (Type)", None),
    ],
)
def test_the_closed_period_is_read_from_the_refusal(message: str, period: tuple[int, int] | None) -> None:
    assert closed_period([message]) == period
