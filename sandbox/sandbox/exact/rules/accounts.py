"""crm/Accounts: what is known of customers (exact-online 5.1-5.12)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.exact import wire
from sandbox.exact.administration import padded
from sandbox.exact.countries import COUNTRIES, LANGUAGES, STATES
from sandbox.exact.refusals import BusinessRefusal
from sandbox.exact.rules.checks import Problems, code_exists, exists, too_long

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

PATH = "crm/Accounts"
_EMAIL = re.compile(r"[^@\s;,]+@[^@\s;,]+\.[^@\s;,.]+")


def create(state: ExactState, values: Row) -> Row:
    """Store a new account; only Name is mandatory (exact-online 5.1), nothing but Code is unique (exact-online 5.5)."""
    problems: Problems = []
    if not (values.get("Name") or "").strip():
        problems.append(("mandatory", "name"))
    _check(state, values, values, problems)
    if values.get("Code") and state.by_code(PATH, values["Code"]):
        problems.append(("exists",))
    if problems:
        raise BusinessRefusal(*problems)
    row = _clean(state, values)
    row["Code"] = padded(PATH, values["Code"]) if values.get("Code") else next_code(state)
    today = wire.day_ms(state.today())
    row["Status"] = values.get("Status") or "A"
    row.setdefault("StartDate", today)
    row["StatusSince"] = today
    if row["Status"] == "C":
        row["CustomerSince"] = today
    account = state.insert(PATH, row)
    _keep_visit_address(state, account)
    return account


def update(state: ExactState, row: Row, values: Row) -> None:
    """Merge; a Code that is sent, even unchanged, is refused (exact-online 5.4)."""
    problems: Problems = []
    if values.get("Code") is not None and state.by_code(PATH, values["Code"]):
        problems.append(("exists",))
    if "Name" in values and not (values["Name"] or "").strip():
        problems.append(("mandatory", "name"))
    _check(state, values, {**row, **values}, problems)
    if problems:
        raise BusinessRefusal(*problems)
    changes = _clean(state, values)
    if values.get("Code"):
        changes["Code"] = padded(PATH, values["Code"])
    if changes.get("Status", row["Status"]) != row["Status"]:
        changes["StatusSince"] = wire.day_ms(state.today())
        if changes["Status"] == "C":
            changes.setdefault("CustomerSince", changes["StatusSince"])
    state.update(PATH, row, changes)
    _keep_visit_address(state, row)


def delete(state: ExactState, row: Row) -> None:
    """Remove an account with what hangs on it; one that has entries stays (assumption)."""
    if state["salesentry/SalesEntries"].find("Customer", row["ID"]):
        raise BusinessRefusal(("in_use", "account"))
    for path in ("crm/Contacts", "crm/BankAccounts", "crm/Addresses"):
        for child in state[path].find("Account", row["ID"]):
            state.delete(path, child)
    state.delete(PATH, row)


def _check(state: ExactState, values: Row, merged: Row, problems: Problems) -> None:
    too_long(PATH, values, problems)
    if values.get("Email") and not _EMAIL.fullmatch(values["Email"].strip()):
        problems.append(("invalid", "email"))  # exact-online 5.7
    if (values.get("Status") or "A") not in {"A", "S", "P", "C"}:
        problems.append(("invalid", "status"))
    if "ShowRemarkForSales" in values and values["ShowRemarkForSales"] is None:
        problems.append(("invalid_value", "show_remark"))
    country = (merged.get("Country") or "").strip().upper()
    if country and country not in COUNTRIES:
        problems.append(("reference", "country"))
    state_code = (merged.get("State") or "").strip().upper()
    if state_code and {"Country", "State"} & values.keys() and state_code not in STATES.get(country, frozenset()):
        problems.append(("reference", "state"))  # exact-online 5.6
    if values.get("Language") and values["Language"].strip().upper() not in LANGUAGES:
        problems.append(("reference", "language"))
    code_exists(state, "cashflow/PaymentConditions", values.get("PaymentConditionSales"), "payment_condition", problems)
    code_exists(state, "vat/VATCodes", values.get("SalesVATCode"), "vat_code", problems)
    for field in ("GLAccountSales", "GLAccountPurchase", "GLAR", "GLAP"):
        exists(state, "financial/GLAccounts", values.get(field), "gl_account", problems)
    for field in ("InvoiceAccount", "Parent", "Reseller"):
        exists(state, PATH, values.get(field), "account", problems)


def _clean(state: ExactState, values: Row) -> Row:
    row = {name: value for name, value in values.items() if name not in {"ID", "Code"}}
    for field in ("Country", "Language", "State"):
        if row.get(field):
            row[field] = row[field].strip().upper()
    for field in ("SalesCurrency", "PurchaseCurrency"):
        if row.get(field) and row[field] not in state["general/Currencies"]:
            row[field] = None  # exact-online 5.8: silently emptied
    if row.get("SalesVATCode"):
        row["SalesVATCode"] = padded("vat/VATCodes", row["SalesVATCode"])
    return row


def next_code(state: ExactState) -> str:
    """The next code of the company's numbering, with its leading zeros (exact-online 5.3)."""
    while True:
        code = padded(PATH, f"{state.next_number('account'):07d}")
        if not state[PATH].find("Code", code):
            return code


def _keep_visit_address(state: ExactState, account: Row) -> None:
    """The visit address is kept twice: on the account and as a row of its own (exact-online 5.10)."""
    fields = ("AddressLine1", "AddressLine2", "AddressLine3", "Postcode", "City", "Country", "State")
    values = {field: account.get(field) for field in fields}
    addresses = [row for row in state["crm/Addresses"].find("Account", account["ID"]) if row.get("Type") == 1]
    if addresses:
        if any(addresses[0].get(field) != value for field, value in values.items()):
            state.update("crm/Addresses", addresses[0], values)
    elif any(values.values()):
        state.insert("crm/Addresses", {**values, "Account": account["ID"], "Type": 1, "Main": True})
