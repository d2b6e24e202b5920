"""A document that was deleted at the source: it is not booked any more, and an entry of it that stands is reported.

The entry keeps its link, in state "orphaned": it still has the document's number, which another document may have by
now, and is never taken for that one's. What the deletion means in the books is for a person to decide, unless the
settings ask to take the entry back (`reversals`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector_store import State, Step
from connector_store.division_store import REVERSAL
from target_exactonline.reasons import Rejection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector_store import Link
    from connector_store.division_store import DivisionStore
    from target_exactonline.outcomes import Outcomes

Record = dict[str, Any]

CODE = "source_deleted"
GONE = "It was deleted in Teamleader before it was booked"


def note_deleted(store: DivisionStore, outcomes: Outcomes, records: Iterable[Record]) -> None:
    """Take in what was deleted; no call to Exact. A document that nothing is known of is passed over."""
    for record in records:
        kind, source_id = record["kind"], record["id"]
        link = store.links.get(kind, source_id)
        if link is None and store.rejects.get(kind, source_id) is not None:
            _leave_out(store, outcomes, record)
        elif link is not None and link.state is State.MISSING:
            store.links.remove(kind, source_id)
            store.rejects.resolve(kind, source_id)
        elif link is not None and link.state is State.LINKED:
            orphan(store, outcomes, link)
        elif link is not None and link.state is State.INTENT and link.detail.step is not Step.ENTRY:
            store.links.withdraw(kind, source_id)
            _leave_out(store, outcomes, record)
        elif link is not None and link.state is State.INTENT:
            store.links.progress(kind, source_id, source_deleted=True)


def _leave_out(store: DivisionStore, outcomes: Outcomes, record: Record) -> None:
    """Keep that a document is gone before it was booked.

    What a person left out stays so, but its record goes: whoever takes it in again gets what is there, or nothing. What
    a setting left out waits for that setting no more.
    """
    kind, source_id, rejection = record["kind"], record["id"], Rejection.of(CODE, GONE)
    told = store.rejects.get(kind, source_id)
    if told is not None and told.decided_by is not None:
        store.rejects.forget_record(kind, source_id, reason=GONE, hint=rejection.hint)
        return
    store.rejects.take_in(kind, source_id)
    outcomes.leave_out(record, rejection)


def take_back(store: DivisionStore, left_out: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Take in again what was left out as deleted and comes as a record: it is there after all; return which it was.

    Args:
        store: The store of the administration.
        left_out: Kind and id of the documents that come and are left out, for whatever reason.
    """
    told = {(kind, source_id): store.rejects.get(kind, source_id) for kind, source_id in left_out}
    back = {key for key, reject in told.items() if reject is not None and reject.code == CODE}
    for kind, source_id in back:
        store.rejects.take_in(kind, source_id)
    return back


def orphan(store: DivisionStore, outcomes: Outcomes, link: Link) -> None:
    """Report the entry of a document that is gone; told first, so that no run that is cut off in between hushes it."""
    entry = f"entry {link.entry_number}" if link.entry_number else "its entry"
    outcomes.missing(link, Rejection.of(CODE, f"It was deleted in Teamleader, and {entry} still stands in Exact"))
    store.links.mark_orphaned(link.kind, link.source_id)


def orphan_doubtful(store: DivisionStore, outcomes: Outcomes, doubtful: Iterable[Link]) -> None:
    """Deal with documents that were deleted while it was not known whether they were booked, now that it is."""
    for each in doubtful:
        if not each.document.source_deleted:
            continue
        link = store.links.get(each.kind, each.source_id)
        record = {"kind": each.kind, "id": each.source_id, "number": each.number}
        if link is None:
            _leave_out(store, outcomes, record)
        elif link.state is State.INTENT and link.detail.step is not Step.ENTRY:
            store.links.withdraw(link.kind, link.source_id)
            _leave_out(store, outcomes, record)
        elif link.state is State.LINKED:
            orphan(store, outcomes, link)


def entries_of_no_document(store: DivisionStore) -> set[str]:
    """Return the ids of the entries whose document is gone, and of those that take them back."""
    links = store.links
    return {str(link.exact_id) for link in (*links.orphans(), *links.confirmed(REVERSAL))}


def reversal_id(link: Link) -> str:
    """Return the id of the reversal of a document's entry."""
    return f"{link.kind}:{link.source_id}"


def is_reversed(store: DivisionStore, link: Link) -> bool:
    """Tell whether the entry of a document that was gone was taken back, or is about to be."""
    return link.state is State.ORPHANED and store.links.get(REVERSAL, reversal_id(link)) is not None
