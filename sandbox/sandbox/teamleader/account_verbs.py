"""Verbs for customers and settings of the Teamleader account."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sandbox.teamleader import customer_actions
from sandbox.teamleader.ids import DEPARTMENT_ID
from sandbox.teamleader.shapes import ref

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.teamleader.model import CustomerType
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
    ledger = {"department": ref("department", DEPARTMENT_ID), "ledger_account_number": number}
    state.product_categories.append({"id": id_, "name": arguments["name"], "ledgers": [ledger] if number else []})
    return {"id": id_}


def edit_department(state: TeamleaderState, arguments: Arguments) -> Any:
    """Change fields of the first department, e.g. its `vat_number`."""
    state.departments[0].update(arguments)
    return {"id": DEPARTMENT_ID}


def deny(state: TeamleaderState, arguments: Arguments) -> Any:
    """Answer 403 on `actions` from now on; an empty list lets everything be used again."""
    state.denied_actions = set(arguments["actions"])
    return {}


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
    "add_tax_rate": add_tax_rate,
    "add_product_category": add_product_category,
    "edit_department": edit_department,
    "deny": deny,
    "expire_tokens": expire_tokens,
    "revoke": revoke,
}
