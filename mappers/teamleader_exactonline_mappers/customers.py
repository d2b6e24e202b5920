"""Companies and contacts of Teamleader as customers of the books."""

from __future__ import annotations

from typing import Any

from teamleader_exactonline_mappers.json_values import country, language, objects, part, text


def account_of_company(company: dict[str, Any]) -> dict[str, Any]:
    """Map a company to a record of `accounts`."""
    return {
        "id": f"company:{company['id']}",
        "name": text(part(company, "name")),
        "is_person": False,
        "first_name": None,
        "last_name": None,
        "vat_number": text(part(company, "vat_number")),
        "chamber_of_commerce": text(part(company, "national_identification_number")),
        **_common(company),
    }


def account_of_contact(contact: dict[str, Any]) -> dict[str, Any]:
    """Map a contact to a record of `accounts`.

    A contact with a VAT number does business in its own name and is no private person. Its national identification
    number stays behind: of a person that is not the number of a company.
    """
    first, last = text(part(contact, "first_name")), text(part(contact, "last_name"))
    vat_number = text(part(contact, "vat_number"))
    return {
        "id": f"contact:{contact['id']}",
        "name": " ".join(name for name in (first, last) if name) or None,
        "is_person": vat_number is None,
        "first_name": first,
        "last_name": last,
        "vat_number": vat_number,
        "chamber_of_commerce": None,
        **_common(contact),
    }


def _common(customer: dict[str, Any]) -> dict[str, Any]:
    status = text(part(customer, "status"))
    return {
        "email": _first(customer, "emails", ("invoicing", "primary"), "email"),
        "phone": _first(customer, "telephones", ("phone", "mobile"), "number"),
        "website": text(part(customer, "website")),
        "language": language(part(customer, "language")),
        "address": _address(customer),
        "iban": text(part(customer, "iban")),
        "bic": text(part(customer, "bic")),
        "active": status != "deactivated",
        "updated_at": text(part(customer, "updated_at")),
    }


def _first(customer: dict[str, Any], field: str, kinds: tuple[str, ...], name: str) -> str | None:
    """Choose the entry of the most wanted kind that is filled in."""
    entries = objects(part(customer, field))
    for kind in kinds:
        for entry in entries:
            if entry.get("type") == kind and (value := text(entry.get(name))):
                return value
    return None


def _address(customer: dict[str, Any]) -> dict[str, str | None] | None:
    """Choose the address for invoices: the invoicing one, else the primary one, else what a list row shows.

    One that names a place goes before one that names a country only, which VAT depends on and so is not lost.
    """
    entries = objects(part(customer, "addresses"))
    candidates = [
        part(entry, "address") for kind in ("invoicing", "primary") for entry in entries if entry.get("type") == kind
    ]
    candidates.append(part(customer, "primary_address"))
    addresses = [
        {
            "line1": text(part(candidate, "line_1")),
            "postcode": text(part(candidate, "postal_code")),
            "city": text(part(candidate, "city")),
            "country": country(part(candidate, "country")),
        }
        for candidate in candidates
    ]
    places = [address for address in addresses if address["line1"] or address["postcode"] or address["city"]]
    return next((address for address in [*places, *addresses] if any(address.values())), None)
