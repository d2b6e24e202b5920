"""Names, streets and telephone numbers as people write them."""

from __future__ import annotations

import pytest

from customer_identity.spelling import name_keys, similarity, telephone, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bakkerij Peeters BV", "bakkerij peeters"),
        ("Bakkerij Peeters B.V.", "Bakkerij Peeters bvba"),
        ("Janssens & Zonen N.V.", "Janssens en Zonen"),
        ("Café Liégeois SPRL", "Cafe Liegeois S.R.L."),
        ("VAN DEN BERGHE", "Vandenberghe"),
        ("Janssens, Jan", "Jan Janssens"),
        ("Müller GmbH", "Muller"),
        ("Smørrebrød ApS", "Smorrebrod"),
    ],
)
def test_these_are_one_name(one: str, other: str) -> None:
    assert name_keys(one) & name_keys(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Bakkerij Peeters", "Slagerij Peeters"), ("Studio 1", "Studio 2"), ("Peeters", "Peeters Bouw"), ("", "")],
)
def test_these_are_two_names(one: str, other: str) -> None:
    assert not name_keys(one) & name_keys(other)


def test_a_name_that_is_nothing_but_a_legal_form_is_kept() -> None:
    assert words("NV") == ["nv"]


def test_a_telephone_number_is_the_same_with_and_without_its_country() -> None:
    assert telephone("+32 (0)9 123 45 67") == telephone("09/123.45.67") == telephone("0032 9 1234567")


def test_too_few_digits_are_no_telephone_number() -> None:
    assert telephone("112") == telephone(None) == ""


def test_a_slip_of_the_pen_is_alike_and_another_trade_is_not() -> None:
    assert similarity("Schrijnwerkerij Janssens", "Schrijnwerkerij Jansens BV") > 0.9
    assert similarity("Bakkerij Peeters", "Garage De Smet") < 0.6
