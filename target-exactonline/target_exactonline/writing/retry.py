"""Tries again what was refused before, oldest first, from the memory and with the settings of this run.

Teamleader is not asked again. A document whose customer was refused follows when the customer is in order. Refusals
that a person has to undo in Exact cost no call here: what is checked locally fails locally, what Exact refused is
sent again within the error budget only, and an account whose update was refused is sent once a day.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from connector_store import State
from connector_store.division_store import ACCOUNT, DOCUMENT_KINDS
from exactonline_api.odata import SAFE_TERMS
from target_exactonline.booking import account_fingerprint
from target_exactonline.streams import ACCOUNTS, SALES_ENTRIES, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from connector_store import Reject
    from connector_store.division_store import DivisionStore
    from target_exactonline.administration import Administration
    from target_exactonline.writing.accounts import Accounts
    from target_exactonline.writing.documents import Documents

DOCUMENTS_AND_CUSTOMERS = (*DOCUMENT_KINDS, ACCOUNT)
"""Kinds of the rejects that are tried again before anything else; those of the other job are none of our business."""


def retry_rejects(
    administration: Administration,
    accounts: Accounts,
    documents: Documents,
    skip: Collection[tuple[str, str]],
    afterwards: Callable[[list[dict[str, Any]]], None],
) -> None:
    """Try every reject again.

    Args:
        administration: The administration.
        accounts: Writes customers.
        documents: Administration documents.
        skip: (kind, id) of documents whose newer version is at hand.
        afterwards: Gets each batch of documents when it was tried.
    """
    batch: list[Reject] = []
    for reject in administration.memory.rejects.pending(DOCUMENTS_AND_CUSTOMERS):
        administration.interruption.check()
        if (reject.kind, reject.source_id) in skip or not may_go(administration.memory, reject):
            continue
        payload = reject.payload or {}
        if reject.kind == ACCOUNT:
            _account(administration, accounts, reject, payload)
        else:
            batch.append(reject)
            if len(batch) == SAFE_TERMS:
                afterwards(_documents(documents, batch))
                batch = []
    if batch:
        afterwards(_documents(documents, batch))


def may_go(memory: DivisionStore, reject: Reject) -> bool:
    """Tell whether trying again can help: the record is at hand and valid, and its entry is not gone.

    An entry that was deleted in Exact is posted again only after a person removed its link.
    """
    if reject.payload is None or SCHEMAS.fault(ACCOUNTS if reject.kind == ACCOUNT else SALES_ENTRIES, reject.payload):
        return False
    if reject.code == "source_deleted":
        return False
    if reject.code == "entry_missing":
        link = memory.links.get(reject.kind, reject.source_id)
        return link is None or link.state is not State.MISSING
    return True


def _account(administration: Administration, accounts: Accounts, reject: Reject, payload: dict[str, Any]) -> None:
    """Update a linked account; one that is not linked is tried by the documents that wait for it."""
    link = administration.memory.links.get(ACCOUNT, reject.source_id)
    if link is None or link.state is not State.LINKED:
        return
    if link.fingerprint == account_fingerprint(payload):
        administration.memory.rejects.resolve(ACCOUNT, reject.source_id)
    elif reject.is_due(datetime.now(timezone.utc)):
        accounts.update(payload, link)


def _documents(documents: Documents, batch: list[Reject]) -> list[dict[str, Any]]:
    codes = {(reject.kind, reject.source_id): reject.code for reject in batch}
    records = [reject.payload for reject in batch if reject.payload is not None]
    documents.handle(records, codes)
    return records
