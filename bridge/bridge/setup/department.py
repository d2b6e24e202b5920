"""What the department in Teamleader holds, read once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from bridge.setup.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from teamleader_api import TeamleaderClient

Row = dict[str, Any]

USED: Final = ("companies.list", "contacts.list", "creditNotes.list")
"""Lists that the tap reads besides those whose rows are needed here: one row of each, to learn the rights."""
RECENT: Final = 100
"""So many of the last invoices tell which currencies are in use."""


@dataclass(frozen=True)
class TaxRate:
    """A tax rate of the department."""

    id: str
    description: str
    fraction: Decimal


@dataclass(frozen=True)
class DepartmentFacts:
    """What the department holds; None where the login has no right to look."""

    trouble: str | None = None
    login_lost: bool = False
    denied: tuple[str, ...] = ()
    departments: tuple[Mapping[str, Any], ...] = ()
    """All active ones: id, name, vat_number, currency."""
    row: Mapping[str, Any] | None = None
    """The one that is coupled."""
    tax_rates: tuple[TaxRate, ...] | None = None
    categories: Mapping[str, str | None] | None = None
    """Name of a product category -> its ledger number for this department, None where it has none."""
    terms: tuple[tuple[str, int], ...] | None = None
    """Payment terms: type and days."""
    default_term: tuple[str, int] | None = None
    """The one of them that new invoices get."""
    payment_methods: Mapping[str, str] | None = None
    """Ids of the active payment methods -> name."""
    custom_fields: Mapping[str, str] | None = None
    """Ids of the custom fields -> what they are of: "company", "contact", "invoice" and so on."""
    currencies: frozenset[str] | None = None
    """Currencies of the last invoices."""


def read_department(client: TeamleaderClient, department_id: str | None) -> DepartmentFacts:
    """Read a department with a client that need not be allowed to write; without an id, the only active one."""
    reading = Reading()
    departments = reading.of("departments.list", lambda: list(client.rows("departments.list"))) or []
    active = tuple(row for row in departments if row.get("status") == "active")
    if department_id is None:
        row = active[0] if len(active) == 1 else None
    else:
        row = next((each for each in departments if each["id"] == department_id), None)
    facts = DepartmentFacts(departments=active, row=row)
    if row is not None:
        facts = _tables(facts, client, reading, str(row["id"]))
    return replace(facts, trouble=reading.trouble, login_lost=reading.login_lost, denied=tuple(reading.denied))


def _tables(facts: DepartmentFacts, client: TeamleaderClient, reading: Reading, department: str) -> DepartmentFacts:
    def rows(action: str, **filters: object) -> list[Row] | None:
        body = {"filter": filters} if filters else {}
        return reading.of(action, lambda: list(client.rows(action, body)))

    rates = rows("taxRates.list", department_id=department)
    categories = rows("productCategories.list", department_id=department)
    terms = rows("paymentTerms.list")
    default_term = (client.first_page_meta or {}).get("default") if terms else None
    methods = rows("paymentMethods.list", status=["active"])
    fields = rows("customFieldDefinitions.list")
    recent = {"filter": {"department_id": department}, "sort": [{"field": "invoice_date", "order": "desc"}]}
    invoices = reading.of("invoices.list", lambda: _page(client, "invoices.list", RECENT, recent))
    for action in USED:
        reading.of(action, lambda action=action: _page(client, action, 1))  # type: ignore[misc]
    return replace(
        facts,
        tax_rates=None if rates is None else tuple(_rate(row) for row in rates),
        categories=None if categories is None else {row["name"]: _ledger(row, department) for row in categories},
        terms=None if terms is None else tuple(map(_term, terms)),
        default_term=next((_term(row) for row in terms or () if row["id"] == default_term), None),
        payment_methods=None if methods is None else {row["id"]: row["name"] for row in methods},
        custom_fields=None if fields is None else {row["id"]: row["context"] for row in fields},
        currencies=None if invoices is None else frozenset(map(_currency, invoices)),
    )


def _page(client: TeamleaderClient, action: str, size: int, body: Row | None = None) -> list[Row]:
    return next(iter(client.pages(action, body, size)), [])


def _term(row: Row) -> tuple[str, int]:
    return row["type"], int(row.get("days") or 0)


def _rate(row: Row) -> TaxRate:
    return TaxRate(row["id"], str(row["description"]), Decimal(row["rate"]))


def _ledger(row: Row, department: str) -> str | None:
    numbers = [each["ledger_account_number"] for each in row["ledgers"] if each["department"]["id"] == department]
    return str(numbers[0]).strip() if numbers and numbers[0] else None


def _currency(invoice: Row) -> str:
    return str(invoice["total"]["payable"]["currency"])
