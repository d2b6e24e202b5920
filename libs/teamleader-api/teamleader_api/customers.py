"""Rows of `companies.list` and `contacts.list`, and answers of `.info`: what a customer is known by, custom fields."""

from __future__ import annotations

from typing import Any, Final

from customer_identity import Traits
from customer_identity.identifiers import vat_country, vat_number

Row = dict[str, Any]

COMPANY: Final = "company"
CONTACT: Final = "contact"
RESOURCES: Final = {COMPANY: "companies", CONTACT: "contacts"}
"""Type of a customer -> the resource of its actions."""


def name_of(row: Row) -> str:
    """Return the name under which a customer is invoiced."""
    if "last_name" in row:
        return f"{row.get('first_name') or ''} {row.get('last_name') or ''}".strip()
    return str(row.get("name") or "")


def primary_address(row: Row) -> Row | None:
    """Return the primary address of a row of a list, or of the answer of `.info` (teamleader 4.1)."""
    if "addresses" in row:
        return next((each["address"] for each in row["addresses"] if each.get("type") == "primary"), None)
    return row.get("primary_address")


def custom_value(row: Row, definition: str | None) -> str | None:
    """Return the text in a custom field."""
    for each in row.get("custom_fields") or []:
        if definition is not None and each["definition"]["id"] == definition and each["value"] not in {None, ""}:
            return str(each["value"])
    return None


def custom_values_with(row: Row, definition: str, value: str) -> list[Row]:
    """Return all custom fields as they are written, one of them with a new text.

    Whether an update leaves those alone that it does not name is not known, so all are sent (assumption T12).
    """
    others = [
        {"id": each["definition"]["id"], "value": _plain(each["value"])}
        for each in row.get("custom_fields") or []
        if each["definition"]["id"] != definition and each["value"] is not None
    ]
    return [*others, {"id": definition, "value": value}]


def _plain(value: Any) -> Any:  # noqa: ANN401 - a value of JSON
    """Turn a reference as it is read into one as it is written."""
    return value["id"] if isinstance(value, dict) and "id" in value else value


def traits(row: Row, number_field: str | None = None) -> Traits:
    """Return what a customer is known by.

    The national identification number of a contact is that of a person, so it counts for no firm's.

    Args:
        row: Of a company or contact.
        number_field: Id of the custom field with the customer number in the books.
    """
    address = primary_address(row) or {}
    country = address.get("country") or ""
    number = vat_number(row.get("vat_number"), country or None)
    return Traits.of(
        name=name_of(row),
        vat_number=number,
        chamber=None if "last_name" in row else row.get("national_identification_number"),
        country=country or (vat_country(number) if number else ""),
        email=next((each["email"] for each in row.get("emails") or [] if each.get("type") == "primary"), None),
        phone=next((each["number"] for each in row.get("telephones") or [] if each.get("type") != "fax"), None),
        street=address.get("line_1"),
        postcode=address.get("postal_code"),
        birthdate=row.get("birthdate"),
        number=custom_value(row, number_field),
    )
