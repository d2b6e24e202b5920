"""Notices what people removed in Exact: entries become "missing", accounts are matched anew when they are needed.

One call per run tells what was deleted since the last (sync/Deleted). It names lines, not entries (exact-online
9.4), so when lines went, the links that were not looked at since are looked up, 40 per call and at most ten calls
per run, half of them for each kind of document, and five for documents that are gone at the source. What waits for
something that stood in its way there is due again.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from connector_store.columns import utc_now
from connector_store.division_store import ACCOUNT, DOCUMENT_KINDS
from exactonline_api.errors import AccessDenied
from exactonline_api.odata import chunks
from target_exactonline.reasons import Rejection
from target_exactonline.reasons.rests_on import ACCOUNTS, ENTRIES, resting_on
from target_exactonline.writing.search import entries_by_id

if TYPE_CHECKING:
    from connector_store.division_store import DivisionStore
    from exactonline_api import ExactClient
    from target_exactonline.outcomes import Outcomes

POSITION = "deleted"
"""Name of the position: the highest row version of sync/Deleted that was read."""
MOVED = "division moved"
"""Name of the position that holds Exact's date of the last move: a move resets the row versions (exact-online 9.5)."""
LINES_GONE = "lines deleted"
"""Name of the position that holds when lines were last seen to be gone."""
TRANSACTION_LINE, ACCOUNT_TYPE = 1, 2
LINKS_PER_RUN = 400
"""Half of them are for credit notes, so that however many invoices there are, these have their turn."""


def notice_move(store: DivisionStore, moved: str | None) -> None:
    """Begin anew with row versions after the administration was moved to another database."""
    if moved and moved != store.store.position(store.division, MOVED):
        store.store.set_position(store.division, MOVED, moved)
        store.store.set_position(store.division, POSITION, "1")
        store.account_rows.drop()


def notice_deleted(client: ExactClient, store: DivisionStore, outcomes: Outcomes) -> None:
    """Read what was deleted since the last run and mark the links that it concerns."""
    position = int(store.store.position(store.division, POSITION) or 1)
    highest, lines_gone, accounts_gone = position, False, set[str]()
    fields = ("Timestamp", "EntityKey", "EntityType")
    rows = client.rows("sync/Deleted", select=fields, filter=f"Timestamp gt {position}L")
    try:
        for row in rows:
            highest = max(highest, int(row["Timestamp"]))
            kind = int(row["EntityType"])
            lines_gone = lines_gone or kind == TRANSACTION_LINE
            if kind == ACCOUNT_TYPE:
                accounts_gone.add(str(row["EntityKey"]))
                for link in store.links.holders(ACCOUNT, str(row["EntityKey"])):
                    store.links.mark_missing(ACCOUNT, link.source_id)
    except AccessDenied:
        store.account_rows.drop()
        outcomes.logger.warning(
            "Exact does not let this app see what was deleted: entries removed there stay unnoticed. "
            "Give the app the scope 'Organization administration'."
        )
        return
    if accounts_gone:
        store.account_rows.remove(accounts_gone)
    gone = [entity for entity, is_gone in ((ENTRIES, lines_gone), (ACCOUNTS, accounts_gone)) if is_gone]
    if gone:
        store.rejects.wake((*DOCUMENT_KINDS, ACCOUNT), resting_on(*gone))
    if lines_gone:
        store.store.set_position(store.division, LINES_GONE, utc_now().isoformat())
    if highest > position:
        store.store.set_position(store.division, POSITION, str(highest))
    since = store.store.position(store.division, LINES_GONE)
    if since:
        _verify(client, store, outcomes, datetime.fromisoformat(since))


def _verify(client: ExactClient, store: DivisionStore, outcomes: Outcomes, since: datetime) -> None:
    _forget_orphans(client, store, outcomes, since)
    for kind in DOCUMENT_KINDS:
        links = store.links.confirmed(kind, limit=LINKS_PER_RUN // len(DOCUMENT_KINDS), verified_before=since)
        for part in chunks(links):
            found = entries_by_id(client, [str(link.exact_id) for link in part])
            store.links.touch_verified(kind, [link.source_id for link in part if link.exact_id in found])
            for link in part:
                if link.exact_id not in found:
                    store.links.mark_missing(kind, link.source_id)
                    outcomes.missing(
                        link, Rejection.of("entry_missing", f"Entry {link.entry_number} was deleted in Exact")
                    )


def _forget_orphans(client: ExactClient, store: DivisionStore, outcomes: Outcomes, since: datetime) -> None:
    """Let go of documents that are gone at the source whose entry is gone now as well: both sides agree."""
    told = [link for link in store.links.orphans() if store.rejects.get(link.kind, link.source_id) is not None]
    links = [link for link in told if link.verified_at is None or link.verified_at < since]
    for part in chunks(links[: LINKS_PER_RUN // len(DOCUMENT_KINDS)]):
        found = entries_by_id(client, [str(link.exact_id) for link in part])
        for link in part:
            if link.exact_id in found:
                store.links.touch_verified(link.kind, [link.source_id])
            else:
                store.links.remove(link.kind, link.source_id)
                outcomes.solved(link)
