"""Verbs for customers and settings of the Teamleader account."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandbox.teamleader import customer_actions
from sandbox.teamleader.file_states import HOWS, FileState
from sandbox.teamleader.ids import DEPARTMENT_ID
from sandbox.teamleader.shapes import ref

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.teamleader.model import CustomerType, Row
    from sandbox.teamleader.state import TeamleaderState

Arguments = dict[str, Any]


def _add_customer(type_: CustomerType) -> Callable[[TeamleaderState, Arguments], Any]:
    def add(state: TeamleaderState, arguments: Arguments) -> Any:
        return {"id": customer_actions.add(state, type_, arguments)["id"]}

    return add


def _edit_customer(type_: CustomerType) -> Callable[[TeamleaderState, Arguments], Any]:
    def edit(state: TeamleaderState, arguments: Arguments) -> Any:
        return {"id": customer_actions.change(state, type_, arguments.pop("id", ""), arguments)["id"]}

    return edit


def add_tax_rate(state: TeamleaderState, arguments: Arguments) -> Any:
    """A tax rate of the department: `description`, and `rate` as a fraction."""
    id_ = state.new_id()
    row = {"id": id_, "description": arguments["description"], "rate": Decimal(str(arguments["rate"]))}
    state.tax_rates.append({**row, "department": ref("department", DEPARTMENT_ID)})
    return {"id": id_}


def add_product_category(state: TeamleaderState, arguments: Arguments) -> Any:
    """A product category: `name`, and maybe `ledger`, its account number."""
    id_ = state.new_id()
    number = arguments.get("ledger")
    ledgers = [_ledger(number)] if number else []
    state.product_categories.append({"id": id_, "name": arguments["name"], "ledgers": ledgers})
    return {"id": id_}


def _ledger(number: str) -> Row:
    return {"department": ref("department", DEPARTMENT_ID), "ledger_account_number": number}


def _found(rows: list[Row], arguments: Arguments, name: str) -> Row:
    """The row with that `id`, or whose field of that name is as given."""
    for row in rows:
        if row["id"] == arguments.get("id") or ("id" not in arguments and row[name] == arguments[name]):
            return row
    raise ValueError("no such row")


def _archives(rows: Callable[[TeamleaderState], list[Row]], name: str) -> Callable[[TeamleaderState, Arguments], Any]:
    def archive(state: TeamleaderState, arguments: Arguments) -> Any:
        """Let the row disappear from its list, while documents keep it; `archived: false` brings it back."""
        id_ = _found(rows(state), arguments, name)["id"]
        (state.archived.add if arguments.get("archived", True) else state.archived.discard)(id_)
        return {"id": id_}

    return archive


def edit_tax_rate(state: TeamleaderState, arguments: Arguments) -> Any:
    """Give the tax rate `id` another `description`."""
    row = _found(state.tax_rates, {"id": arguments["id"]}, "description")
    row["description"] = arguments["description"]
    return {"id": row["id"]}


def edit_product_category(state: TeamleaderState, arguments: Arguments) -> Any:
    """Give the product category `id` another `name` or `ledger`, an account number."""
    row = _found(state.product_categories, {"id": arguments["id"]}, "name")
    row["name"] = arguments.get("name", row["name"])
    if "ledger" in arguments:
        row["ledgers"] = [_ledger(arguments["ledger"])]
    return {"id": row["id"]}


def edit_customers(state: TeamleaderState, arguments: Arguments) -> Any:
    """Change all customers of a `type`, or those of `ids`, in the same way: `changes` as `edit_company` takes them."""
    type_: CustomerType = arguments["type"]
    ids = arguments.get("ids", list(state.customers[type_]))
    for id_ in ids:
        customer_actions.change(state, type_, id_, dict(arguments.get("changes", {})))
    return {"count": len(ids)}


def _delete_customer(type_: CustomerType) -> Callable[[TeamleaderState, Arguments], Any]:
    def delete(state: TeamleaderState, arguments: Arguments) -> Any:
        customer_actions.delete(state, type_, arguments["id"])
        return {"id": arguments["id"]}

    return delete


def set_file(state: TeamleaderState, arguments: Arguments) -> Any:
    """What a download of the document `id` delivers, or of every other without it: `how`, and least `bytes` of a PDF.

    `whole`; `half` of it; an `html` page to log in; `empty`. A download that fails or is cut is a fault on its path,
    `/download/<id of the document>/`.
    """
    how = arguments.get("how", "whole")
    if how not in HOWS:
        raise ValueError(f"how is {', '.join(HOWS)}")
    state.files[arguments.get("id", "")] = FileState(how, arguments.get("bytes"))
    return {}


def edit_department(state: TeamleaderState, arguments: Arguments) -> Any:
    """Change fields of the department `id`, the first one without it, e.g. its `vat_number`."""
    department = _found(state.departments, {"id": arguments.pop("id", DEPARTMENT_ID)}, "name")
    department.update(arguments)
    return {"id": department["id"]}


def deny(state: TeamleaderState, arguments: Arguments) -> Any:
    """Answer 403 on `actions` from now on; an empty list lets everything be used again."""
    state.denied_actions = set(arguments["actions"])
    return {}


def list_customers(state: TeamleaderState, _arguments: Arguments) -> Any:
    """All companies and contacts by id, as `.info` tells them."""
    return {id_: row for rows in state.customers.values() for id_, row in rows.items()}


def expire_tokens(state: TeamleaderState, _arguments: Arguments) -> Any:
    """Let every access token be expired."""
    state.tokens.expire()
    return {}


def revoke(state: TeamleaderState, _arguments: Arguments) -> Any:
    """Let the user take the integration's access away."""
    state.tokens.revoke()
    return {}


ACCOUNT_VERBS: dict[str, Callable[[TeamleaderState, Arguments], Any]] = {
    "add_company": _add_customer("company"),
    "edit_company": _edit_customer("company"),
    "add_contact": _add_customer("contact"),
    "edit_contact": _edit_customer("contact"),
    "edit_customers": edit_customers,
    "list_customers": list_customers,
    "delete_company": _delete_customer("company"),
    "delete_contact": _delete_customer("contact"),
    "add_tax_rate": add_tax_rate,
    "edit_tax_rate": edit_tax_rate,
    "archive_tax_rate": _archives(lambda state: state.tax_rates, "description"),
    "add_product_category": add_product_category,
    "edit_product_category": edit_product_category,
    "archive_product_category": _archives(lambda state: state.product_categories, "name"),
    "set_file": set_file,
    "edit_department": edit_department,
    "deny": deny,
    "expire_tokens": expire_tokens,
    "revoke": revoke,
}
