"""Documents deleted in Teamleader: no list shows them (teamleader 2.6), so the tap remembers what it puts out.

Only a draft or the last booked document can be deleted (teamleader 3.8). So the newest hundred of a kind are looked for
when documents changed, in a run without changes those of one kind by turns (one call), and once a day all of the last
400 days. What is gone stays remembered with the moment when that was noticed.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from connector_store import WHOLE_STORE
from tap_teamleader import timestamps
from tap_teamleader.changes import CREDIT_NOTES, INVOICES, changed_documents
from teamleader_api import NotFound

if TYPE_CHECKING:
    import logging
    from collections.abc import Iterable

    from connector_store import ConnectorStore, Seen
    from tap_teamleader.changes import Change, DocumentKind
    from teamleader_api import TeamleaderClient

KINDS: Final = {"invoice": INVOICES, "credit_note": CREDIT_NOTES}
BATCH: Final = 100
"""Ids that one list call can be asked for (teamleader 2.3)."""
DAYS: Final = 400
PLAUSIBLE: Final = 20
"""More that are gone at once were not deleted one by one: the login may be that of another account."""

_POSITION: Final = "tap-teamleader deletions"


class Deletion(NamedTuple):
    """A document that is gone; in the order in which that was noticed."""

    noticed_at: str
    """In the form of `timestamps.utc`; no two share one."""
    id: str
    kind: str
    number: str | None
    date: str | None


def remember(store: ConnectorStore, kind: DocumentKind, documents: Iterable[Change]) -> None:
    """Note documents before they are put out, so that none is booked whose deletion nobody would look for."""
    things = {each.id: {"number": each.number, "date": each.date} for each in documents if each.date}
    if things:
        _remembered(store, kind).put(things)


def remember_earlier(
    client: TeamleaderClient,
    store: ConnectorStore,
    kind: DocumentKind,
    *,
    since: str | None,
    first_day: date | None,
    department_id: str | None,
) -> None:
    """Note, once, what a version of the tap that noted nothing put out: what is still there, of the last 400 days.

    Args:
        client: The connection to Teamleader.
        store: What is remembered.
        kind: Invoices or credit notes.
        since: From where changes are read; None is from the beginning, so that all is noted as it is put out.
        first_day: Documents dated earlier are left out.
        department_id: Documents of other departments are left out.
    """
    name = f"{_POSITION} {kind.resource}"
    if store.position(WHOLE_STORE, name):
        return
    if since is not None:
        oldest = date.fromisoformat(timestamps.now()[:10]) - timedelta(days=DAYS)
        day = max(oldest, first_day) if first_day else oldest
        there = changed_documents(client, kind, since=None, first_day=day, department_id=department_id)
        known = _remembered(store, kind).all()
        remember(store, kind, [each for each in there if each.id not in known])
    store.set_position(WHOLE_STORE, name, timestamps.now())


def look(client: TeamleaderClient, store: ConnectorStore, logger: logging.Logger, *, is_idle: bool) -> None:
    """Look for remembered documents, and note which are gone.

    Args:
        client: The connection to Teamleader.
        store: What is remembered.
        logger: Told when too many are gone.
        is_idle: No document changed: then one call has to do, but once a day.
    """
    now = timestamps.now()
    position = json.loads(store.position(WHOLE_STORE, _POSITION) or "{}")
    is_daily = position.get("day") != now[:10]
    if is_daily:
        _drop_older_than(store, date.fromisoformat(now[:10]) - timedelta(days=DAYS))
    wanted = {kind: _candidates(store, each, None if is_daily else BATCH) for kind, each in KINDS.items()}
    kinds = [kind for kind in KINDS if wanted[kind]]
    if is_idle and not is_daily and kinds:
        kinds = [kind for kind in kinds if kind != position.get("turn")][:1] or kinds
    for kind in kinds:
        _note_gone(store, kind, _gone(client, KINDS[kind], wanted[kind], logger), now)
    kept = {"day": now[:10], "turn": kinds[-1] if kinds else position.get("turn")}
    store.set_position(WHOLE_STORE, _POSITION, json.dumps(kept))


def noticed_after(store: ConnectorStore, moment: str) -> list[Deletion]:
    """Return the deletions that were noticed later than `moment` ("" is ever), in order."""
    return sorted(each for each in _deletions(store) if each.noticed_at > moment)


def _deletions(store: ConnectorStore) -> Iterable[Deletion]:
    for kind, each in KINDS.items():
        for document_id, fields in _remembered(store, each).all().items():
            if noticed_at := fields.get("noticed_at"):
                yield Deletion(noticed_at, document_id, kind, fields.get("number"), fields.get("date"))


def _candidates(store: ConnectorStore, kind: DocumentKind, most: int | None) -> list[str]:
    """Return the ids of what should be there, the newest first."""

    def place(item: tuple[str, dict[str, Any]]) -> tuple[str, list[int]]:
        return item[1]["date"], [int(part) for part in re.findall(r"\d+", item[1].get("number") or "")]

    there = {key: fields for key, fields in _remembered(store, kind).all().items() if not fields.get("noticed_at")}
    return [key for key, _ in sorted(there.items(), key=place, reverse=True)[:most]]


def _gone(client: TeamleaderClient, kind: DocumentKind, ids: list[str], logger: logging.Logger) -> list[str]:
    missing: list[str] = []
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        rows = client.call(f"{kind.resource}.list", {"filter": {"ids": part}, "page": {"size": BATCH, "number": 1}})
        there = {row["id"] for row in rows}
        missing += [each for each in part if each not in there]
    if len(missing) > PLAUSIBLE:
        logger.warning(
            "%d documents that were read before are not in Teamleader any more: is the login that of another account? "
            "None of them is taken for deleted",
            len(missing),
        )
        return []
    return [each for each in missing if not _exists(client, kind, each)]


def _exists(client: TeamleaderClient, kind: DocumentKind, document_id: str) -> bool:
    """Ask for one document itself: a list may be late."""
    try:
        client.call(f"{kind.resource}.info", {"id": document_id})
    except NotFound:
        return False
    return True


def _note_gone(store: ConnectorStore, kind: str, gone: list[str], now: str) -> None:
    remembered = _remembered(store, KINDS[kind])
    known = remembered.all()
    for document_id in reversed(gone):
        last = max((each.noticed_at for each in _deletions(store)), default="")
        moment = max(now, timestamps.earlier(last, timedelta(seconds=-1))) if last else now
        remembered.put({document_id: {**known[document_id], "noticed_at": moment}})


def _drop_older_than(store: ConnectorStore, day: date) -> None:
    for kind in KINDS.values():
        remembered = _remembered(store, kind)
        remembered.drop([key for key, fields in remembered.all().items() if fields["date"] < day.isoformat()])


def _remembered(store: ConnectorStore, kind: DocumentKind) -> Seen:
    return store.seen(WHOLE_STORE, f"tap-teamleader {kind.resource}")
