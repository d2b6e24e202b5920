"""What the store knows of a division's documents."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bridge.view.sides import Facts, Key, Known
from bridge.view.standing import ZERO_VALUE
from connector_store import State, Status
from connector_store.division_store import ACCOUNT, BOOKED_PAYMENT, DOCUMENT_KINDS, PAYMENT, REVERSAL
from connector_store.people import SOURCE_DELETED
from connector_store.scope import kept_scope

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector_store import DivisionStore, Link, Reject


def facts_of(store: DivisionStore, department_id: str | None, *, registers: bool = True) -> Facts:
    """Return what is known of all documents, booked or not, whatever their dates.

    `registers` tells whether the settings have invoices set to paid in Teamleader.
    """
    links = store.links.all()
    rejects = store.rejects.all()
    refused = {Key(each.kind, each.source_id): each for each in rejects if each.kind in DOCUMENT_KINDS}
    booked = {Key(each.kind, each.source_id): each for each in links if each.kind in DOCUMENT_KINDS}
    reversals = {each.source_id: each.exact_id for each in links if each.kind == REVERSAL and each.exact_id}
    scope = kept_scope(store.store, department_id)
    first = scope["from"] if scope else None
    return Facts(
        documents={
            key: _known(key, booked.get(key), refused.get(key), is_reversed=f"{key.kind}:{key.id}" in reversals)
            for key in {*refused, *booked}
        },
        accounts={each.source_id: each.exact_id for each in links if each.kind == ACCOUNT and each.exact_id},
        ours=frozenset(_ours(store)),
        reversals=frozenset(reversals.values()),
        start=date.fromisoformat(first) if first else None,
        payments=dict(_payments(rejects)),
        registers=registers,
    )


def _known(key: Key, link: Link | None, reject: Reject | None, *, is_reversed: bool) -> Known:
    status = reject.status.value if reject is not None else None
    if reject is not None and reject.code == ZERO_VALUE:
        status = Status.EXCLUDED.value
    return Known(
        key=key,
        number=(link and link.number) or (reject and reject.number) or None,
        exact_id=link.exact_id if link else None,
        entry_gone=link is not None and link.state is State.MISSING,
        under_way=link is not None and link.state is State.INTENT,
        deleted=(link is not None and link.state is State.ORPHANED)
        or (reject is not None and reject.code == SOURCE_DELETED),
        date=link.document.date if link else None,
        account=link.document.customer if link else None,
        status=status,
        code=reject.code if reject else None,
        reason=reject.reason if reject else None,
        decided_by=reject.decided_by if reject else None,
        is_reversed=is_reversed,
    )


def _ours(store: DivisionStore) -> set[str]:
    """Return the ids of all entries that were linked, without those that a person released."""
    found: set[str] = set()
    for event in store.store.audit_trail(division=store.division):
        exact_id = event.detail.get("exact_id")
        if event.kind not in DOCUMENT_KINDS or exact_id is None:
            continue
        if event.event == "link.confirmed":
            found.add(exact_id)
        elif event.event == "link.removed":
            found.discard(exact_id)
    return found


def _payments(rejects: Iterable[Reject]) -> Iterable[tuple[str, str]]:
    for each in rejects:
        if each.kind in {PAYMENT, BOOKED_PAYMENT}:
            yield each.source_id.partition("/")[0], each.code
