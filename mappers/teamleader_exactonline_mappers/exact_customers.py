"""Accounts and contact persons of Exact Online as companies and contacts of Teamleader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from teamleader_exactonline_mappers.exact_names import joined, names
from teamleader_exactonline_mappers.json_values import country, day, integer, language, part, text
from teamleader_exactonline_mappers.problems import Problems

if TYPE_CHECKING:
    from teamleader_exactonline_mappers.reference_data import ReferenceData

_GENDERS: Final = {"M": "male", "V": "female"}
"""crm/Contacts: V is a woman, M a man, O unknown."""


def company(account: dict[str, Any]) -> dict[str, Any]:
    """Map an account to a record of `companies`."""
    return {
        **_account(account),
        "name": text(part(account, "Name")),
        "vat_number": text(part(account, "VATNumber")),
        "national_identification_number": text(part(account, "ChamberOfCommerce")),
    }


def person(account: dict[str, Any], tables: ReferenceData) -> dict[str, Any] | None:
    """Map the account of a private person to a record of `contacts`; None of any other account.

    Exact does not tell persons from firms. An account is one's when it has neither VAT nor company number and one of
    its contact persons is of its very name.
    """
    if text(part(account, "VATNumber")) or text(part(account, "ChamberOfCommerce")):
        return None
    name = text(part(account, "Name"))
    for first, last in tables.persons_of(account["id"]):
        if name and _in_order(name) in {_in_order(f"{first or ''} {last}"), _in_order(last)}:
            return {**_account(account), "company_id": None, "first_name": first, "last_name": last}
    return None


def contact_person(contact: dict[str, Any]) -> dict[str, Any]:
    """Map a contact person to a record of `contacts`. What is the person's own goes before what is the firm's."""
    problems = Problems()
    first, last = names(contact)
    if last is None:
        problems.add("customer_nameless")
    return {
        "id": contact["id"],
        "division": integer(part(contact, "Division")),
        "code": None,
        "status": None,
        "blocked": False,
        "company_id": text(part(contact, "Account")),
        "first_name": first,
        "last_name": last,
        "gender": _GENDERS.get((text(part(contact, "Gender")) or "").upper()),
        "birthdate": day(part(contact, "BirthDate")),
        "position": text(part(contact, "JobTitleDescription")),
        "email": text(part(contact, "BusinessEmail")) or text(part(contact, "Email")),
        "phone": text(part(contact, "BusinessPhone")) or text(part(contact, "Phone")),
        "mobile": text(part(contact, "BusinessMobile")) or text(part(contact, "Mobile")),
        "language": language(part(contact, "Language")),
        "address": _address(contact, "AddressStreet", "AddressStreetNumber", "AddressStreetNumberSuffix"),
        "updated_at": text(part(contact, "Modified")),
        "problems": problems.listed(),
    }


def _account(account: dict[str, Any]) -> dict[str, Any]:
    problems = Problems()
    if text(part(account, "Name")) is None:
        problems.add("customer_nameless")
    return {
        "id": account["id"],
        "division": integer(part(account, "Division")),
        "code": text(part(account, "Code")),
        "status": text(part(account, "Status")),
        "blocked": part(account, "Blocked") is True,
        "email": text(part(account, "Email")),
        "phone": text(part(account, "Phone")),
        "fax": text(part(account, "Fax")),
        "website": text(part(account, "Website")),
        "language": language(part(account, "Language")),
        "address": _address(account, "AddressLine1", "AddressLine2", "AddressLine3"),
        "updated_at": text(part(account, "Modified")),
        "problems": problems.listed(),
    }


def _address(row: dict[str, Any], *street: str) -> dict[str, str | None] | None:
    """Return an address, its street from several fields; None where nothing of it is known."""
    address = {
        "line1": joined(row, *street),
        "postcode": text(part(row, "Postcode")),
        "city": text(part(row, "City")),
        "country": country(part(row, "Country")),
    }
    return address if any(address.values()) else None


def _in_order(name: str) -> tuple[str, ...]:
    """Return the words of a name in alphabetical order: books write last names first as well."""
    return tuple(sorted(name.casefold().replace(",", " ").split()))
