"""The store as this tool uses it: opened for one division, never made, and locked against a run while it is changed."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bridge.errors import Refused
from connector_store import ConnectorStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from connector_store import Customers, Links, Rejects

ACCOUNT = "account"
DOCUMENT_KINDS = ("invoice", "credit_note")
ATTACHMENT = "attachment"
"""Kind of the reject that holds the files of a booked document, under the document's own id."""


@dataclass(frozen=True)
class Memory:
    """What the store remembers of one division of Exact."""

    store: ConnectorStore
    division: int

    @property
    def links(self) -> Links:
        """Return what ties documents and customers to Exact."""
        return self.store.links(self.division)

    @property
    def rejects(self) -> Rejects:
        """Return what could not be written."""
        return self.store.rejects(self.division)

    @property
    def customers(self) -> Customers:
        """Return the customers that no document needed yet."""
        return self.store.customers(self.division)

    def held(self) -> AbstractContextManager[None]:
        """Keep runs out while something is changed: this is the lock that a run in the division holds.

        Raises:
            LockBusyError: a run is under way.
        """
        return self.store.lock(f"exact:{self.division}")


@contextmanager
def opened(store_uri: str, division: int) -> Iterator[Memory]:
    """Open a store that is there already.

    Raises:
        Refused: there is no such file. To make it would tell of an empty administration when the URI is mistyped.
        StoreError: the store cannot be read.
    """
    path = _file(store_uri)
    if path is not None and not path.exists():
        raise Refused(f"There is no store {path}: correct store_uri, or make it with: meltano run documents")
    with ConnectorStore.open(store_uri) as store:
        yield Memory(store, division)


def _file(store_uri: str) -> Path | None:
    try:
        url = make_url(store_uri)
    except ArgumentError:
        return None
    return Path(url.database).expanduser() if url.get_backend_name() == "sqlite" and url.database else None
