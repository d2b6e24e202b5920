"""Companies and contacts as accounts."""

from __future__ import annotations

from typing import Any

import pytest

from teamleader_exactonline_mappers.customers import account_of_company, account_of_contact


def address(kind: str, street: str | None, country: str = "be") -> dict[str, Any]:
    place = {"line_1": street, "postal_code": "9000" if street else None, "city": "Gent" if street else None}
    return {"type": kind, "address": {**place, "country": country}}


def company(**fields: Any) -> dict[str, Any]:
    return {
        "id": "c-1",
        "name": "Café 't Hoekje bv",
        "status": "active",
        "vat_number": "BE0899623035",
        "national_identification_number": "0899623035",
        "emails": [{"type": "primary", "email": "info@hoekje.be"}, {"type": "invoicing", "email": "boek@hoekje.be"}],
        "telephones": [{"type": "fax", "number": "092980616"}, {"type": "phone", "number": "092980615"}],
        "website": "https://hoekje.be",
        "language": "nl",
        "addresses": [address("primary", "Markt 1"), address("invoicing", "Dok 2"), address("delivery", "Kaai 3")],
        "iban": "BE12123412341234",
        "bic": "BICBANK",
        "updated_at": "2026-06-25T10:00:00Z",
        **fields,
    }


def test_a_company_becomes_an_account() -> None:
    assert account_of_company(company()) == {
        "id": "company:c-1",
        "name": "Café 't Hoekje bv",
        "is_person": False,
        "first_name": None,
        "last_name": None,
        "vat_number": "BE0899623035",
        "chamber_of_commerce": "0899623035",
        "email": "boek@hoekje.be",
        "phone": "092980615",
        "website": "https://hoekje.be",
        "language": "nl",
        "address": {"line1": "Dok 2", "postcode": "9000", "city": "Gent", "country": "BE"},
        "iban": "BE12123412341234",
        "bic": "BICBANK",
        "active": True,
        "updated_at": "2026-06-25T10:00:00Z",
    }


@pytest.mark.parametrize(
    ("fields", "street"),
    [
        pytest.param(
            {"addresses": [address("primary", "Markt 1")]}, "Markt 1", id="primary when there is no invoicing"
        ),
        pytest.param(
            {"addresses": [address("invoicing", None), address("primary", "Markt 1")]},
            "Markt 1",
            id="an empty invoicing address does not count",
        ),
        pytest.param(
            {"addresses": None, "primary_address": address("", "Plein 4")["address"]}, "Plein 4", id="of a list row"
        ),
        pytest.param({"addresses": [address("delivery", "Kaai 3")]}, None, id="never the delivery address"),
    ],
)
def test_address(fields: dict[str, Any], street: str | None) -> None:
    found = account_of_company(company(**fields))["address"]
    assert (found and found["line1"]) == street


def test_a_country_without_a_place_is_kept_since_vat_depends_on_it() -> None:
    found = account_of_company(company(addresses=[address("primary", None, "fr")]))["address"]
    assert found == {"line1": None, "postcode": None, "city": None, "country": "FR"}


def test_the_primary_mail_address_does_when_there_is_none_for_invoices() -> None:
    assert account_of_company(company(emails=[{"type": "primary", "email": "a@b.be"}]))["email"] == "a@b.be"


def test_a_deactivated_company_is_not_active() -> None:
    assert account_of_company(company(status="deactivated"))["active"] is False


@pytest.mark.parametrize(
    ("written", "read"), [("nl", "nl"), ("FR", "fr"), ("nl_BE", "nl"), ("Dutch", None), (None, None)]
)
def test_language_is_two_letters(written: str | None, read: str | None) -> None:
    assert account_of_company(company(language=written))["language"] == read


def contact(**fields: Any) -> dict[str, Any]:
    return {
        "id": "p-1",
        "first_name": "Inès",
        "last_name": "O'Hara",
        "national_identification_number": "85073003328",
        **fields,
    }


def test_a_contact_is_a_private_person_without_numbers_of_a_company() -> None:
    account = account_of_contact(contact(telephones=[{"type": "mobile", "number": "0470"}]))
    assert account["id"] == "contact:p-1"
    assert account["name"] == "Inès O'Hara"
    assert account["phone"] == "0470"
    assert (account["is_person"], account["vat_number"], account["chamber_of_commerce"]) == (True, None, None)


def test_a_contact_with_a_vat_number_is_in_business() -> None:
    account = account_of_contact(contact(vat_number="BE0899623035"))
    assert (account["is_person"], account["vat_number"]) == (False, "BE0899623035")


@pytest.mark.parametrize(
    ("first", "last", "name"), [("Ann", None, "Ann"), (" ", "Peeters", "Peeters"), (None, None, None)]
)
def test_a_name_is_never_made_up(first: str | None, last: str | None, name: str | None) -> None:
    assert account_of_contact(contact(first_name=first, last_name=last))["name"] == name
