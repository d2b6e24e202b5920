"""YourRef, description, payment reference and entry number (accounting rules 5, 18, 19 and 20)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from target_exactonline.booking.references import (
    DESCRIPTION_LIMIT,
    describe,
    description_problem,
    entry_number,
    entry_number_problem,
    is_same_number,
    payment_reference,
)

Make = Any


def test_your_ref_is_teamleaders_number(document: Make, book: Make) -> None:
    assert book(document(number="2026 / 1")).your_ref == "2026 / 1"
    assert book(document(number="2026 / 10")).body("c")["YourRef"] == "2026 / 10"
    assert book(document(number="F" * 30)).your_ref == "F" * 30


@pytest.mark.parametrize(
    ("number", "code"), [(None, "not_numbered"), ("  ", "not_numbered"), ("2026 / " + "1" * 24, "text_too_long")]
)
def test_a_number_that_cannot_be_searched_by_is_refused(
    document: Make, refusal: Make, number: str | None, code: str
) -> None:
    assert refusal(document(number=number)).code == code


@pytest.mark.parametrize(
    ("name", "changes", "settings", "description"),
    [
        ("an invoice", {}, {}, "Factuur 2026 / 12"),
        ("a credit note without its invoice", {"kind": "credit_note"}, {}, "Creditnota 2026 / 12"),
        (
            "a credit note names what it credits",
            {"kind": "credit_note", "credited_number": "2026 / 3"},
            {},
            "Creditnota 2026 / 12 op factuur 2026 / 3",
        ),
        (
            "a template of one's own",
            {"reference": "PO 77"},
            {"description_template": "{number}[ - {reference}] ({year})"},
            "2026 / 12 - PO 77 (2026)",
        ),
        (
            "an empty field takes its brackets along",
            {},
            {"description_template": "{number}[ - {reference}] ({year})"},
            "2026 / 12 (2026)",
        ),
    ],
)
def test_the_description(
    document: Make, book: Make, name: str, changes: dict[str, Any], settings: dict[str, Any], description: str
) -> None:
    assert book(document(**changes), **settings).description == description, name


@pytest.mark.parametrize("template", ["{reference} {number}", "{number} {reference}", "{reference}{number}{credited}"])
@pytest.mark.parametrize("moved", [None, date(2026, 3, 5)])
def test_a_long_description_keeps_the_number(template: str, moved: date | None) -> None:
    text = describe(
        template,
        {"number": "2026 / 12", "reference": "x" * 80, "credited": "2026 / 1"},
        original_date=moved,
    )
    assert "2026 / 12" in text
    assert len(text) <= DESCRIPTION_LIMIT
    assert moved is None or text.endswith("(2026-03-05)")


def test_a_number_is_never_cut_into_another(document: Make, book: Make) -> None:
    credited = "2026 / 123456789012345"
    record = document(kind="credit_note", number="2026 / 98765432109876", credited_number=credited)
    assert book(record).description.endswith("…")


@pytest.mark.parametrize(
    ("name", "given", "sent", "warned"),
    [
        ("a Belgian structured reference keeps its digits", "+++123/4567/89002+++", "123456789002", False),
        ("also without its signs", "123456789002", "123456789002", False),
        ("also with stars", "***123/4567/89002***", "123456789002", False),
        ("with 97 for a remainder of nought", "+++000/0000/09797+++", "000000009797", False),
        ("leading zeros count", "+++000/0001/23773+++", "000000123773", False),
        ("wrong check digits are warned about", "+++123/4567/89012+++", "123456789012", True),
        ("an RF reference loses its spaces", "RF18 5390 0754 7034", "RF18539007547034", False),
        ("any other text as it is", "Klant 7, maart", "Klant 7, maart", False),
        ("a text that just fits", "x" * 35, "x" * 35, False),
        ("a text that is too long is left out", "x" * 40, None, True),
        ("nothing", None, None, False),
    ],
)
def test_the_payment_reference(
    document: Make, book: Make, name: str, given: str | None, sent: str | None, *, warned: bool
) -> None:
    plan = book(document(payment_reference=given))
    assert plan.body("c").get("PaymentReference") == sent, name
    assert bool(plan.warnings) is warned
    assert payment_reference(given)[0] == sent


@pytest.mark.parametrize(
    ("template", "number", "proposed"),
    [
        ("{year}{sequence:03}", "2026 / 12", 2026012),
        ("{year}{sequence:05}", "2026 / 1", 202600001),
        ("{year}{sequence:05}", "2026 / 10", 202600010),
        ("{short_year}{journal}{sequence:04}", "2026/7", 26700007),
        ("{year}{sequence:03}", "F-0042", 2025042),
        ("{year}{sequence:05}", "2026-F-31", 202600031),
        ("{year}{sequence:05}", "zonder cijfers", None),
        ("{sequence}", "0", None),
        ("{sequence}", "2147483647", 2147483647),
        ("{sequence}", "2147483648", None),
        ("{year}{sequence:09}", "2026 / 1", None),
    ],
)
def test_the_entry_number_comes_from_the_document_number(template: str, number: str, proposed: int | None) -> None:
    assert entry_number(template, number, date(2025, 12, 31), "70") == proposed


def test_the_entry_number_is_sent_only_when_asked(document: Make, book: Make) -> None:
    assert "EntryNumber" not in book(document()).body("c")
    assert book(document(), entry_number_template="{year}{sequence:03}").body("c")["EntryNumber"] == 2026012
    plan = book(document(number="F"), entry_number_template="{year}{sequence:03}")
    assert "EntryNumber" not in plan.body("c")
    assert "no entry number" in plan.warnings[0]


@pytest.mark.parametrize(
    ("check", "template", "fine"),
    [
        (description_problem, "Factuur {number}", True),
        (description_problem, "Factuur", False),
        (description_problem, "Factuur {nummer}", False),
        (description_problem, "Factuur {number", False),
        (description_problem, "Factuur {0}", False),
        (description_problem, "{number.real}", False),
        (entry_number_problem, "{year}{sequence:05}", True),
        (entry_number_problem, "{year}", False),
        (entry_number_problem, "F{sequence}", False),
        (entry_number_problem, "{year}{sequence:09}", False),
    ],
)
def test_templates_are_checked(check: Any, template: str, *, fine: bool) -> None:
    assert (check(template) is None) is fine


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2026 / 125", "2026/125", True),
        ("2026 / 125", "2026-0125", True),
        ("2026 / 125", "2026125", True),
        ("2026 / 125", "20260125", False),
        ("2026 / 125", "Factuur 2026/125", True),
        ("VF 2026 / 125", "vf2026/125", True),
        ("A 2026 / 125", "B 2026 / 125", False),
        ("2026 / 125", "2026 / 126", False),
        ("2026 / 12", "2026 / 125", False),
        ("2026 / 125", "Factuur", False),
        ("2026 / 125", "125", False),
    ],
)
def test_a_number_is_the_same_however_people_spell_it(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a case
    """Line 6."""
    assert is_same_number(one, other) is same
    assert is_same_number(other, one) is same
