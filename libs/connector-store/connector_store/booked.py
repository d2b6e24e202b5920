"""What was booked: an entry as it was written, to tell later what a person changed in Exact."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, delete, insert, select

from connector_store.columns import utc_now
from connector_store.details import Stored
from connector_store.schema import booked

if TYPE_CHECKING:
    from decimal import Decimal

    from connector_store.engine import Database


@dataclass(frozen=True)
class BookedLine(Stored):
    """A line of an entry; amounts in the currency of the entry."""

    id: str
    """GUID of the line in Exact."""
    gl_account: str
    """GUID of its ledger account."""
    net: Decimal
    vat: Decimal
    vat_code: str | None = None
    description_hash: str | None = None


@dataclass(frozen=True)
class BookedEntry(Stored):
    """An entry as it stood when it was written or adopted."""

    header: dict[str, Any]
    """Fields of Exact by name: texts, days, amounts."""
    lines: tuple[BookedLine, ...] = field(
        default=(), metadata={"read": lambda lines: tuple(BookedLine.read(each) for each in lines)}
    )
    modified: str | None = None
    """The entry's `Modified` at that moment, as Exact writes it."""
    ours: bool = True
    """Posted by us; False when it was adopted, and so is never rewritten."""


class Booked:
    """The entries of one division as they were booked, by kind and id of the document."""

    def __init__(self, database: Database, division: int) -> None:
        self._database = database
        self._division = division

    def put(self, kind: str, source_id: str, entry: BookedEntry) -> None:
        """Keep an entry in place of its older version."""
        stored = entry.stored()
        key = {"division": self._division, "kind": kind, "source_id": source_id}
        values = {"modified": stored.pop("modified", None), "ours": stored.pop("ours"), "content": stored}
        with self._database.writing(f"booked {self._division} {kind} {source_id}") as connection:
            connection.execute(delete(booked).where(self._is(kind, source_id)))
            connection.execute(insert(booked).values(**key, **values, booked_at=utc_now()))

    def get(self, kind: str, source_id: str) -> BookedEntry | None:
        """Return the entry of a document, None when none was kept."""
        with self._database.reading() as connection:
            row = connection.execute(select(booked).where(self._is(kind, source_id))).one_or_none()
        return None if row is None else BookedEntry.read({**row.content, "modified": row.modified, "ours": row.ours})

    def remove(self, kind: str, source_id: str) -> None:
        """Forget the entry of a document that is not linked any more."""
        with self._database.writing() as connection:
            connection.execute(delete(booked).where(self._is(kind, source_id)))

    def _is(self, kind: str, source_id: str) -> Any:  # noqa: ANN401 - a condition of SQLAlchemy
        return and_(booked.c.division == self._division, booked.c.kind == kind, booked.c.source_id == source_id)
