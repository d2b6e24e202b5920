"""Forgetting a customer as a person, where the law asks for it. Hold the lock of whoever writes to the division."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector_store.division_store import ACCOUNT, CUSTOMER, DOCUMENT_KINDS
from connector_store.known import Known, NotPossibleError, Obstacle, not_under_way, waiting_of

if TYPE_CHECKING:
    from connector_store.division_store import DivisionStore
    from connector_store.link import Link
    from connector_store.rejects import Reject

_FORGOTTEN: Final = "Its record was forgotten with its customer"


def forget_customer(store: DivisionStore, source_id: str) -> int:
    """Forget what is known of a customer as a person: records that wait, their files, and what was said of them.

    Links and the trail hold ids, numbers and amounts only, and stay: what is booked is never booked again.

    Args:
        store: The division.
        source_id: The customer's id; that in Exact, of one that is not in Teamleader.

    Returns:
        How many documents waited, whose records went with it.

    Raises:
        NotPossibleError: nothing is known of the customer, or a run was cut off while writing it.
    """
    mine = waiting_of(store, source_id)
    link = store.links.get(ACCOUNT, source_id)
    reject = store.rejects.get(ACCOUNT, source_id)
    imported = _imported(store, source_id, link)
    if not (link or reject or mine or imported or store.customers.get(source_id)):
        raise NotPossibleError(Obstacle.NOT_KNOWN, f"No account {source_id} is known in division {store.division}")
    not_under_way(Known(ACCOUNT, source_id, link, reject))
    for each in mine:
        store.files.remove(str((each.payload or {}).get("kind")), each.source_id)
        store.rejects.forget_record(
            each.kind,
            each.source_id,
            reason=_FORGOTTEN,
            hint="Book it by hand and leave it out with: bridge exclude, or have it read again with: bridge resend.",
        )
    for each in imported:
        # The rest stays: who was deleted in Teamleader, or left out, does not come back by itself.
        store.rejects.forget_record(CUSTOMER, each.source_id, reason=_FORGOTTEN, hint=each.hint)
    if link is not None and link.exact_id is not None:
        store.booked.forget_texts(link.exact_id)
    store.account_rows.drop()
    store.customers.discard(source_id)
    store.rejects.resolve(ACCOUNT, source_id)
    store.store.audit("customer.forgotten", division=store.division, kind=ACCOUNT, source_id=source_id)
    return sum(each.kind in DOCUMENT_KINDS for each in mine)


def _imported(store: DivisionStore, source_id: str, link: Link | None) -> list[Reject]:
    """Return what is kept of a customer as one of Exact that is to come into Teamleader."""
    known = store.imported_customers.by_teamleader([source_id.partition(":")[2]])
    ids = {source_id, *(each.source_id for each in known.values()), *([link.exact_id] if link else [])}
    return [found for each in sorted(filter(None, ids)) if (found := store.rejects.get(CUSTOMER, each)) is not None]
