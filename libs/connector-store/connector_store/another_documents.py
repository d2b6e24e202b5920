"""What a person said of entries in Exact that resemble a document: they are another one's, so book this one too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_store.columns import utc_now

if TYPE_CHECKING:
    from connector_store.facts import Seen

SEEN_KIND = "another_document"


class AnotherDocuments:
    """The documents of one division of which somebody said so."""

    def __init__(self, seen: Seen) -> None:
        self._seen = seen

    def put(self, kind: str, source_id: str) -> None:
        """Remember that the similar entries of a document are not its own."""
        self._seen.put({_key(kind, source_id): {"said_at": utc_now()}})

    def holds(self, kind: str, source_id: str) -> bool:
        """Tell whether somebody said it of this document."""
        return _key(kind, source_id) in self._seen.all()


def _key(kind: str, source_id: str) -> str:
    return f"{kind}/{source_id}"
