"""Who is the same customer: found, for a person to judge, or nobody (accounting rule 22)."""

from __future__ import annotations

from typing import Any

import pytest

from customer_identity import CustomerIndex, Likeness, Traits, Verdict

PEETERS: dict[str, Any] = {
    "name": "Bakkerij Peeters BV",
    "vat_number": "BE0428759497",
    "country": "BE",
    "email": "info@peeters.example",
    "phone": "09 123 45 67",
    "street": "Kerkstraat 1",
    "postcode": "9000",
    "number": "17",
}


def customer(**changes: Any) -> Traits:
    return Traits.of(**{**PEETERS, **changes})


def without(*names: str, **changes: Any) -> Traits:
    return customer(**{**dict.fromkeys(names), **changes})


@pytest.mark.parametrize(
    ("wanted", "by"),
    [
        (without("vat_number", name="Something else", email="x@y.example", phone=None), "customer number"),
        (without("number", name="Peeters", email="new@peeters.example", postcode="1000"), "VAT number"),
        (without("number", "vat_number", "email", "phone", name="bakkerij péeters"), "name"),
        (without("number", "vat_number", "street", "postcode", "phone"), "name"),
        (without("number", "vat_number", "email", name="Peeters Bakkerij"), "name"),
        (without("number", "vat_number", name="Bakkerij Peters"), "similar name"),
    ],
)
def test_one_that_fits_is_found_by(wanted: Traits, by: str) -> None:
    match = CustomerIndex({"a": customer(), "b": Traits.of(name="Garage De Smet")}).match(wanted)
    assert (match.verdict, match.by, match.found) == (Verdict.FOUND, by, "a")


@pytest.mark.parametrize(
    "wanted",
    [
        without("number", vat_number="BE0403170701"),
        without("number", "vat_number", "phone", email="jan@other.example", street="Markt 2", postcode="8000"),
        without("number", "vat_number", name="Garage Peeters"),
        Traits(),
    ],
)
def test_a_homonym_or_a_stranger_is_not_the_customer(wanted: Traits) -> None:
    assert CustomerIndex({"a": customer()}).match(wanted).verdict is Verdict.NONE


def test_two_persons_of_one_name_and_postcode_are_told_apart_by_their_day_of_birth() -> None:
    index = CustomerIndex({"a": Traits.of(name="Jan Janssens", postcode="9000", birthdate="1970-01-01")})
    assert index.match(Traits.of(name="Jan Janssens", postcode="9000", birthdate="1999-12-31")).verdict is Verdict.NONE


@pytest.mark.parametrize(
    "wanted",
    [
        Traits.of(name="Bakkerij Peeters"),
        without("number", "vat_number", "phone", email="other@peeters.example"),
        without("number", "vat_number", "email", "phone", street="Markt 2", postcode="8000"),
        without("number", "vat_number", "email", "street", "postcode", name="Bakkerij Peters"),
    ],
)
def test_a_weak_one_is_for_a_person(wanted: Traits) -> None:
    match = CustomerIndex({"a": customer()}).match(wanted)
    assert (match.verdict, match.ids, match.found) == (Verdict.WEAK, ("a",), None)


@pytest.mark.parametrize("left_out", [(), ("number",), ("number", "vat_number")])
def test_two_that_fit_are_never_guessed_between(left_out: tuple[str, ...]) -> None:
    match = CustomerIndex({"a": customer(), "b": customer()}).match(without(*left_out))
    assert (match.verdict, match.ids, match.found) == (Verdict.SEVERAL, ("a", "b"), None)


def test_only_the_criteria_that_are_asked_for_count() -> None:
    index = CustomerIndex({"a": customer()})
    assert index.match(customer(), by=("name",)).by == "name"
    assert index.match(without("number", name="Garage"), by=("name", "number")).verdict is Verdict.NONE


def test_a_customer_that_is_replaced_or_removed_is_found_by_what_it_is_now() -> None:
    index = CustomerIndex({"a": customer()})
    index.add("a", customer(vat_number="BE0403170701", number=None))
    assert index.match(without("number", name="x", email=None, phone=None)).verdict is Verdict.NONE
    index.remove("a")
    assert index.match(customer(vat_number="BE0403170701")).verdict is Verdict.NONE
    assert len(index) == 0


def test_doubles_are_told_once_each() -> None:
    index = CustomerIndex({"a": customer(), "b": without("number", name="Peeters"), "c": Traits.of(name="De Smet")})
    assert [(each.by, each.ids) for each in index.groups()] == [("VAT number", ("a", "b"))]


def test_likeness_is_the_same_from_both_sides() -> None:
    other = customer(email="other@peeters.example")
    assert customer().likeness(other) is other.likeness(customer()) is Likeness.UNCLEAR


def test_a_box_behind_the_number_of_the_house_contradicts_nothing() -> None:
    assert customer().likeness(customer(street="Kerkstraat 1, bus 2", postcode=None)) is Likeness.SAME
