"""Accounts and contact persons of Exact as companies and contacts of Teamleader."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from teamleader_exactonline_mappers import schemas
from teamleader_exactonline_mappers.exact_customers import company, contact_person, person
from teamleader_exactonline_mappers.reference_data import ReferenceData

SCHEMAS = {
    name: json.loads((Path(schemas.__file__).parent / f"{name}.json").read_text("utf-8"))
    for name in ("companies", "contacts")
}
ACCOUNT = "a0000000-0000-4000-8000-000000000001"


def account(**fields: Any) -> dict[str, Any]:
    return {
        "id": ACCOUNT,
        "ID": ACCOUNT,
        "Timestamp": 12,
        "Division": 123456,
        "Code": "17",
        "Status": "C",
        "Blocked": False,
        "Name": "Bakkerij Peeters BV",
        "VATNumber": "BE0428759497",
        "ChamberOfCommerce": "0428.759.497",
        "Email": "info@peeters.example",
        "Phone": "09 123 45 67",
        "Website": "https://peeters.example",
        "Language": "NL",
        "AddressLine1": "Kerkstraat 1",
        "AddressLine2": "bus 2",
        "Postcode": "9000",
        "City": "Gent",
        "Country": "BE",
        "Modified": "2026-06-25T10:00:00+02:00",
        **fields,
    }


def contact(**fields: Any) -> dict[str, Any]:
    id_ = "c0000000-0000-4000-8000-000000000001"
    return {
        "id": id_,
        "ID": id_,
        "Account": ACCOUNT,
        "Division": 123456,
        "FirstName": "An",
        "MiddleName": "van",
        "LastName": "Peeters",
        "Gender": "V",
        "BirthDate": "1970-05-04",
        "JobTitleDescription": "Boekhouder",
        "BusinessEmail": "an@peeters.example",
        "Email": "an@home.example",
        "BusinessMobile": "0470 12 34 56",
        "Language": "nl",
        **fields,
    }


def private() -> dict[str, Any]:
    return account(Name="Jan Janssens", VATNumber=None, ChamberOfCommerce=None)


def persons(*contacts: dict[str, Any]) -> ReferenceData:
    tables = ReferenceData()
    for each in contacts:
        tables.learn("contacts", each)
    return tables


def test_an_account_is_a_company() -> None:
    record = company(account())
    jsonschema.validate(record, SCHEMAS["companies"])
    assert record == {
        "id": ACCOUNT,
        "division": 123456,
        "code": "17",
        "status": "C",
        "blocked": False,
        "name": "Bakkerij Peeters BV",
        "vat_number": "BE0428759497",
        "national_identification_number": "0428.759.497",
        "email": "info@peeters.example",
        "phone": "09 123 45 67",
        "fax": None,
        "website": "https://peeters.example",
        "language": "nl",
        "address": {"line1": "Kerkstraat 1 bus 2", "postcode": "9000", "city": "Gent", "country": "BE"},
        "updated_at": "2026-06-25T10:00:00+02:00",
        "problems": [],
    }


def test_a_contact_person_belongs_to_the_company_of_the_account() -> None:
    record = contact_person(contact())
    jsonschema.validate(record, SCHEMAS["contacts"])
    assert (record["company_id"], record["first_name"], record["last_name"]) == (ACCOUNT, "An", "van Peeters")
    assert (record["gender"], record["birthdate"], record["position"]) == ("female", "1970-05-04", "Boekhouder")
    assert (record["email"], record["mobile"], record["code"]) == ("an@peeters.example", "0470 12 34 56", None)


@pytest.mark.parametrize(
    "named",
    [
        {"FirstName": "Jan", "MiddleName": None, "LastName": "Janssens"},
        {"FirstName": None, "MiddleName": None, "LastName": "Jan Janssens"},
        {"FirstName": "Janssens", "MiddleName": None, "LastName": "Jan"},
    ],
)
def test_an_account_without_numbers_is_a_private_person_when_a_contact_person_is_of_its_name(
    named: dict[str, Any],
) -> None:
    record = person(private(), persons(contact(), contact(**named)))
    assert record is not None
    jsonschema.validate(record, SCHEMAS["contacts"])
    assert (record["id"], record["code"], record["company_id"]) == (ACCOUNT, "17", None)
    assert record["last_name"] in {"Janssens", "Jan Janssens", "Jan"}


@pytest.mark.parametrize("number", ["VATNumber", "ChamberOfCommerce"])
def test_who_has_a_number_is_a_firm_whatever_its_name(number: str) -> None:
    named = contact(FirstName="Jan", MiddleName=None, LastName="Janssens")
    assert person({**private(), number: "0428759497"}, persons(named)) is None


def test_without_a_contact_person_of_its_name_an_account_is_a_firm() -> None:
    assert person(private(), persons(contact())) is None
    assert person(private(), persons()) is None


def test_a_person_of_one_name_has_it_for_a_last_name() -> None:
    record = contact_person(contact(FirstName="Cher", MiddleName=None, LastName=None))
    assert (record["first_name"], record["last_name"]) == (None, "Cher")


def test_who_has_no_name_is_told() -> None:
    nameless = contact_person(contact(FirstName=None, MiddleName=None, LastName=" ", FullName=None))
    assert [each["code"] for each in nameless["problems"]] == ["customer_nameless"]
    assert [each["code"] for each in company(account(Name=None))["problems"]] == ["customer_nameless"]
