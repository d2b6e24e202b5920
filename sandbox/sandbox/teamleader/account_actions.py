"""The actions that read the settings of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.teamleader import lists, settings
from sandbox.teamleader.refusals import not_found

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.teamleader.model import Row
    from sandbox.teamleader.state import TeamleaderState

_DEPARTMENT_ROW = ("id", "name", "vat_number", "currency", "emails", "status")
_PRODUCT_ROW = ("id", "name", "description", "code", "unit", "added_at", "updated_at", "stock", "configuration")


def _one(rows: Iterable[Row], id_: str, what: str) -> Row:
    for row in rows:
        if row["id"] == id_:
            return row
    raise not_found(what)


def _of_department(row: Row, department: str) -> bool:
    return bool(row["department"]["id"] == department)


def _paged(rows: list[Row], body: Row) -> Row:
    data, meta = lists.page(rows, body)
    return {"data": list(data), "meta": meta}


_IDS = {"ids": lambda row, ids: row["id"] in ids}
_IDS_AND_STATUS = {**_IDS, "status": lambda row, wanted: row["status"] in wanted}


def departments_list(state: TeamleaderState, body: Row) -> Row:
    """Departments in the account's own order, by name, or by when they were made."""
    found = lists.filtered(state.departments, body, _IDS_AND_STATUS)
    own_order = state.departments.index
    keys = {"default_department": own_order, "name": lambda row: row["name"].casefold(), "created_at": own_order}
    return {"data": [{name: row[name] for name in _DEPARTMENT_ROW} for row in lists.ordered(found, body, keys)]}


def departments_info(state: TeamleaderState, body: Row) -> Row:
    """One department."""
    return {"data": _one(state.departments, body["id"], "Department")}


def users_me(_state: TeamleaderState, _body: Row) -> Row:
    """The person who let the integration in."""
    return {"data": settings.user()}


def custom_fields_list(state: TeamleaderState, body: Row) -> Row:
    """Definitions of custom fields."""
    tests = {**_IDS, "context": lambda row, wanted: row["context"] == wanted}
    found = lists.filtered(state.custom_field_definitions, body, tests)
    keys = {"label": lambda row: row["label"], "context": lambda row: row["context"]}
    return _paged(lists.ordered(found, body, keys), body)


def custom_fields_info(state: TeamleaderState, body: Row) -> Row:
    """One definition of a custom field."""
    return {"data": _one(state.custom_field_definitions, body["id"], "Custom field definition")}


def tax_rates_list(state: TeamleaderState, body: Row) -> Row:
    """Tax rates, of one department when asked."""
    found = lists.filtered(state.tax_rates, body, {"department_id": _of_department})
    return _paged(found, body)


def withholding_tax_rates_list(state: TeamleaderState, body: Row) -> Row:
    """Withholding tax rates."""
    return {"data": lists.filtered(state.withholding_tax_rates, body, {"department_id": _of_department})}


def commercial_discounts_list(state: TeamleaderState, body: Row) -> Row:
    """Names of discounts on documents."""
    return {"data": lists.filtered(state.commercial_discounts, body, {"department_id": _of_department})}


def product_categories_list(state: TeamleaderState, body: Row) -> Row:
    """Product categories; of one department: with that department's ledger account only."""
    wanted = body.get("filter", {}).get("department_id")
    rows = []
    for category in state.product_categories:
        ledgers = [each for each in category["ledgers"] if wanted in {None, each["department"]["id"]}]
        rows.append({**category, "ledgers": ledgers})
    return {"data": rows}


def payment_terms_list(state: TeamleaderState, _body: Row) -> Row:
    """Payment terms; the default one in `meta`."""
    return {"data": state.payment_terms, "meta": {"default": settings.DEFAULT_PAYMENT_TERM}}


def payment_methods_list(state: TeamleaderState, body: Row) -> Row:
    """Payment methods."""
    return _paged(lists.filtered(state.payment_methods, body, _IDS_AND_STATUS), body)


def business_types_list(state: TeamleaderState, body: Row) -> Row:
    """Legal forms of a country."""
    country = body.get("country")
    return {"data": [row for row in state.business_types if country in {None, row["country"]}]}


def tags_list(state: TeamleaderState, body: Row) -> Row:
    """All tags in use, in order."""
    tags = {tag for rows in state.customers.values() for row in rows.values() for tag in row["tags"]}
    return _paged([{"tag": tag} for tag in sorted(tags)], body)


def products_list(state: TeamleaderState, body: Row) -> Row:
    """Products."""
    tests: dict[str, Any] = {
        **_IDS,
        "term": lambda row, term: term.casefold() in f"{row['name']} {row['code']}".casefold(),
        "updated_since": lambda row, since: row["updated_at"] >= since,
    }
    found = lists.filtered(state.products, body, tests)
    return _paged([{name: row[name] for name in _PRODUCT_ROW} for row in found], body)


def products_info(state: TeamleaderState, body: Row) -> Row:
    """One product."""
    return {"data": _one(state.products, body["id"], "Product")}


def webhooks_list(state: TeamleaderState, _body: Row) -> Row:
    """Registered webhooks."""
    return {"data": state.webhooks}


def webhooks_register(state: TeamleaderState, body: Row) -> None:
    """Note a webhook; the sandbox calls nobody."""
    state.webhooks.append(body)


def webhooks_unregister(state: TeamleaderState, body: Row) -> None:
    """Forget a webhook."""
    if body not in state.webhooks:
        raise not_found("Webhook")
    state.webhooks.remove(body)
