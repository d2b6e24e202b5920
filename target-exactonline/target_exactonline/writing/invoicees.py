"""The customer as its document names it, for when the customer itself is gone or its account was deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector_store import State
from connector_store.division_store import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector_store.division_store import DivisionStore

Record = dict[str, Any]


def stage_invoicees(store: DivisionStore, records: Iterable[Record]) -> None:
    """Stage the customers of whom nothing is at hand but what their documents say.

    What came from the source goes first, and takes the place of such a copy when it comes later.

    Args:
        store: The store of the administration.
        records: Valid records of `sales_entries`; later ones win.
    """
    copies = {}
    for record in records:
        invoicee = record.get("invoicee") or {}
        if invoicee.get("name"):
            source_id = str(record["customer"])
            copies[source_id] = {"id": source_id, **invoicee}
    if not copies:
        return
    links = store.links.get_many(ACCOUNT, sorted(copies))
    known = store.customers.ids()
    known |= {source_id for source_id, link in links.items() if link.state is not State.MISSING}
    store.customers.put_many(
        {
            source_id: copy
            for source_id, copy in copies.items()
            if source_id not in known and store.rejects.get(ACCOUNT, source_id) is None
        }
    )
