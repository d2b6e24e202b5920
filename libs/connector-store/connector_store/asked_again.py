"""Documents that a person wants read again at the source, one by one, instead of all of them.

Each request has a moment that no other one has. Who reads the source keeps in its own state up to which moment it
delivered, so that a request is answered once, and again when that state is lost.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from connector_store.columns import utc_now
from connector_store.facts import WHOLE_STORE

if TYPE_CHECKING:
    from connector_store.store import ConnectorStore

SEEN_KIND: Final = "asked again"
KEPT: Final = timedelta(days=60)


class Request(NamedTuple):
    """A document that is to be read again; `kind` is "invoice" or "credit_note"."""

    asked_at: str
    """UTC, ISO 8601 with microseconds: texts in the order of their moments."""
    kind: str
    source_id: str


def ask_again(store: ConnectorStore, kind: str, source_id: str) -> Request:
    """Have the next run of whoever reads the source read a document again; requests of long ago are forgotten."""
    seen = store.seen(WHOLE_STORE, SEEN_KIND)
    requests = _all(store)
    now = utc_now()
    latest = max((datetime.fromisoformat(each.asked_at) for each in requests), default=now - KEPT)
    request = Request(max(now, latest + timedelta(microseconds=1)).isoformat(timespec="microseconds"), kind, source_id)
    seen.put({_key(request): {"asked_at": request.asked_at, "kind": kind, "source_id": source_id}})
    oldest = (now - KEPT).isoformat(timespec="microseconds")
    seen.drop(_key(each) for each in requests if each.asked_at < oldest)
    return request


def asked_after(store: ConnectorStore, kind: str, moment: str) -> list[Request]:
    """Return what was asked for later than `moment` ("" is ever), in order."""
    return sorted(each for each in _all(store) if each.kind == kind and each.asked_at > moment)


def _all(store: ConnectorStore) -> list[Request]:
    return [Request(**fields) for fields in store.seen(WHOLE_STORE, SEEN_KIND).all().values()]


def _key(request: Request) -> str:
    return f"{request.kind}/{request.source_id}"
