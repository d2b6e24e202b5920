"""What was booked: an entry as it was written, to tell later what a person changed in Exact."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select, update

from connector_store.columns import utc_now
from connector_store.details import BookedLine, Stored
from connector_store.prepared import key_of, keyed
from connector_store.schema import booked

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.engine import Connection

    from connector_store.engine import Database

_IS: Final = key_of(booked, "division", "kind", "source_id")
_FIND: Final = select(booked).where(_IS)
_CHANGE: Final = update(booked).where(_IS)
_KEEP: Final = insert(booked)
_FORGET: Final = delete(booked).where(_IS)


@dataclass(frozen=True)
class BookedEntry(Stored):
    """What a document asked for when its entry was written, or found there and adopted."""

    header: dict[str, Any]
    """Fields of Exact by name: texts, days, amounts. What is None was left to Exact."""
    lines: tuple[BookedLine, ...] = field(
        default=(), metadata={"read": lambda lines: tuple(BookedLine.read(each) for each in lines)}
    )
    dated: date | None = None
    """Day of the document at the source; another one than the entry's when its period was closed."""
    lines_digest: str | None = None
    """Of what the lines came from at the source: while it stays, they ask for no other lines."""
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
        with self._database.writing(f"booked {self._division} {kind} {source_id}") as connection:
            keep_booked(connection, self._division, kind, source_id, entry)

    def get(self, kind: str, source_id: str) -> BookedEntry | None:
        """Return the entry of a document, None when none was kept."""
        with self._database.reading() as connection:
            row = connection.execute(_FIND, _key(self._division, kind, source_id)).one_or_none()
        return None if row is None else BookedEntry.read({**row.content, "modified": row.modified, "ours": row.ours})

    def forget_texts(self, account: str) -> None:
        """Forget what the entries of an account (GUID) say in words, where a person may be named; amounts stay.

        What is not remembered counts as left to Exact: it was not edited there.
        """
        mine = booked.c.division == self._division
        with self._database.writing(f"booked {self._division}") as connection:
            for row in connection.execute(select(booked).where(mine)).all():
                header = row.content["header"]
                if header.get("Customer") == account.casefold() and header.get("Description") is not None:
                    content = {**row.content, "header": {**header, "Description": None}}
                    this = _key(self._division, row.kind, row.source_id)
                    connection.execute(_CHANGE, {**this, "content": content})


def keep_booked(connection: Connection, division: int, kind: str, source_id: str, entry: BookedEntry) -> None:
    """Keep an entry as it is booked within the transaction of what is said of its link."""
    stored = entry.stored()
    key = {"division": division, "kind": kind, "source_id": source_id}
    values = {"modified": stored.pop("modified", None), "ours": stored.pop("ours"), "content": stored}
    forget_booked(connection, division, kind, source_id)
    connection.execute(_KEEP, {**key, **values, "booked_at": utc_now()})


def forget_booked(connection: Connection, division: int, kind: str, source_id: str) -> None:
    """Forget the entry of a document that is not linked any more, with its link."""
    connection.execute(_FORGET, _key(division, kind, source_id))


def _key(division: int, kind: str, source_id: str) -> dict[str, Any]:
    return keyed(division=division, kind=kind, source_id=source_id)
