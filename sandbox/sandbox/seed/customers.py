"""Customers: companies and private persons of Belgium, the Netherlands, other EU countries and beyond."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any

from sandbox import words
from sandbox.seed.numbers import BANKED, bank_account, bank_code, digits, vat_number
from sandbox.teamleader.customer_actions import add
from sandbox.teamleader.ids import setting_id
from sandbox.teamleader.shapes import stamp

if TYPE_CHECKING:
    from random import Random

    from sandbox.teamleader.model import Row
    from sandbox.teamleader.state import TeamleaderState

_COUNTRIES = (
    "BE",
    "NL",
    "BE",
    "US",
    "BE",
    "DE",
    "BE",
    "BE",
    "FR",
    "BE",
    "NL",
    "BE",
    "BE",
    "CH",
    "NL",
    "BE",
    "BE",
    "GB",
)
_TERMS: tuple[Row | None, ...] = (
    None,
    {"type": "after_invoice_date", "days": 30},
    {"type": "after_invoice_date", "days": 14},
    {"type": "end_of_month", "days": 30},
    {"type": "cash", "days": 0},
    {"type": "after_invoice_date", "days": 8},
    {"type": "after_invoice_date", "days": 60},
)
_WRITINGS = (
    lambda number: number,
    lambda number: number,
    lambda number: f"{number[:2]} {number[2:6]}.{number[6:9]}.{number[9:]}",
    lambda number: f"{number[:2]} {number[2:]}",
)
"""People type VAT numbers with and without dots and spaces."""


def seed_customers(state: TeamleaderState, rng: Random, count: int) -> None:
    """Add so many customers; every fifth is a private person, and the remarkable names come first."""
    names: set[str] = set()
    companies = 0
    for number in range(count):
        if number % 5 == 4:
            row = add(state, "contact", _person(rng, names, number))
        else:
            row = add(state, "company", _company(rng, names, companies))
            companies += 1
        _date(state, rng, row)


def _company(rng: Random, names: set[str], number: int) -> Row:
    if number < len(words.REMARKABLE_NAMES):
        country, name = words.REMARKABLE_NAMES[number]
    else:
        country = _COUNTRIES[number % len(_COUNTRIES)]
        name = _unused(rng, names, country)
    names.add(name)
    values = _contact_details(rng, country, f"klant{number + 1}", number)
    values["name"] = name
    if country in BANKED:
        vat = vat_number(rng, country)
        values["vat_number"] = _WRITINGS[number % len(_WRITINGS)](vat) if country == "BE" else vat
        values["national_identification_number"] = {"BE": vat[2:], "NL": digits(rng, 8)}.get(country, "")
    if number % 6 == 2:
        values["addresses"].append({"type": "invoicing", "address": _address(rng, country, "Boekhouding, 2de verd.")})
    if number % 7 == 3:
        values["addresses"].append({"type": "delivery", "address": _address(rng, country, "Magazijn")})
    if number % 4 == 1 and values["emails"]:
        values["emails"].append({"type": "invoicing", "email": f"facturen@klant{number + 1}.example"})
    values["payment_term"] = _TERMS[number % len(_TERMS)]
    values["tags"] = sorted(rng.sample(("bouw", "horeca", "vip", "webshop"), number % 3))
    if number % 9 == 4:
        values["custom_fields"] = [{"id": setting_id(50, 1), "value": f"K{number:05d}"}]
    return values


def _person(rng: Random, names: set[str], number: int) -> Row:
    country = "NL" if number % 20 == 9 else "BE"
    while True:
        first_name, last_name = rng.choice(words.FIRST_NAMES), rng.choice(words.SURNAMES)
        if f"{first_name} {last_name}" not in names or len(names) > len(words.FIRST_NAMES) * len(words.SURNAMES) // 2:
            break
    if number == 4:
        last_name = "D'Hooghe-O\u2019Neill"
    names.add(f"{first_name} {last_name}")
    return {
        **_contact_details(rng, country, f"particulier{number + 1}", number),
        "first_name": first_name,
        "last_name": last_name,
        "gender": rng.choice(("female", "male", "unknown", None)),
        "salutation": rng.choice(("Dhr.", "Mevr.", "")),
    }


def _unused(rng: Random, names: set[str], country: str) -> str:
    for attempt in range(1, 1_000_000):
        suffix = "" if attempt < 20 else f" {attempt}"
        name = f"{rng.choice(words.TRADES)} {rng.choice(words.SURNAMES)}{suffix} {rng.choice(words.FORMS[country])}"
        if name not in names:
            return name
    raise AssertionError("no name is left")


def _contact_details(rng: Random, country: str, host: str, number: int) -> dict[str, Any]:
    area = words.PHONE_CODES[country]
    values: dict[str, Any] = {
        "emails": [{"type": "primary", "email": f"info@{host}.example"}] if number % 8 != 7 else [],
        "telephones": [{"type": "phone", "number": f"+{area} {digits(rng, 2)} {digits(rng, 3)} {digits(rng, 3)}"}],
        "website": f"https://www.{host}.example" if number % 3 == 0 else "",
        "addresses": [{"type": "primary", "address": _address(rng, country, None)}] if number % 29 != 28 else [],
        "language": rng.choice(words.LANGUAGES[country]),
    }
    if country in BANKED:
        values["iban"] = bank_account(rng, country)
        values["bic"] = bank_code(values["iban"])
    return values


def _address(rng: Random, country: str, addressee: str | None) -> Row:
    postal_code, city = rng.choice(words.CITIES[country])
    street = f"{rng.choice(words.STREETS[country])} {rng.randrange(1, 250)}"
    address = {"line_1": street, "postal_code": postal_code, "city": city, "country": country}
    return address if addressee is None else {"addressee": addressee, **address}


def _date(state: TeamleaderState, rng: Random, row: Row) -> None:
    """Let a customer be older than the documents, and maybe changed since."""
    midnight = datetime.combine(state.today(), time(), timezone.utc)
    added = midnight - timedelta(days=rng.randrange(320, 1500), seconds=rng.randrange(86_400))
    updated = midnight - timedelta(seconds=rng.randrange(300 * 86_400)) if rng.random() < 0.5 else added
    row["added_at"], row["updated_at"] = stamp(added), stamp(updated)
