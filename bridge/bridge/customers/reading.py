"""Reads the customers of both sides: a thousand per call from Exact, a hundred from Teamleader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from connector_store.customer_decisions import said_to_be_new
from connector_store.division_store import ACCOUNT, CUSTOMER
from customer_identity.spelling import one_line
from exactonline_api import accounts
from teamleader_api import customers

if TYPE_CHECKING:
    from collections.abc import Collection

    from connector_store import DivisionStore
    from customer_identity import Traits
    from exactonline_api import ExactClient
    from teamleader_api import TeamleaderClient

_FIELDS: Final = (*accounts.TRAITS, "Status", "Blocked")


@dataclass(frozen=True)
class Account:
    """A customer as Exact has it."""

    id: str
    code: str
    traits: Traits
    blocked: bool


@dataclass(frozen=True)
class BothSides:
    """The customers of both sides, and who is known to be whom."""

    accounts: dict[str, Account]
    """By GUID, in the order in which the job meets them."""
    teamleader: dict[str, Traits]
    """By `company:<id>` or `contact:<id>`."""
    links: dict[str, str]
    """GUID of an account -> whom it stands for in Teamleader."""
    new: frozenset[str]
    """GUIDs of accounts that a person said are to be created."""
    left_out: frozenset[str]


def read(
    exact: ExactClient,
    teamleader: TeamleaderClient,
    store: DivisionStore,
    *,
    statuses: Collection[str] = (accounts.CUSTOMER,),
    number_fields: dict[str, str] | None = None,
) -> BothSides:
    """Read both sides.

    Args:
        exact: The administration.
        teamleader: The account.
        store: What is known of both.
        statuses: Of the accounts that count as customers.
        number_fields: Type of a customer -> id of the custom field with its number in Exact.

    Raises:
        ApiError: One of the two cannot be read.
    """
    known = {
        link.exact_id: link.source_id
        for link in store.links.all()
        if link.kind == ACCOUNT and link.exact_id and link.state == "linked"
    }
    known |= {
        each.source_id: f"{each.type}:{each.teamleader_id}"
        for each in store.imported_customers.all()
        if each.teamleader_id is not None
    }
    return BothSides(
        accounts=_accounts(exact, statuses),
        teamleader=_teamleader(teamleader, number_fields or {}),
        links=known,
        new=frozenset(said_to_be_new(store)),
        left_out=frozenset(store.rejects.excluded(CUSTOMER)),
    )


def _accounts(exact: ExactClient, statuses: Collection[str]) -> dict[str, Account]:
    rows = exact.rows("sync/CRM/Accounts", select=_FIELDS, filter="Timestamp gt 0L")
    return {
        row["ID"]: Account(
            row["ID"], str(row.get("Code") or "").strip(), accounts.traits(row), bool(row.get("Blocked"))
        )
        for row in rows
        if one_line(row.get("Status")) in statuses
    }


def _teamleader(teamleader: TeamleaderClient, number_fields: dict[str, str]) -> dict[str, Traits]:
    found = {}
    for type_, resource in customers.RESOURCES.items():
        body: dict[str, Any] = {"filter": {"status": "active"}}
        if number_fields:
            body["includes"] = "custom_fields"
        rows = teamleader.listed_until_stable(f"{resource}.list", body, key=lambda row: str(row["id"]), project=dict)
        for row in rows:
            found[f"{type_}:{row['id']}"] = customers.traits(row, number_fields.get(type_))
    return found
