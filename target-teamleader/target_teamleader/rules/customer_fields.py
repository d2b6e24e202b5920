"""What a customer of the books becomes in Teamleader: all of it when created, later only what may be written there.

What stands in Teamleader is a person's: a field is filled in where it is empty, and replaced only where the settings
ask for it and the books are newer (`customer_fields`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from connector_store import CustomerType
from customer_identity import Traits
from customer_identity.identifiers import vat_country, vat_number
from teamleader_api.customers import custom_value, custom_values_with, name_of, primary_address

if TYPE_CHECKING:
    from collections.abc import Mapping

Record = dict[str, Any]
Row = dict[str, Any]

OWNED: Final = ("vat_number", "company_number", "address", "email", "phone", "website", "language")
"""Parts of a customer that `customer_fields` speaks of, beside `number` and `name`."""
NUMBER: Final = "number"
NAME: Final = "name"


class Ownership(StrEnum):
    """When a part of a customer in Teamleader is written."""

    ALWAYS = "always"
    EMPTY = "empty"
    NEVER = "never"


@dataclass(frozen=True)
class CustomerSettings:
    """The settings that decide what becomes of customers."""

    statuses: frozenset[str] = frozenset({"C"})
    tag: str | None = None
    number_fields: Mapping[CustomerType, str] = field(default_factory=dict)
    """Ids of the custom fields that hold the customer number."""
    ownership: Mapping[str, Ownership] = field(default_factory=dict)

    def owner(self, part: str) -> Ownership:
        """Return when a part is written."""
        return self.ownership.get(part, Ownership.ALWAYS if part == NUMBER else Ownership.EMPTY)


def fingerprint(record: Record, settings: CustomerSettings) -> str:
    """Return a hash of all that is written of a record, and of who owns what: a setting that changed counts, too."""
    told = {"number_fields": settings.number_fields, "ownership": settings.ownership}
    told |= {name: value for name, value in record.items() if name not in {"updated_at", "division", "problems"}}
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:32]


def traits_of_record(record: Record) -> Traits:
    """Return what a customer of the books is known by."""
    address = record.get("address") or {}
    country = address.get("country") or ""
    number = vat_number(record.get("vat_number"), country or None)
    return Traits.of(
        name=name_of(record),
        vat_number=number,
        chamber=record.get("national_identification_number"),
        country=country or (vat_country(number) if number else ""),
        email=record.get("email"),
        phone=record.get("phone") or record.get("mobile"),
        street=address.get("line1"),
        postcode=address.get("postcode"),
        birthdate=record.get("birthdate"),
        number=record.get("code"),
    )


def creation(type_: CustomerType, record: Record, settings: CustomerSettings) -> Row:
    """Return the body of `companies.add` or `contacts.add`."""
    if type_ is CustomerType.COMPANY:
        body: Row = {"name": record["name"]}
    else:
        body = {
            "first_name": record.get("first_name"),
            "last_name": record["last_name"],
            "gender": record.get("gender"),
            "birthdate": record.get("birthdate"),
        }
    body |= {_FIELDS[part]: _value(type_, part, record) for part in OWNED if _applies(type_, part)}
    body["tags"] = [settings.tag] if settings.tag else None
    definition = settings.number_fields.get(type_)
    if definition is not None and record.get("code"):
        body["custom_fields"] = [{"id": definition, "value": record["code"]}]
    return {name: value for name, value in body.items() if value}


def changes(type_: CustomerType, record: Record, row: Row, settings: CustomerSettings) -> Row:
    """Return the fields of `companies.update` or `contacts.update` that may be written, {} when none is.

    Args:
        type_: Of the customer.
        record: What the books say.
        row: What stands in Teamleader: the answer of `.info`, or a row of a list for a first look.
        settings: Who owns what.
    """
    newer = _moment(record.get("updated_at")) > _moment(row.get("updated_at"))

    def may(part: str, present: object) -> bool:
        owner = settings.owner(part)
        return (not present and owner is not Ownership.NEVER) or (owner is Ownership.ALWAYS and newer)

    body: Row = {}
    if type_ is CustomerType.COMPANY and may(NAME, row.get("name")) and record.get("name") != row.get("name"):
        body["name"] = record.get("name")
    for part in OWNED:
        if not _applies(type_, part):
            continue
        wanted, present = _value(type_, part, record), _present(part, row)
        if wanted and may(part, present) and not _same(part, wanted, present):
            body[_FIELDS[part]] = _beside_others(part, wanted, row)
    definition, code = settings.number_fields.get(type_), record.get("code")
    if definition is not None and code and settings.owner(NUMBER) is not Ownership.NEVER:
        present = custom_value(row, definition)
        if present != code and (not present or settings.owner(NUMBER) is Ownership.ALWAYS):
            body["custom_fields"] = custom_values_with(row, definition, code)
    return body


_FIELDS: Final = {
    "vat_number": "vat_number",
    "company_number": "national_identification_number",
    "address": "addresses",
    "email": "emails",
    "phone": "telephones",
    "website": "website",
    "language": "language",
}
_MANY: Final = frozenset({"address", "email", "phone"})


def _applies(type_: CustomerType, part: str) -> bool:
    return type_ is CustomerType.COMPANY or part not in {"vat_number", "company_number"}


def _value(type_: CustomerType, part: str, record: Record) -> Any:  # noqa: ANN401 - a value of JSON
    if part == "address":
        return _address(record)
    if part == "email":
        return [{"type": "primary", "email": record["email"]}] if record.get("email") else []
    if part == "phone":
        kinds = ("phone", "fax") if type_ is CustomerType.COMPANY else ("phone", "mobile", "fax")
        return [{"type": kind, "number": record[kind]} for kind in kinds if record.get(kind)]
    if part == "vat_number":
        country = (record.get("address") or {}).get("country")
        return vat_number(record.get("vat_number"), country) or record.get("vat_number")
    return record.get(_FIELDS[part])


def _address(record: Record) -> list[Row]:
    """Return the primary address; Teamleader wants a country (companies.add)."""
    address = record.get("address") or {}
    if not address.get("country"):
        return []
    names = {"line_1": "line1", "postal_code": "postcode", "city": "city", "country": "country"}
    known = {name: address.get(ours) for name, ours in names.items()}
    return [{"type": "primary", "address": known}]


def _present(part: str, row: Row) -> Any:  # noqa: ANN401 - a value of JSON
    return primary_address(row) if part == "address" else row.get(_FIELDS[part])


def _same(part: str, wanted: Any, present: Any) -> bool:  # noqa: ANN401 - values of JSON
    if part == "address":
        return bool(present) and all(present.get(name) == value for name, value in wanted[0]["address"].items())
    if part == "vat_number":
        return vat_number(wanted, None) == vat_number(present, None) is not None or wanted == present
    if part in _MANY:
        return all(each in (present or []) for each in wanted)
    return bool(wanted == present)


def _beside_others(part: str, wanted: Any, row: Row) -> Any:  # noqa: ANN401 - values of JSON
    """Keep the other addresses and numbers: an update replaces the whole list."""
    if part not in _MANY:
        return wanted
    replaced = {each["type"] for each in wanted}
    others = [each for each in row.get(_FIELDS[part]) or [] if each.get("type") not in replaced]
    return [*wanted, *(_sendable(each) for each in others)]


def _sendable(entry: Row) -> Row:
    """Turn an address as it is read into one as it is written."""
    if "address" not in entry:
        return entry
    address = {name: value for name, value in entry["address"].items() if name != "area_level_two"}
    area = (entry["address"].get("area_level_two") or {}).get("id")
    return {"type": entry["type"], "address": {**address, **({"area_level_two_id": area} if area else {})}}


def _moment(value: object) -> float:
    """Return a moment for comparing; one that is not known is older than any."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return 0
    return moment.timestamp() if moment is not None and moment.tzinfo else 0
