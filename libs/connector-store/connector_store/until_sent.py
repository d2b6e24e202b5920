"""Invoices that wait until they were sent at the source: who reads it looks for that, a batch of them per call.

No page says whether sending a document moves the moment of its last change, so nobody relies on that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from connector_store.facts import WHOLE_STORE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector_store.store import ConnectorStore

SEEN_KIND: Final = "until sent"


def keep_unsent(store: ConnectorStore, division: int, waiting: Mapping[str, str | None]) -> None:
    """Remember which invoices (id -> department) wait in a division; those that are not named wait no more."""
    seen = store.seen(WHOLE_STORE, SEEN_KIND)
    known = {key for key, fields in seen.all().items() if fields["division"] == division}
    new = {key: {"division": division, "department": waiting[key]} for key in waiting.keys() - known}
    if new:
        seen.put(new)
    if over := known - waiting.keys():
        seen.drop(over)


def unsent(store: ConnectorStore, department: str | None) -> list[str]:
    """Return the ids that wait: of a department, or of all without one."""
    found = store.seen(WHOLE_STORE, SEEN_KIND).all()
    return [key for key, fields in found.items() if department is None or fields["department"] in {None, department}]
