"""Linked customers that changed: they wait in the store, and give way to documents and to the day's calls.

A customer is brought up to date before a document of it is booked. The others follow after the documents, so many per
run and only while more than half of the day's calls are left: a mass edit in the CRM takes some runs, and no document
waits for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector_store import State
from connector_store.division_store import ACCOUNT
from target_exactonline.booking import account_fingerprint

if TYPE_CHECKING:
    from connector_store import DayBudget, Link
    from connector_store.division_store import DivisionStore
    from target_exactonline.writing.accounts import Accounts

PER_RUN: Final = 60
"""What Exact takes in a minute (exact-online 2.1)."""


def changed_customers(store: DivisionStore) -> dict[str, Link]:
    """Return the links of the customers that changed, by id at the source."""
    changed = {}
    for source_id, link in store.links.get_many(ACCOUNT, sorted(store.customers.ids())).items():
        record = store.customers.get(source_id) if link.state is State.LINKED else None
        if record is not None and account_fingerprint(record) != link.fingerprint:
            changed[source_id] = link
    return changed


def room_for_updates(budget: DayBudget | None) -> int:
    """Return how many customers may be sent in this run; half of the day's calls belong to the documents."""
    if budget is None or budget.limit is None or budget.remaining is None:
        return PER_RUN
    return max(0, min(PER_RUN, budget.remaining - budget.limit // 2))


def send_changed(accounts: Accounts, changed: dict[str, Link], room: int) -> set[str]:
    """Bring that many customers up to date; return the ids of those that wait for the next run."""
    ids = sorted(changed)
    for source_id in ids[:room]:
        accounts.catch_up(source_id, changed[source_id])
    return set(ids[room:])
