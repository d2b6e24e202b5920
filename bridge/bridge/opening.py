"""The store as this tool uses it: opened for one division, never made."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from bridge.errors import Refused
from connector_store import ConnectorStore, DivisionStore
from connector_store.project import project_uri, store_file

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def opened(store_uri: str, division: int) -> Iterator[DivisionStore]:
    """Open a store that is there already.

    Raises:
        Refused: there is no such file. To make it would tell of an empty administration when the URI is mistyped.
        StoreError: the store cannot be read.
    """
    store_uri = project_uri(store_uri)
    path = store_file(store_uri)
    if path is not None and not path.exists():
        raise Refused(f"There is no store {path}: correct store_uri, or make it with: meltano run documents")
    with ConnectorStore.open(store_uri) as store:
        yield DivisionStore(store, division)
