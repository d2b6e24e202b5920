"""VAT and company numbers in one spelling."""

from __future__ import annotations

import pytest

from customer_identity.identifiers import chamber_number, vat_country, vat_number


@pytest.mark.parametrize(
    ("typed", "country", "read"),
    [
        ("be 0428.759.497", "BE", "BE0428759497"),
        ("0428759497", "BE", "BE0428759497"),
        ("BE428759497", None, "BE0428759497"),
        ("NL123456789B12", "NL", None),
        ("BE0428759498", "BE", None),
        ("GR094259216", "GR", "EL094259216"),
        ("", "BE", None),
        (None, None, None),
    ],
)
def test_a_vat_number_is_read_as_people_type_it(typed: str | None, country: str | None, read: str | None) -> None:
    assert vat_number(typed, country) == read


def test_a_belgian_company_number_has_ten_digits() -> None:
    assert chamber_number("428.759.497", "BE") == chamber_number("BE 0428.759.497", None) == "0428759497"


def test_the_country_of_a_number_is_not_always_its_prefix() -> None:
    assert (vat_country("EL094259216"), vat_country("BE0428759497")) == ("GR", "BE")
