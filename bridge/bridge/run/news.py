"""Whether there is something to do: what is known here first, then one question to each list of both services.

Asked in this one process, because starting Meltano costs more than asking. What is not asked for here (a customer that
changed alone, a deletion, master data that was mended) is noticed by the full run that comes at least every hour.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bridge import services
from connector_store.columns import utc_now
from connector_store.division_store import DOCUMENT_KINDS
from exactonline_api import odata

if TYPE_CHECKING:
    from bridge.project import Coupling
    from connector_store import DivisionStore

POSITION: Final = "news"
FULL_EVERY: Final = timedelta(hours=1)
OVERLAP: Final = timedelta(seconds=90)
"""Clocks of this machine and of Teamleader differ, and a document becomes visible a moment after it changed."""
_LISTS: Final = {
    "invoices": {"status": ["outstanding", "matched"]},
    "creditNotes": {},
}  # teamleader 2.1, 3.1


class Position(NamedTuple):
    """The last full run that worked: when it began and ended, and until when documents were taken (ISO, UTC)."""

    began: str
    ended: str


class News(NamedTuple):
    """What there is to do.

    Attributes:
        reason: Why a full run is due, None when there is nothing.
        documents: Number of documents that changed in Teamleader, None when it was not asked.
    """

    reason: str | None
    documents: int | None = None


def keep_position(memory: DivisionStore, began: datetime) -> None:
    """Note that a full run worked."""
    position = Position(began.isoformat(), utc_now().isoformat())
    memory.store.set_position(memory.division, POSITION, json.dumps(position._asdict()))


def known_here(memory: DivisionStore, now: datetime) -> str | None:
    """Return why a full run is due without asking anybody, None when both services have to be asked."""
    position = _position(memory)
    if position is None:
        return "no full run worked yet"
    if now - datetime.fromisoformat(position.began) >= FULL_EVERY:
        return "the last full run is an hour old"
    if memory.store.audit_trail(division=memory.division, since=datetime.fromisoformat(position.ended), limit=1):
        return "something was changed here"
    if memory.links.intents() or memory.links.changes() or memory.registered_payments.under_way():
        return "something is under way"
    if any(reject.not_before for reject in memory.rejects.due(now)):
        return "something is to be tried again"
    return None


def ask(coupling: Coupling, memory: DivisionStore) -> News:
    """Ask both services once.

    Raises:
        ApiError: A service did not answer.
        Refused: A login is not set.
    """
    documents = _in_teamleader(coupling, memory)
    if documents:
        return News("documents changed in Teamleader", documents)
    return News("payment terms changed in Exact" if _in_exact(coupling, memory) else None, documents)


def _in_teamleader(coupling: Coupling, memory: DivisionStore) -> int:
    client = services.teamleader(coupling, memory.store, read_only=True)
    position = _position(memory)
    found = 0
    for resource, conditions in _LISTS.items():
        wanted: dict[str, Any] = dict(conditions)
        if department := coupling.settings("tap-teamleader").get("department_id"):
            wanted["department_id"] = department
        if position is not None:
            since = datetime.fromisoformat(position.began) - OVERLAP
            wanted["updated_since"] = since.isoformat(timespec="seconds")
        rows = client.call(f"{resource}.list", {"filter": wanted, "page": {"size": 100, "number": 1}})
        known = memory.links.get_many(DOCUMENT_KINDS[resource != "invoices"], [row["id"] for row in rows or []])
        found += sum(_is_news(row, known.get(row["id"])) for row in rows or [])
    return found


def _is_news(row: dict[str, Any], link: Any) -> bool:  # noqa: ANN401 - a link, or None
    """Tell whether a document is another one than was booked: each is listed again for a while after it was."""
    return link is None or link.detail.updated_at != row.get("updated_at")


def _in_exact(coupling: Coupling, memory: DivisionStore) -> bool:
    client = services.exact(coupling, memory.store, division=memory.division, read_only=True)
    newest = memory.terms.mirror.terms_read
    rows = client.rows(
        "sync/Cashflow/PaymentTerms", select=("ID", "Timestamp"), filter=f"Timestamp gt {odata.int64(newest)}"
    )
    return next(iter(rows), None) is not None


def _position(memory: DivisionStore) -> Position | None:
    text = memory.store.position(memory.division, POSITION)
    return Position(**json.loads(text)) if text else None
