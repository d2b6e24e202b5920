"""A document that was deleted at the source: it is not booked any more, and an entry of it that stands is reported.

The entry keeps its link, in state "orphaned": it still has the document's number, which another document may have by
now, and is never taken for that one's. Nothing is changed in Exact: what the deletion means in the books is for a
person to decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector_store import State, Step
from target_exactonline.reasons import Rejection

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector_store import Link
    from connector_store.division_store import DivisionStore
    from target_exactonline.outcomes import Outcomes

Record = dict[str, Any]

CODE = "source_deleted"


def note_deleted(memory: DivisionStore, outcomes: Outcomes, records: Iterable[Record]) -> None:
    """Take in what was deleted; no call to Exact. A document that nothing is known of is passed over."""
    for record in records:
        kind, source_id = record["kind"], record["id"]
        link = memory.links.get(kind, source_id)
        if link is None and memory.rejects.get(kind, source_id) is not None:
            outcomes.leave_out(record, Rejection.of(CODE, "It was deleted in Teamleader before it was booked"))
        elif link is not None and link.state is State.MISSING:
            memory.links.remove(kind, source_id)
            memory.rejects.resolve(kind, source_id)
        elif link is not None and link.state is State.LINKED:
            orphan(memory, outcomes, link)
        elif link is not None and link.state is State.INTENT and link.detail.step is not Step.ENTRY:
            memory.links.withdraw(kind, source_id)
            outcomes.leave_out(record, Rejection.of(CODE, "It was deleted in Teamleader before it was booked"))
        elif link is not None and link.state is State.INTENT:
            memory.links.progress(kind, source_id, source_deleted=True)


def orphan(memory: DivisionStore, outcomes: Outcomes, link: Link) -> None:
    """Report the entry of a document that is gone."""
    memory.links.mark_orphaned(link.kind, link.source_id)
    entry = f"entry {link.entry_number}" if link.entry_number else "its entry"
    outcomes.missing(link, Rejection.of(CODE, f"It was deleted in Teamleader, and {entry} still stands in Exact"))


def orphan_doubtful(memory: DivisionStore, outcomes: Outcomes, doubtful: Iterable[Link]) -> None:
    """Deal with documents that were deleted while it was not known whether they were booked, now that it is."""
    for each in doubtful:
        if not each.document.source_deleted:
            continue
        link = memory.links.get(each.kind, each.source_id)
        if link is None:
            record = {"kind": each.kind, "id": each.source_id, "number": each.number}
            outcomes.leave_out(record, Rejection.of(CODE, "It was deleted in Teamleader before it was booked"))
        elif link.state is State.LINKED:
            orphan(memory, outcomes, link)


def orphaned_entries(memory: DivisionStore) -> set[str]:
    """Return the ids of the entries whose document is gone."""
    return {str(link.exact_id) for link in memory.links.orphans()}
