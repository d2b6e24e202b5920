"""Tries again what was refused before and is due, from the store and with the settings of this run, after new work.

The source is not asked again. What waits rests (`outcomes`): a day, when only a person can help it on; less and less
often, when each try costs a refusal. It is due before that when something it rests on moved: the settings, its
customer, or something in Exact (`looks`). What follows by itself goes before what a person must mend, and both leave
half of the errors that Exact allows to new work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector_store import State, Status
from connector_store.columns import utc_now
from connector_store.division_store import ACCOUNT, DOCUMENT_KINDS
from exactonline_api.odata import SAFE_TERMS
from target_exactonline.administration import is_of_department
from target_exactonline.booking import account_fingerprint
from target_exactonline.streams import ACCOUNTS, SALES_ENTRIES, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from connector_store import Reject
    from connector_store.division_store import DivisionStore
    from target_exactonline.administration import Administration
    from target_exactonline.booking.rules import Rules
    from target_exactonline.writing.accounts import Accounts
    from target_exactonline.writing.documents import Documents

DOCUMENTS_AND_CUSTOMERS = (*DOCUMENT_KINDS, ACCOUNT)
"""Kinds of the rejects that are tried again; those of the other job are none of our business."""


def due_rejects(store: DivisionStore, rules: Rules, *, everything: bool = False) -> Iterator[Reject]:
    """Yield the rejects whose next try is due and can help, oldest first; with `everything` also those that rest.

    Documents of another department are left to its own coupling, which books them by other rules.
    """
    kinds = DOCUMENTS_AND_CUSTOMERS
    found = store.rejects.pending(kinds) if everything else store.rejects.due(utc_now(), kinds)
    return (
        reject
        for reject in found
        if may_go(store, reject)
        and not _waits_for_document(store, reject)
        and is_of_department(rules, reject.payload or {})
    )


def retry_rejects(
    administration: Administration,
    accounts: Accounts,
    documents: Documents,
    handled: Collection[tuple[str, str]],
    afterwards: Callable[[list[dict[str, Any]]], None],
) -> None:
    """Try every reject again that is due; a dry run shows what would become of all.

    Args:
        administration: The administration.
        accounts: Writes customers.
        documents: Books documents.
        handled: (kind, id) of documents that this run tried already.
        afterwards: Gets each batch of documents when it was tried.
    """
    store, dry_run = administration.store, administration.dry_run
    tried = set(handled)
    with administration.breaker.for_rejects():
        for for_a_person in (False, True):
            batch: list[Reject] = []
            for reject in due_rejects(store, administration.rules, everything=dry_run):
                administration.interruption.check()
                key = (reject.kind, reject.source_id)
                if key in tried or (reject.status is Status.REJECTED) is not for_a_person:
                    continue
                tried.add(key)
                if reject.kind == ACCOUNT:
                    _account(administration, accounts, reject, reject.payload or {})
                    continue
                batch.append(reject)
                if len(batch) == SAFE_TERMS:
                    afterwards(_documents(documents, batch))
                    batch = []
            if batch:
                afterwards(_documents(documents, batch))


def may_go(store: DivisionStore, reject: Reject) -> bool:
    """Tell whether trying again can help: the record is at hand and valid, and its entry is not gone.

    An entry that was deleted in Exact is posted again only after a person removed its link.
    """
    if reject.payload is None or SCHEMAS.fault(ACCOUNTS if reject.kind == ACCOUNT else SALES_ENTRIES, reject.payload):
        return False
    if reject.code == "source_deleted":
        return False
    if reject.code == "entry_missing":
        link = store.links.get(reject.kind, reject.source_id)
        return link is None or link.state is not State.MISSING
    return True


def _waits_for_document(store: DivisionStore, reject: Reject) -> bool:
    """Tell whether it is a customer without an account: the documents that wait for it try it."""
    if reject.kind != ACCOUNT:
        return False
    link = store.links.get(ACCOUNT, reject.source_id)
    return link is None or link.state is not State.LINKED


def _account(administration: Administration, accounts: Accounts, reject: Reject, payload: dict[str, Any]) -> None:
    link = administration.store.links.get(ACCOUNT, reject.source_id)
    if link is None or link.state is not State.LINKED:
        return
    if link.fingerprint == account_fingerprint(payload):
        administration.store.rejects.resolve(ACCOUNT, reject.source_id)
    else:
        accounts.update(payload, link)


def _documents(documents: Documents, batch: list[Reject]) -> list[dict[str, Any]]:
    codes = {(reject.kind, reject.source_id): reject.code for reject in batch}
    records = [reject.payload for reject in batch if reject.payload is not None]
    documents.handle(records, codes)
    return records
