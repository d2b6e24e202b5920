"""Files of documents: a queue of what has to be fetched and attached, and what is attached."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, func, insert, or_, select, update

from connector_store.columns import utc_now
from connector_store.errors import StoreError
from connector_store.prepared import key_of, keyed
from connector_store.rejects import next_try
from connector_store.schema import files

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select

    from connector_store.engine import Database
    from connector_store.spool import Spool


_NO_PROBLEM: Final = {"not_before": None, "problem": None, "hint": None}


def next_turn(attempts: int, now: datetime) -> datetime | None:
    """Return when to try again a file that failed `attempts` times, the last time now; None is the next run."""
    return None if attempts <= 1 else next_try(attempts - 1, now)


class FileState(StrEnum):
    """How far a file is on its way."""

    TO_FETCH = "to_fetch"
    TO_ATTACH = "to_attach"
    """Its content is in the spool."""
    ATTACHED = "attached"
    REPLACED = "replaced"
    """It is attached in Exact still, but no file of the document any more."""


_WAITING: Final = files.c.state.in_([FileState.TO_FETCH, FileState.TO_ATTACH])
_ALL: Final = (
    select(*(column for column in files.c if column.name not in {"division", "updated_at"}))
    .where(key_of(files, "division"))
    .order_by(files.c.updated_at, files.c.filename)
)
_OF_DOCUMENT: Final = _ALL.where(key_of(files, "kind", "source_id"))
_THIS: Final = key_of(files, "division", "kind", "source_id", "filename")
_CHANGE: Final = update(files).where(_THIS)
_ADD: Final = insert(files)
_REMOVE: Final = delete(files).where(_THIS)
_WAITS_FOR: Final = select(func.count()).where(key_of(files, "content_hash"), files.c.state == FileState.TO_ATTACH)


@dataclass(frozen=True)
class File:
    """A file of a document, by the document's kind and id and the file's name."""

    kind: str
    source_id: str
    filename: str
    state: FileState
    content_hash: str | None
    """SHA-256 of the content that is to be attached, or is; None when what is attached is not known to be it."""
    document_id: str | None
    """GUID of the document in Exact that holds it, or its older version."""
    attachment_id: str | None
    """GUID of the attachment; while a newer content waits, that of the older one."""
    attempts: int
    not_before: datetime | None
    """When the next try is due (UTC); None is at once."""
    problem: str | None
    """Code of what went wrong last."""
    hint: str | None = None
    """What to do about it, in one line."""

    def holds(self, content_hash: str) -> bool:
        """Tell whether a content is attached in Exact: of a file that is still to be attached, another one is."""
        is_attached = self.attachment_id is not None and self.state is not FileState.TO_ATTACH
        return is_attached and self.content_hash == content_hash


class Files:
    """The files of one division. Every verb is on disk when it returns, or at `settle` (see `ConnectorStore`)."""

    def __init__(self, database: Database, spool: Spool, division: int) -> None:
        self._database = database
        self._spool = spool
        self._division = division

    def expect(
        self,
        kind: str,
        source_id: str,
        filename: str,
        problem: str | None = None,
        hint: str | None = None,
        *,
        is_gone: bool = False,
    ) -> None:
        """Say that a file has to be fetched (again); what is attached already stays known until the new one is.

        Args:
            kind: Kind of the document.
            source_id: Its id at the source.
            filename: Name of the file.
            problem: Code of why it is not there yet.
            hint: What to do about it.
            is_gone: What is attached is not where it belongs: the same content has to be attached again.
        """
        known = self.get(kind, source_id, filename)
        values = {"attempts": 0, "not_before": None, "problem": problem, "hint": hint, **_unsent_forgotten(known)}
        if is_gone:
            values |= {"document_id": None, "attachment_id": None}
        self._put(kind, source_id, filename, state=FileState.TO_FETCH, **values)
        self._discard_unsent(known)

    def fetched(self, kind: str, source_id: str, filename: str, content_hash: str) -> bool:
        """Say which content a file has; return whether it has to be attached: not when that is attached already."""
        known = self.get(kind, source_id, filename)
        same = known is not None and known.holds(content_hash)
        state = FileState.ATTACHED if same else FileState.TO_ATTACH
        if known is None or (known.state, known.content_hash) != (state, content_hash):
            # Else there is nothing new: a file that could not be attached keeps its turn.
            values = {"state": state, "content_hash": content_hash, "attempts": 0, **_NO_PROBLEM}
            self._put(kind, source_id, filename, **values)
            self._discard_unsent(known)
        if same:
            self._discard(content_hash)
        return not same

    def attached(self, kind: str, source_id: str, filename: str, *, document_id: str, attachment_id: str) -> None:
        """Say that a file is attached in Exact; its content leaves the spool when nothing else waits for it.

        Raises:
            StoreError: the file is not known.
        """
        known = self._known(kind, source_id, filename)
        values = {"document_id": document_id, "attachment_id": attachment_id, **_NO_PROBLEM}
        self._put(kind, source_id, filename, state=FileState.ATTACHED, **values)
        if known.content_hash is not None:
            self._discard(known.content_hash)

    def replaced(self, kind: str, source_id: str, filename: str) -> None:
        """Say that the document has this file no more, though it is attached in Exact.

        Raises:
            StoreError: the file is not known.
        """
        known = self._known(kind, source_id, filename)
        self._put(kind, source_id, filename, state=FileState.REPLACED, **_unsent_forgotten(known))
        self._discard_unsent(known)

    def sending(self, kind: str, source_id: str, filename: str, *, until: datetime) -> None:
        """Say that a file is about to be sent: unless its outcome is told, it rests until then (UTC)."""
        self._put(kind, source_id, filename, not_before=until)

    def failed(
        self,
        kind: str,
        source_id: str,
        filename: str,
        problem: str,
        hint: str | None = None,
        *,
        rests_until: datetime | None = None,
    ) -> None:
        """Note that a file could not be fetched or attached: the next run tries again, then it rests longer each time.

        Args:
            kind: Kind of the document.
            source_id: Its id at the source.
            filename: Name of the file.
            problem: Code of what went wrong.
            hint: What to do about it.
            rests_until: Not to be tried before (UTC).

        Raises:
            StoreError: the file is not known.
        """
        attempts = self._known(kind, source_id, filename).attempts + 1
        due = max(filter(None, (next_turn(attempts, utc_now()), rests_until)), default=None)
        self._put(kind, source_id, filename, attempts=attempts, not_before=due, problem=problem, hint=hint)

    def due(self, now: datetime) -> list[File]:
        """Return the files to fetch or attach whose next try is due, those first that wait for the longest time."""
        return self._read(_ALL.where(_WAITING, or_(files.c.not_before.is_(None), files.c.not_before <= now)))

    def waiting(self) -> list[File]:
        """Return all files to fetch or attach, those first that wait for the longest time."""
        return self._read(_ALL.where(_WAITING))

    def get(self, kind: str, source_id: str, filename: str) -> File | None:
        """Return a file."""
        return next((each for each in self.of(kind, source_id) if each.filename == filename), None)

    def of(self, kind: str, source_id: str) -> list[File]:
        """Return the files of a document."""
        return self._read(_OF_DOCUMENT, kind=kind, source_id=source_id)

    def remove(self, kind: str, source_id: str, filename: str | None = None) -> None:
        """Forget a file of a document, or all, with the contents that nothing else waits for."""
        gone = [each for each in self.of(kind, source_id) if filename in {None, each.filename}]
        with self._database.noting() as connection:
            for each in gone:
                connection.execute(_REMOVE, keyed(**self._named(kind, source_id, each.filename)))
        for each in gone:
            if each.content_hash is not None:
                self._discard(each.content_hash)

    def _known(self, kind: str, source_id: str, filename: str) -> File:
        known = self.get(kind, source_id, filename)
        if known is None:
            raise StoreError(f"The store knows no file {filename} of {kind} {source_id} in division {self._division}")
        return known

    def _put(self, kind: str, source_id: str, filename: str, **values: Any) -> None:  # noqa: ANN401 - columns
        named, moment = self._named(kind, source_id, filename), utc_now()
        with self._database.noting(f"file {self._division} {kind} {source_id} {filename}") as connection:
            if connection.execute(_CHANGE, {**keyed(**named), **values, "updated_at": moment}).rowcount == 0:
                new = {"attempts": 0, "state": FileState.TO_FETCH, **values}
                connection.execute(_ADD, {**named, **new, "updated_at": moment})

    def _discard_unsent(self, known: File | None) -> None:
        """Forget a content that was still to be attached when another took its place."""
        if known is not None and known.state is FileState.TO_ATTACH and known.content_hash is not None:
            self._discard(known.content_hash)

    def _discard(self, content_hash: str) -> None:
        """Forget a content that nothing waits for, once it is on disk that nothing does."""

        def discard() -> None:
            with self._database.reading() as connection:
                waits = connection.scalar(_WAITS_FOR, keyed(content_hash=content_hash))
            if not waits:
                self._spool.discard(content_hash)

        self._database.afterwards(discard)

    def _named(self, kind: str, source_id: str, filename: str) -> dict[str, Any]:
        return {"division": self._division, "kind": kind, "source_id": source_id, "filename": filename}

    def _read(self, query: Select[Any], **key: str) -> list[File]:
        with self._database.reading() as connection:
            rows = connection.execute(query, keyed(division=self._division, **key)).mappings()
            return [File(**{**row, "state": FileState(row["state"])}) for row in rows]


def _unsent_forgotten(known: File | None) -> dict[str, Any]:
    """Return what changes of a file whose content was still to be attached: the older one in Exact is not that."""
    return {"content_hash": None} if known is not None and known.state is FileState.TO_ATTACH else {}


def discard_forgotten(database: Database, spool: Spool, before: datetime) -> None:
    """Forget the contents from before a moment that no file waits for, such as those of a run that was killed."""
    query = select(files.c.content_hash).where(files.c.state == FileState.TO_ATTACH)
    with database.reading() as connection:
        waited_for = set(connection.scalars(query))
    for content_hash in spool.kept_before(before):
        if content_hash not in waited_for:
            spool.discard(content_hash)
