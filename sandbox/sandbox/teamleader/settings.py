"""The settings of the Teamleader account: departments, tax rates, categories, terms, methods, custom fields."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from sandbox import companies
from sandbox.teamleader.ids import (
    ACCOUNT_ID,
    DEPARTMENT_ID,
    OTHER_DEPARTMENT_ID,
    USER_ID,
    department_id,
    setting_id,
)

if TYPE_CHECKING:
    from sandbox.teamleader.model import Row

CURRENCY = "EUR"
_, _NAME, VAT_NUMBER = companies.COMPANIES[0]
"""That of the Exact administration into which the department is booked."""

_TAX_RATES = (
    ("21%", "0.21"),
    ("12%", "0.12"),
    ("6%", "0.06"),
    ("0%", "0"),
    ("0% Intracommunautair", "0"),
    ("0% Medecontractant", "0"),
    ("0% Export", "0"),
    ("0% Vrijgesteld", "0"),
    ("21% OSS Nederland", "0.21"),
)
_FURTHER = 100
_RATE_GROUPS = dict(zip((each.number for each in companies.NAMED), (11, 12, 14), strict=True))
"""Number of the department -> group in the ids of its rates; that of a further one is `_FURTHER` more than itself."""
_DUTCH_RATES = {
    "6%": ("9%", "0.09"),
    "0% Medecontractant": ("0% Verlegd", "0"),
    "21% OSS Nederland": ("21% OSS België", "0.21"),
}
"""What stands in a Dutch department instead; 12 % is not among its rates."""
DUTCH_VAT_NUMBER = "NL001234567B29"
"""That of the Dutch administration."""
_CATEGORIES = (
    ("Handelsgoederen", "700000"),
    ("Maatwerk", "701000"),
    ("Licenties", "702000"),
    ("Abonnementen", "703000"),
    ("Diensten", "704000"),
    ("Onderhoud", "705000"),
    ("Diversen", None),
)
_TERMS = (
    ("cash", 0),
    ("after_invoice_date", 8),
    ("after_invoice_date", 14),
    ("after_invoice_date", 30),
    ("end_of_month", 30),
    ("after_invoice_date", 60),
)


def _ref(type_: str, id_: str) -> Row:
    return {"type": type_, "id": id_}


def departments(country: str, count: int = 1) -> list[Row]:
    """Companies of the same account; the first one is the one that the seed data belongs to."""
    if count > 1:
        return [_department(id_, name, vat, "active") for id_, name, vat in COMPANIES[:count]]
    if country == "NL":
        return [
            _department(DEPARTMENT_ID, "Zandbak Nederland BV", DUTCH_VAT_NUMBER, "active"),
            _department(OTHER_DEPARTMENT_ID, "Zandbak Diensten BV", "NL001234567B01", "active"),
        ]
    return [
        _department(DEPARTMENT_ID, _NAME, VAT_NUMBER, "active"),
        _department(OTHER_DEPARTMENT_ID, "Zandbak Nederland", "NL001234567B01", "active"),
    ]


COMPANIES = tuple((department_id(each.number), each.name, each.vat_number) for each in companies.COMPANIES)
"""Departments that have an administration of their own: id, name, and the VAT number of both."""


def _department(id_: str, name: str, vat_number: str, status: str) -> Row:
    return {
        "id": id_,
        "name": name,
        "vat_number": vat_number,
        "emails": [{"type": "primary", "email": "info@zandbak.example"}],
        "currency": CURRENCY,
        "status": status,
    }


def _rates(country: str) -> list[tuple[str, str]]:
    if country == "NL":
        return [_DUTCH_RATES.get(description, (description, rate)) for description, rate in _TAX_RATES]
    return list(_TAX_RATES)


def tax_rates(country: str, count: int = 1) -> list[Row]:
    """The rates of all departments; several are 0 % and differ by description and id only."""
    return [
        {
            "id": setting_id(_RATE_GROUPS.get(company, _FURTHER + company), number),
            "description": description,
            "rate": Decimal(rate),
            "department": _ref("department", department_id(company)),
        }
        for company in range(1, max(count, 2) + 1)
        for number, (description, rate) in enumerate(_rates(country), start=1)
        # Further companies do not sell abroad to persons; with theirs, the rates of all would be more than a page.
        if company in _RATE_GROUPS or not description.endswith("OSS Nederland")
    ]


def withholding_tax_rates() -> list[Row]:
    """One rate, as Italian and Spanish departments have them."""
    return [
        {
            "id": setting_id(13, 1),
            "department": _ref("department", DEPARTMENT_ID),
            "description": "Ritenuta 20%",
            "rate": Decimal("0.2"),
        }
    ]


def product_categories(country: str, count: int = 1) -> list[Row]:
    """Categories with their ledger account in each department that is booked; the last one has none."""
    return [
        {
            "id": setting_id(20, number),
            "name": name,
            "ledgers": []
            if ledger is None
            else [
                {"department": _ref("department", id_), "ledger_account_number": _ledger(ledger, country)}
                for id_, _, _ in COMPANIES[:count]
            ],
        }
        for number, (name, ledger) in enumerate(_CATEGORIES, start=1)
    ]


def _ledger(number: str, country: str) -> str:
    """Dutch charts have four digits, revenue at 8000."""
    return f"8{number[1:4]}" if country == "NL" else number


def payment_terms() -> list[Row]:
    """The terms; 30 days is the default."""
    return [{"id": setting_id(30, n), "type": type_, "days": days} for n, (type_, days) in enumerate(_TERMS, start=1)]


DEFAULT_PAYMENT_TERM = setting_id(30, 4)


def payment_methods() -> list[Row]:
    """How money may have come in."""
    names = (("Overschrijving", "active"), ("Cash", "active"), ("Bancontact", "active"), ("Cheque", "archived"))
    return [
        {"id": setting_id(40, n), "name": name, "status": status} for n, (name, status) in enumerate(names, start=1)
    ]


def custom_field_definitions() -> list[Row]:
    """Fields for a foreign key on companies, contacts and invoices."""
    fields = (
        ("company", "single_line", "Boekhoudnummer"),
        ("contact", "single_line", "Boekhoudnummer"),
        ("invoice", "single_line", "Projectcode"),
        ("company", "single_select", "Sector"),
    )
    return [
        {
            "id": setting_id(50, number),
            "context": context,
            "type": type_,
            "label": label,
            "group": "Boekhouding",
            "required": False,
            "configuration": {
                "options": [{"id": setting_id(51, 1), "value": "Bouw"}, {"id": setting_id(51, 2), "value": "Horeca"}]
                if type_ == "single_select"
                else [],
                "extra_option_allowed": False,
            },
        }
        for number, (context, type_, label) in enumerate(fields, start=1)
    ]


def user() -> Row:
    """The person who let the integration in."""
    return {
        "id": USER_ID,
        "account": _ref("account", ACCOUNT_ID),
        "first_name": "An",
        "last_name": "Zandbak",
        "email": "an@zandbak.example",
        "email_verification_status": "confirmed",
        "telephones": [{"type": "phone", "number": "+32 9 298 06 15"}],
        "language": "nl",
        "function": "Zaakvoerder",
        "time_zone": "Europe/Brussels",
        "preferences": {"invoiceable": True, "historic_time_tracking_limit": None, "whitelabeling": False},
    }
