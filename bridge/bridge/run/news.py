"""Whether there is something to do: what is known here first, then one question to each list of both services.

Asked in this one process, because starting Meltano costs more than asking. What is not asked for here (a customer that
changed alone, a deletion, master data that was mended) is noticed by the full run that comes at least every hour.
A full run is one of both directions, together or each alone.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bridge import services
from bridge.project import JOBS
from connector_store.columns import utc_now
from connector_store.division_store import DOCUMENT_KINDS
from exactonline_api import odata

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    """The last run of a direction that worked: when it began and ended (UTC)."""

    began: datetime
    ended: datetime


class News(NamedTuple):
    """What there is to do.

    Attributes:
        reason: Why a full run is due, None when there is nothing.
        documents: Number of documents that changed in Teamleader, None when it was not asked.
    """

    reason: str | None
    documents: int | None = None


def keep_position(coupling: Coupling, memory: DivisionStore, directions: Iterable[str], began: datetime) -> None:
    """Note that a run of these directions worked."""
    kept = json.dumps({"began": began.isoformat(), "ended": utc_now().isoformat()})
    for direction in directions:
        memory.store.set_position(memory.division, _name(coupling, direction), kept)


def known_here(coupling: Coupling, memory: DivisionStore, now: datetime) -> str | None:
    """Return why a full run is due without asking anybody, None when both services have to be asked."""
    found = (_position(coupling, memory, each) for each in JOBS)
    positions = [position for position in found if position is not None]
    if len(positions) < len(JOBS):
        return "no full run worked yet"
    if now - min(each.began for each in positions) >= FULL_EVERY:
        return "the last full run is an hour old"
    if _changed_between(memory, positions):
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
    position = _position(coupling, memory, "documents")
    found = 0
    for resource, conditions in _LISTS.items():
        wanted: dict[str, Any] = dict(conditions)
        if department := coupling.settings("tap-teamleader").get("department_id"):
            wanted["department_id"] = department
        if position is not None:
            wanted["updated_since"] = (position.began - OVERLAP).isoformat(timespec="seconds")
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


def _changed_between(memory: DivisionStore, positions: list[Position]) -> bool:
    """Tell whether anything was written that is no work of these runs."""
    since = min(each.ended for each in positions)
    trail = memory.store.audit_trail(division=memory.division, since=since)
    return any(not any(each.began <= entry.at < each.ended for each in positions) for entry in trail)


def _position(coupling: Coupling, memory: DivisionStore, direction: str) -> Position | None:
    text = memory.store.position(memory.division, _name(coupling, direction))
    return Position(**{name: datetime.fromisoformat(at) for name, at in json.loads(text).items()}) if text else None


def _name(coupling: Coupling, direction: str) -> str:
    """Name the position of a coupling: several may be booked in one administration."""
    return f"{POSITION} {direction}" if coupling.name is None else f"{POSITION} {direction} {coupling.name}"
