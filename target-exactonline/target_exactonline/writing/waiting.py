"""Makes documents due whose customer they wait for has moved: it came in again, or is known to be in Exact or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_store.division_store import CUSTOMER_CODES, DOCUMENT_KINDS

if TYPE_CHECKING:
    from collections.abc import Collection

    from connector_store.division_store import DivisionStore

ASKS_FOR_CUSTOMER = (*CUSTOMER_CODES, "mandate_missing")
"""Codes of documents that are worth another look when their customer came in."""


def wake_documents_of(store: DivisionStore, customers: Collection[str]) -> None:
    """Make the documents due that wait for one of these customers (ids at the source)."""
    if not customers or store.rejects.codes(DOCUMENT_KINDS).isdisjoint(ASKS_FOR_CUSTOMER):
        return
    for reject in store.rejects.pending(DOCUMENT_KINDS):
        rests = reject.not_before is not None
        if rests and reject.code in ASKS_FOR_CUSTOMER and (reject.payload or {}).get("customer") in customers:
            store.rejects.try_again(reject.kind, reject.source_id)
