"""Contents of files on their way to Exact, by the hash of what is in them."""

from __future__ import annotations

import hashlib
import io
import os
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, Protocol
from uuid import uuid4

from sqlalchemy import delete, insert, select, update

from connector_store.columns import utc_now
from connector_store.errors import StoreError, StoreUnavailableError
from connector_store.schema import blobs

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from connector_store.engine import Database

CHUNK = 1 << 20


class Spool(Protocol):
    """Holds contents until nothing waits for them."""

    def put(self, content: BinaryIO) -> str:
        """Keep a content, on disk when this returns; return its SHA-256 in hexadecimal digits.

        Raises:
            StoreUnavailableError: it cannot be kept.
        """

    def open(self, content_hash: str) -> BinaryIO:
        """Return a content to read.

        Raises:
            StoreError: there is none of that hash.
        """

    def discard(self, content_hash: str) -> None:
        """Forget a content; `Files` does so when nothing waits for it."""

    def kept_before(self, moment: datetime) -> list[str]:
        """Return the hashes of what was kept last before a moment (UTC)."""


def spool_of(database: Database) -> Spool:
    """Return the spool of a store: the folder `files` beside a SQLite store, a table of PostgreSQL."""
    return TableSpool(database) if database.path is None else FolderSpool(database.path.with_name("files"))


class FolderSpool:
    """Contents as files that only their owner may read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: BinaryIO) -> str:
        """Keep a content (see `Spool`), a piece at a time."""
        digest = hashlib.sha256()
        draft = self._folder / f"draft-{uuid4().hex}"
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as stream:
                while piece := content.read(CHUNK):
                    digest.update(piece)
                    stream.write(piece)
                stream.flush()
                os.fsync(stream.fileno())
            draft.replace(self._folder / digest.hexdigest())
            folder = os.open(self._folder, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise StoreUnavailableError(f"A file cannot be kept in {self._folder}: {error.strerror}") from None
        return digest.hexdigest()

    def open(self, content_hash: str) -> BinaryIO:
        """Return a content to read (see `Spool`)."""
        try:
            return (self._folder / content_hash).open("rb")
        except FileNotFoundError:
            raise _gone(content_hash) from None

    def discard(self, content_hash: str) -> None:
        """Forget a content."""
        (self._folder / content_hash).unlink(missing_ok=True)

    def kept_before(self, moment: datetime) -> list[str]:
        """Return the names of old contents (see `Spool`), and of drafts that a killed run left."""
        if not self._folder.is_dir():
            return []
        return [each.name for each in self._folder.iterdir() if _is_from_before(each, moment)]


class TableSpool:
    """Contents as rows; each is in memory while it is written or read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, content: BinaryIO) -> str:
        """Keep a content (see `Spool`)."""
        whole = content.read()
        content_hash = hashlib.sha256(whole).hexdigest()
        with self._database.writing(f"content {content_hash}") as connection:
            again = update(blobs).where(blobs.c.hash == content_hash).values(kept_at=utc_now())
            if connection.execute(again).rowcount == 0:
                connection.execute(insert(blobs).values(hash=content_hash, content=whole, kept_at=utc_now()))
        return content_hash

    def open(self, content_hash: str) -> BinaryIO:
        """Return a content to read (see `Spool`)."""
        with self._database.reading() as connection:
            content: bytes | None = connection.scalar(select(blobs.c.content).where(blobs.c.hash == content_hash))
        if content is None:
            raise _gone(content_hash)
        return io.BytesIO(content)

    def discard(self, content_hash: str) -> None:
        """Forget a content."""
        with self._database.writing(f"content {content_hash}") as connection:
            connection.execute(delete(blobs).where(blobs.c.hash == content_hash))

    def kept_before(self, moment: datetime) -> list[str]:
        """Return the hashes of old contents (see `Spool`)."""
        with self._database.reading() as connection:
            return list(connection.scalars(select(blobs.c.hash).where(blobs.c.kept_at < moment)))


def _is_from_before(path: Path, moment: datetime) -> bool:
    """Tell whether a file was written before a moment; one that another program took away meanwhile is none."""
    try:
        return path.stat().st_mtime < moment.timestamp()
    except FileNotFoundError:
        return False


def _gone(content_hash: str) -> StoreError:
    return StoreError(f"The content {content_hash[:12]}… of a file is not in the store any more; it is fetched again")
