"""What both services hold that a setting can name, each as rows with at least `id` or `code`, and a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bridge import services

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bridge.project import Coupling
    from connector_store import ConnectorStore
    from exactonline_api import ExactClient
    from teamleader_api import TeamleaderClient

Row = dict[str, Any]


def departments(client: TeamleaderClient) -> list[Row]:
    """Return the companies of the account that write invoices."""
    rows = client.rows("departments.list")
    return [{name: row.get(name) for name in ("id", "name", "vat_number", "currency", "status")} for row in rows]


def tax_rates(client: TeamleaderClient, department_id: str | None = None) -> list[Row]:
    """Return the tax rates of a department, or of all; the rate is a fraction."""
    body = {"filter": {"department_id": department_id}} if department_id else {}
    return [
        {"id": row["id"], "description": row["description"], "rate": row["rate"], "department": row["department"]["id"]}
        for row in client.rows("taxRates.list", body)
    ]


def payment_methods(client: TeamleaderClient) -> list[Row]:
    """Return the ways in which money may have come in."""
    rows = client.rows("paymentMethods.list")
    return [{"id": row["id"], "name": row["name"], "status": row.get("status")} for row in rows]


def custom_fields(client: TeamleaderClient) -> list[Row]:
    """Return the custom fields of companies, contacts, invoices and so on."""
    rows = client.rows("customFieldDefinitions.list")
    return [{"id": row["id"], "name": row["label"], "of": row["context"], "type": row["type"]} for row in rows]


def divisions(client: ExactClient) -> list[Row]:
    """Return the administrations that the login may open (exact-online 0.3).

    The list stands below an administration; the one that the user opened last is only the way to it (exact-online 0.4).
    """
    select = ("Code", "Description", "VATNumber", "Country", "Currency")
    return _coded(
        client.rows("system/Divisions", select=select), vat_number="VATNumber", country="Country", currency="Currency"
    )


def journals(client: ExactClient) -> list[Row]:
    """Return the journals; type 20 is a sales journal (exact-online 8.1)."""
    rows = client.rows("financial/Journals", select=("ID", "Code", "Description", "Type", "IsBlocked"))
    return _coded(rows, type="Type", blocked="IsBlocked")


def vat_codes(client: ExactClient) -> list[Row]:
    """Return the VAT codes; the percentage is a fraction, of today."""
    select = ("ID", "Code", "Description", "Percentage", "Type", "VATTransactionType", "IsBlocked")
    rows = client.rows("vat/VATCodes", select=select)
    return _coded(rows, percentage="Percentage", type="Type", transactions="VATTransactionType", blocked="IsBlocked")


def ledger_accounts(client: ExactClient) -> list[Row]:
    """Return the chart of accounts; what the types are stands in exact-online 8.2."""
    rows = client.rows("financial/GLAccounts", select=("ID", "Code", "Description", "Type", "IsBlocked"))
    return _coded(rows, type="Type", blocked="IsBlocked")


def conditions(client: ExactClient) -> list[Row]:
    """Return the payment conditions."""
    select = ("ID", "Code", "Description", "PaymentDays", "PaymentEndOfMonths", "PaymentMethod")
    rows = client.rows("cashflow/PaymentConditions", select=select)
    return _coded(rows, days="PaymentDays", end_of_months="PaymentEndOfMonths", method="PaymentMethod")


def _coded(rows: Iterator[Row], **fields: str) -> list[Row]:
    """Return code and description of rows of Exact, and other fields under names of ours, in the order of the codes."""
    found = [
        {
            "code": str(row["Code"]).strip(),
            "description": str(row.get("Description") or "").strip(),
            **{name: _plain(row.get(field)) for name, field in fields.items()},
        }
        for row in rows
    ]
    return sorted(found, key=lambda row: str(row["code"]))


def _plain(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


OF_EXACT: Final[dict[str, Callable[[ExactClient], list[Row]]]] = {
    "divisions": divisions,
    "journals": journals,
    "vat-codes": vat_codes,
    "ledger-accounts": ledger_accounts,
    "conditions": conditions,
}
OF_TEAMLEADER: Final[dict[str, Callable[[TeamleaderClient], list[Row]]]] = {
    "departments": departments,
    "tax-rates": tax_rates,
    "payment-methods": payment_methods,
    "custom-fields": custom_fields,
}


def listed(what: str, coupling: Coupling, store: ConnectorStore) -> list[Row]:
    """Return what there is of a kind, from the service that has it; nothing is changed.

    Args:
        what: A key of OF_TEAMLEADER or OF_EXACT.
        coupling: Whose logins are used; its department and administration, where they are known.
        store: With the logins.

    Raises:
        Refused: A login or the administration is not known yet.
        ApiError: The service does not give it.
    """
    if what == "tax-rates":
        client = services.teamleader(coupling, store, read_only=True)
        return tax_rates(client, coupling.settings("tap-teamleader").get("department_id"))
    if what in OF_TEAMLEADER:
        return OF_TEAMLEADER[what](services.teamleader(coupling, store, read_only=True))
    if what == "divisions":
        return divisions(exact_of_login(coupling, store))
    return OF_EXACT[what](services.exact(coupling, store, read_only=True))


def exact_of_login(coupling: Coupling, store: ConnectorStore) -> ExactClient:
    """Return Exact by the administration that the login opened last, for what belongs to the login; for reading."""
    of_nobody = services.exact(coupling, store, division=services.NO_DIVISION, read_only=True)
    return services.exact(coupling, store, division=int(of_nobody.me()["CurrentDivision"]), read_only=True)
