"""The store as this tool uses it: opened for one division, never made."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bridge.errors import Refused
from connector_store import ConnectorStore, DivisionStore
from connector_store.project import project_uri

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
    path = _file(store_uri)
    if path is not None and not path.exists():
        raise Refused(f"There is no store {path}: correct store_uri, or make it with: meltano run documents")
    with ConnectorStore.open(store_uri) as store:
        yield DivisionStore(store, division)


def _file(store_uri: str) -> Path | None:
    try:
        url = make_url(store_uri)
    except ArgumentError:
        return None
    return Path(url.database).expanduser() if url.get_backend_name() == "sqlite" and url.database else None
