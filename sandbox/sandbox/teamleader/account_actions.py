"""The actions that read the settings of the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.teamleader import lists, settings

if TYPE_CHECKING:
    from sandbox.teamleader.model import Row
    from sandbox.teamleader.state import TeamleaderState


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
    return {"data": lists.ordered(found, body, keys)}


def users_me(_state: TeamleaderState, _body: Row) -> Row:
    """The person who let the integration in."""
    return {"data": settings.user()}


def custom_fields_list(state: TeamleaderState, body: Row) -> Row:
    """Definitions of custom fields."""
    tests = {**_IDS, "context": lambda row, wanted: row["context"] == wanted}
    found = lists.filtered(state.custom_field_definitions, body, tests)
    keys = {"label": lambda row: row["label"], "context": lambda row: row["context"]}
    return _paged(lists.ordered(found, body, keys), body)


def tax_rates_list(state: TeamleaderState, body: Row) -> Row:
    """Tax rates, of one department when asked."""
    known = (row for row in state.tax_rates if row["id"] not in state.archived)
    return _paged(lists.filtered(known, body, {"department_id": _of_department}), body)


def product_categories_list(state: TeamleaderState, body: Row) -> Row:
    """Product categories; of one department: with that department's ledger account only."""
    wanted = body.get("filter", {}).get("department_id")
    rows = []
    for category in state.product_categories:
        ledgers = [each for each in category["ledgers"] if wanted in {None, each["department"]["id"]}]
        if category["id"] not in state.archived:
            rows.append({**category, "ledgers": ledgers})
    return {"data": rows}


def payment_terms_list(state: TeamleaderState, _body: Row) -> Row:
    """Payment terms; the default one in `meta`."""
    return {"data": state.payment_terms, "meta": {"default": settings.DEFAULT_PAYMENT_TERM}}


def payment_methods_list(state: TeamleaderState, body: Row) -> Row:
    """Payment methods."""
    return _paged(lists.filtered(state.payment_methods, body, _IDS_AND_STATUS), body)


def tags_list(state: TeamleaderState, body: Row) -> Row:
    """All tags in use, in order."""
    tags = {tag for rows in state.customers.values() for row in rows.values() for tag in row["tags"]}
    return _paged([{"tag": tag} for tag in sorted(tags)], body)
