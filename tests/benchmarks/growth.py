"""How the cost of a document grows with what the store remembers."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connector_store import ConnectorStore, How

from .cases import Case
from .coupled import Measure
from .usage import Usage

if TYPE_CHECKING:
    from collections.abc import Iterator

DIVISION: Final = 123456
KIND: Final = "invoice"
BATCH: Final = 100
"""As many documents as a page of Teamleader holds."""
COPIES: Final = """
    WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :count)
    INSERT INTO connector_links ({names}) SELECT {values} FROM connector_links, numbers
"""


def links(few: int, many: int, documents: int) -> Iterator[Case]:
    """Measure what the store does for a new document, with so many links before it."""
    baseline, product = (_booked(count, documents) for count in (few, many))
    work = f"the store's part of a document, with {many:,} links in it"
    yield Case("links", work, documents, "document", product, baseline, f"with {few:,} links")


def _booked(count: int, documents: int) -> Measure:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        uri = f"sqlite:///{folder}/connector.db"
        with ConnectorStore.open(uri) as store:
            _book(store, "first")
        _fill(Path(folder) / "connector.db", count)
        with ConnectorStore.open(uri) as store:
            known = store.links(DIVISION)
            began, cpu = time.monotonic(), time.process_time()
            for number in range(documents):
                if number % BATCH == 0:
                    known.get_many(KIND, [f"first {number + each}" for each in range(BATCH)])
                    known.intents()
                _book(store, f"new {number}")
            return Measure(Usage(time.process_time() - cpu, time.monotonic() - began), {})


def _book(store: ConnectorStore, document: str) -> None:
    known = store.links(DIVISION)
    known.intend(KIND, document, number=document, fingerprint="f")
    known.confirm(KIND, document, exact_id=document, fingerprint="f", how=How.POSTED)


def _fill(path: Path, count: int) -> None:
    """Copy the only link so many times; each copy has an id of its own."""
    with closing(sqlite3.connect(path)) as connection, connection:
        names = [row[1] for row in connection.execute("PRAGMA table_info(connector_links)")]
        values = [f"{name} || ' ' || n" if name in {"source_id", "exact_id"} else name for name in names]
        connection.execute(COPIES.format(names=", ".join(names), values=", ".join(values)), {"count": count - 1})
