"""Which VAT code a line gets, and which codes a sales line may have (accounting rules 10 to 14)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from exactonline_api.master_data import DatedPercentage, VatCode
from exactonline_api.setting_keys import canonical_rate, percent
from target_exactonline.booking import CustomerFacts, EntryPlan, MasterData, Rules, compose_entry
from target_exactonline.reasons import Rejection

if TYPE_CHECKING:
    from collections.abc import Callable

Make = Any


@pytest.mark.parametrize(
    ("spelling", "canonical"),
    [
        ("21%", "21%"),
        ("21,0 %", "21%"),
        ("21.00%", "21%"),
        (" 21 ", "21%"),
        ("5,5 %", "5.5%"),
        ("0%", "0%"),
        ("00,00 %", "0%"),
        ("0%  Intracommunautair ", "0% intracommunautair"),
        ("BTW verlegd", "btw verlegd"),
    ],
)
def test_a_rate_has_many_spellings(spelling: str, canonical: str) -> None:
    assert canonical_rate(spelling) == canonical


@pytest.mark.parametrize(("fraction", "text"), [("0.21", "21%"), ("0.055", "5.5%"), ("0", "0%"), ("0.200", "20%")])
def test_a_fraction_is_shown_as_a_percentage(fraction: str, text: str) -> None:
    assert percent(Decimal(fraction)) == text


@pytest.mark.parametrize(
    ("name", "source", "code"),
    [
        ("the bare rate", {"tax_rate": "0.21"}, "H"),
        ("the description wins over the rate", {"tax_rate": "0", "description": "0% Medecontractant"}, "MC"),
        ("whatever its case and spaces", {"tax_rate": "0", "description": "0%  INTRACOMMUNAUTAIR"}, "IC"),
        ("the id wins over the description", {"tax_rate": "0", "description": "0% Export", "id": "Rate-1"}, "VR"),
        ("an id that is not mapped leaves it to the description", {"tax_rate": "0", "description": "0% Export"}, "EX"),
        ("a description that is not mapped leaves it to the rate", {"tax_rate": "0.06", "description": "Boeken"}, "L"),
    ],
)
def test_the_id_wins_over_the_description_over_the_rate(
    document: Make, line: Make, book: Make, name: str, source: dict[str, str], code: str
) -> None:
    more = {"tax_rate_description": source["description"]} if "description" in source else {}
    content = line(100, source["tax_rate"], tax_rate_id=source.get("id", "other"), **more)
    codes = {"rate-1": "VR", "21%": "H", "6%": "L", "0% Medecontractant": "MC", "0% Export": "EX"}
    codes["0% Intracommunautair"] = "IC"
    plan = book(document(content), vat_codes=codes)
    assert plan.lines[0].vat_code == code, name


def test_zero_percent_booked_by_its_percentage_only_is_warned_about(document: Make, line: Make, book: Make) -> None:
    plan = book(document(line(100, "0", tax_rate_description="0% Art. 44")))
    assert plan.lines[0].vat_code == "0"
    assert "percentage only" in plan.warnings[0]


@pytest.mark.parametrize(("rate", "description"), [("0", "0%"), ("0", "0% Export"), ("0.06", "Boeken")])
def test_other_rates_are_not(document: Make, line: Make, book: Make, rate: str, description: str) -> None:
    assert book(document(line(100, rate, tax_rate_description=description))).warnings == ()


def test_of_overlapping_percentages_the_last_begun_counts() -> None:
    history = (
        DatedPercentage(None, None, Decimal("0.19")),
        DatedPercentage(date(2020, 1, 1), None, Decimal("0.20")),
        DatedPercentage(date(2024, 1, 1), None, Decimal("0.21")),
    )
    code = VatCode("H", "E", "S", Decimal(0), history=history)
    assert [code.fraction_on(date(year, 6, 1)) for year in (2019, 2020, 2026)] == [
        Decimal("0.19"),
        Decimal("0.20"),
        Decimal("0.21"),
    ]


@pytest.mark.parametrize(
    ("name", "rate", "code", "refused_with"),
    [
        ("a rate without a code", "0.09", None, "vat_code_unmapped"),
        ("a code that does not exist", "0.21", "ZZ", "vat_code_missing"),
        ("a blocked code", "0.21", "X21", "vat_code_blocked"),
        ("a purchase code", "0.21", "A21", "vat_code_not_for_sales"),
        ("a code of type Including", "0.21", "I21", "vat_code_type"),
        ("a code without VAT for a rate with VAT", "0.21", "0", "vat_code_type"),
        ("another percentage", "0.21", "M", "vat_percentage_differs"),
        ("a percentage for a zero rate", "0", "L", "vat_percentage_differs"),
    ],
)
def test_a_code_that_cannot_be_used_is_refused(
    document: Make, line: Make, refusal: Make, name: str, rate: str, code: str | None, refused_with: str
) -> None:
    codes = {percent(Decimal(rate)): code} if code else {}
    assert refusal(document(line(100, rate)), vat_codes=codes).code == refused_with, name


@pytest.mark.parametrize(
    ("day", "rate", "fits"),
    [
        ("2025-12-31", "0.06", True),
        ("2025-12-31", "0.12", False),
        ("2026-01-01", "0.06", False),
        ("2026-01-01", "0.12", True),
        ("2026-12-31", "0.12", True),
    ],
)
def test_the_percentage_is_that_of_the_document_date(
    document: Make, line: Make, rules: Make, master: MasterData, day: str, rate: str, *, fits: bool
) -> None:
    """Overnight stays in Belgium as an example: the same code rises from 6 to 12 percent at New Year."""
    history = (
        DatedPercentage(None, date(2025, 12, 31), Decimal("0.06")),
        DatedPercentage(date(2026, 1, 1), None, Decimal("0.12")),
    )
    code = VatCode("HOT", "E", "S", Decimal("0.12"), history=history)
    changed = replace(master, vat_codes={**master.vat_codes, "HOT": code})
    record = document(line(100, rate, tax_rate_description="Hotel"), date=day)
    outcome = compose_entry(record, rules(vat_codes={"hotel": "HOT"}), changed)
    assert isinstance(outcome, EntryPlan) is fits
    if isinstance(outcome, Rejection):
        assert outcome.code == "vat_percentage_differs"


def test_a_document_booked_after_a_change_of_rate_keeps_its_own_vat(
    document: Make, line: Make, rules: Make, master: MasterData
) -> None:
    history = (
        DatedPercentage(date(2020, 1, 1), date(2025, 12, 31), Decimal("0.06")),
        DatedPercentage(date(2026, 1, 1), None, Decimal("0.12")),
    )
    code = VatCode("HOT", "E", "S", Decimal("0.12"), history=history)
    changed = replace(master, vat_codes={"HOT": code})
    settings = rules(vat_codes={"6%": "HOT"}, on_closed_period="next_open", closed_until="2025-12-31")
    outcome = compose_entry(document(line(100, "0.06"), date="2025-12-20"), settings, changed)
    assert isinstance(outcome, EntryPlan)
    assert outcome.entry_date == date(2026, 1, 1)
    assert outcome.line_bodies()[0]["VATAmountFC"] == Decimal("6.00")


@pytest.mark.parametrize(
    ("name", "customer", "refused"),
    [
        ("the customer's country", CustomerFacts("DE", None), False),
        ("another country", CustomerFacts("FR", None), True),
        ("another country of a matched account", CustomerFacts("FR", None, is_matched=True), True),
        ("a country that is not known", CustomerFacts(None, None), True),
        ("a country that whoever made the account knows", CustomerFacts(None, None, is_matched=True), False),
    ],
)
def test_a_one_stop_shop_code_is_for_its_own_country(
    document: Make, line: Make, rules: Make, master: MasterData, *, name: str, customer: CustomerFacts, refused: bool
) -> None:
    """Line 15: the copy of a customer on its document has no address."""
    record = document(line(100, "0.19"))
    outcome = compose_entry(record, rules(vat_codes={"19%": "DE"}), master, customer)
    assert isinstance(outcome, Rejection) is refused, name
    if isinstance(outcome, Rejection):
        assert outcome.code == "vat_country_differs"


@pytest.mark.parametrize(("number", "warned"), [("NL004495445B01", False), (None, True)])
def test_intra_community_needs_the_customers_vat_number(
    document: Make, line: Make, rules: Callable[..., Rules], master: MasterData, number: str | None, *, warned: bool
) -> None:
    record = document(line(100, "0", tax_rate_description="0% Intracommunautair"))
    outcome = compose_entry(record, rules(), master, CustomerFacts("NL", number))
    assert isinstance(outcome, EntryPlan)
    assert any("intra-community" in each for each in outcome.warnings) is warned


@pytest.mark.parametrize("rate", ["0", "0.21"])
def test_a_rate_without_a_name_is_refused_unless_its_id_is_mapped(
    document: Make, line: Make, book: Make, refusal: Make, rate: str
) -> None:
    """Line 7: an id that the source cannot name is never booked by its percentage alone."""
    unknown = document(line(100, rate, tax_rate_id="rate-1", tax_rate_description=None))
    assert refusal(unknown).code == "tax_rate_unknown"
    assert "rate-1" in refusal(unknown).reason
    code = {"0": "EX", "0.21": "H"}[rate]
    assert book(unknown, vat_codes={"rate-1": code}).lines[0].vat_code == code


def test_a_rate_without_an_id_goes_by_its_percentage(document: Make, line: Make, book: Make) -> None:
    """Line 7: other sources name no ids."""
    assert book(document(line(100, tax_rate_id=None, tax_rate_description=None))).lines[0].vat_code == "H"
