"""Files as a tap fetched them, and those that are still to come.

A tap remembers here for which state of a document it fetched a file, so that it fetches no file twice, and which files
the service could not deliver, so that later runs try again. Singer tells a tap that a record arrived only by handing
its state back: a file that came late has a number, its delivery, and is out of the queue when the state is as far.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, delete, insert, or_, select, update

from connector_store.columns import utc_now
from connector_store.files import next_turn
from connector_store.prepared import key_of, keyed
from connector_store.schema import downloads

if TYPE_CHECKING:
    from datetime import datetime

    from connector_store.engine import Database


@dataclass(frozen=True)
class Download:
    """A file of a document, by the document's kind and id at the source and the form of the file ("pdf")."""

    form: str
    fingerprint: str | None
    """Of what the file shows of its document, in the tap's own way."""
    content_hash: str | None
    """SHA-256 of the content in the spool; None while the file is to come, and when it went another way."""
    size: int | None
    """In bytes."""
    attempts: int
    not_before: datetime | None
    """When the next try is due (UTC); None is at once."""
    problem: str | None
    """Code of why it is to come; None when it was fetched."""
    delivery: int | None
    """Number of the record that brings it, when it came late and nobody said yet that the record arrived."""


_DOCUMENT: Final = key_of(downloads, "source", "kind", "source_id")
_OF_DOCUMENT: Final = select(*(downloads.c[name] for name in Download.__dataclass_fields__)).where(_DOCUMENT)
_CHANGE: Final = update(downloads).where(_DOCUMENT, key_of(downloads, "form"))
_ADD: Final = insert(downloads)
_FORGET: Final = delete(downloads).where(_DOCUMENT)


class Downloads:
    """The files that a tap fetches from one source. Every verb is on disk when it returns."""

    def __init__(self, database: Database, source: str) -> None:
        self._database = database
        self._source = source

    def of(self, kind: str, source_id: str) -> dict[str, Download]:
        """Return the files of a document by their form."""
        with self._database.reading() as connection:
            rows = connection.execute(_OF_DOCUMENT, self._document(kind, source_id)).mappings()
            return {row["form"]: Download(**row) for row in rows}

    def fetched(
        self,
        kind: str,
        source_id: str,
        form: str,
        *,
        fingerprint: str,
        content_hash: str | None,
        size: int,
        delivery: int | None = None,
    ) -> None:
        """Remember a file that was fetched, and for a late one the number of the record that brings it."""
        values = {"fingerprint": fingerprint, "content_hash": content_hash, "size": size, "delivery": delivery}
        self._put(kind, source_id, form, **values, attempts=0, not_before=None, problem=None)

    def failed(self, kind: str, source_id: str, form: str, *, fingerprint: str, problem: str) -> None:
        """Keep a file that could not be fetched as one to come: the next run tries, then it rests longer each time."""
        known = self.of(kind, source_id).get(form)
        attempts = 1 if known is None or known.fingerprint != fingerprint else known.attempts + 1
        values = {"fingerprint": fingerprint, "content_hash": None, "size": None, "delivery": None}
        due = next_turn(attempts, utc_now())
        self._put(kind, source_id, form, **values, attempts=attempts, not_before=due, problem=problem)

    def to_come(self, kind: str, now: datetime, arrived: int) -> list[str]:
        """Return the documents with a file to come whose next try is due, those first that wait for the longest time.

        Args:
            kind: Kind of document.
            now: A moment in UTC.
            arrived: Number of the last delivery that is known to have arrived; later ones are due again.
        """
        mine = and_(downloads.c.source == self._source, downloads.c.kind == kind)
        is_due = or_(downloads.c.not_before.is_(None), downloads.c.not_before <= now)
        waits = or_(and_(downloads.c.problem.is_not(None), is_due), downloads.c.delivery > arrived)
        with self._database.writing(f"downloads {self._source} {kind}") as connection:
            connection.execute(update(downloads).where(mine, downloads.c.delivery <= arrived).values(delivery=None))
            rows = connection.execute(select(downloads.c.source_id).where(mine, waits).order_by(downloads.c.updated_at))
            return list(dict.fromkeys(row.source_id for row in rows))

    def forget(self, kind: str, source_id: str) -> None:
        """Forget the files of a document that is gone."""
        with self._database.writing() as connection:
            connection.execute(_FORGET, self._document(kind, source_id))

    def _document(self, kind: str, source_id: str) -> dict[str, Any]:
        return keyed(source=self._source, kind=kind, source_id=source_id)

    def _put(self, kind: str, source_id: str, form: str, **values: Any) -> None:  # noqa: ANN401 - columns
        named = {"source": self._source, "kind": kind, "source_id": source_id, "form": form}
        told = {**values, "updated_at": utc_now()}
        with self._database.writing(f"download {self._source} {kind} {source_id} {form}") as connection:
            if connection.execute(_CHANGE, {**keyed(**named), **told}).rowcount == 0:
                connection.execute(_ADD, {**named, **told})


def fetch_again(database: Database, content_hash: str, problem: str) -> None:
    """Put files back among those to come, whoever fetched them: their content is lost."""
    again = {"content_hash": None, "attempts": 0, "not_before": None, "problem": problem, "delivery": None}
    with database.writing(f"content {content_hash}") as connection:
        connection.execute(update(downloads).where(downloads.c.content_hash == content_hash).values(**again))
