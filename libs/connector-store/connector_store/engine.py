"""The database behind the store: SQLite or PostgreSQL, opened so that what was committed stays committed."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import sqlite3
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from connector_store.errors import StoreError, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine import Connection, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection

BUSY_SECONDS = 60
CONNECT_SECONDS = 10
_DAMAGE = re.compile(r"malformed|not a database|corrupt", re.IGNORECASE)
_POSTGRESQL = {"postgres", "postgresql", "postgresql+psycopg"}

_KEEPALIVES = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
_SESSION = """
    SELECT set_config('tcp_keepalives_idle', '30', false),
           set_config('tcp_keepalives_interval', '10', false),
           set_config('tcp_keepalives_count', '3', false),
           CASE WHEN current_setting('synchronous_commit') = 'off'
                THEN set_config('synchronous_commit', 'on', false) END,
           CASE WHEN current_setting('idle_session_timeout', true) IS NOT NULL
                THEN set_config('idle_session_timeout', '0', false) END
"""


def advisory_key(words: str) -> int:
    """Return the number that stands for `words` among PostgreSQL's advisory locks (signed, 64 bits)."""
    return int.from_bytes(hashlib.sha256(f"connector-store {words}".encode()).digest()[:8], "big", signed=True)


def first_line(error: Exception) -> str:
    """Return what the database says in its first line; later ones may quote the row."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return next(iter(str(cause).strip().splitlines()), type(cause).__name__)


class Database:
    """One database, with two ways in: `reading` and `writing`. Database errors leave it as one readable line.

    Within `gathering` there is a third, `noting`: several steps of a protocol are one transaction, on disk before
    anything is sent.
    """

    def __init__(self, url: URL) -> None:
        # Resolved, so that who comes by another name (a link) meets the same locks.
        self.path = Path(url.database).expanduser().resolve() if url.drivername == "sqlite" and url.database else None
        self.url = url.set(database=str(self.path)) if self.path else url
        self.name = self.url.set(query={}).render_as_string(hide_password=True)
        self.engine = _sqlite(self.url, self.path) if self.path else postgresql(self.url, pool_pre_ping=True)
        self.verify_locks: Callable[[], None] = lambda: None
        """Raises when a lock of this process was lost without its knowing (see `AdvisoryLocks.verify`)."""
        self._writer = self.engine.execution_options(connector_writes=True)
        self._gathers = False
        self._noted: Connection | None = None
        self._ending = ExitStack()
        self._afterwards: list[Callable[[], None]] = []

    @classmethod
    def at(cls, uri: str) -> Database:
        """Return the database at a SQLAlchemy URI; nothing is opened yet but the folder of a SQLite file exists.

        Raises:
            StoreError: the URI names no database that can be a store.
            StoreUnavailableError: the folder cannot be made, or the driver of PostgreSQL is not installed.
        """
        try:
            url = make_url(uri)
        except ArgumentError:
            raise StoreError(
                "The store's URI cannot be read; write sqlite:///path/to/store.db or postgresql://…"
            ) from None
        if url.drivername in _POSTGRESQL:
            url = url.set(drivername="postgresql+psycopg")
        elif url.drivername not in {"sqlite", "sqlite+pysqlite"}:
            raise StoreError(f"A store cannot be kept in {url.drivername}; use sqlite:///… or postgresql://…")
        elif url.database in {None, "", ":memory:"} or str(url.database).startswith("file:"):
            raise StoreError("A store must outlive the process; name a file: sqlite:///path/to/store.db")
        else:
            url = url.set(drivername="sqlite")
        try:
            return cls(url)
        except (ModuleNotFoundError, NoSuchModuleError):
            raise StoreUnavailableError(
                "PostgreSQL's driver is not installed; install teamleader-exactonline-connector-store[postgres]"
            ) from None

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file of our own."""
        return self.path is not None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one consistent state, what was noted included.

        Raises:
            StoreUnavailableError: the database fails.
        """
        with self._plainly():
            if self._noted is not None:
                yield self._noted
                return
            with self.engine.connect() as connection:
                yield connection

    @contextmanager
    def writing(self, about: str | None = None) -> Iterator[Connection]:
        """Give a connection in a transaction that is on disk when the block has ended, or did not happen.

        Args:
            about: what is written about; writers about the same thing follow each other, so that a row may be read,
                judged and written within the block. (SQLite has one writer at a time anyway.)

        Raises:
            StoreUnavailableError: the database fails.
        """
        self.settle()
        with self._plainly(), self._writer.begin() as connection:
            if about is not None:
                self.line_up(connection, about)
            yield connection

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Let what is noted within the block wait for `settle`, which comes at its end at the latest, errors or not.

        Whoever sends anything within the block calls `settle` first. For one thread at a time.
        """
        if self._gathers:
            yield
            return
        self._gathers = True
        try:
            yield
        finally:
            self._gathers = False
            self.settle()

    @contextmanager
    def noting(self, about: str | None = None) -> Iterator[Connection]:
        """Give a connection as `writing` does; within `gathering` its transaction goes on until `settle`.

        An error within the block undoes what was noted since the last `settle`, as if the process had ended there.

        Raises:
            StoreUnavailableError: the database fails.
        """
        if not self._gathers:
            with self.writing(about) as connection:
                yield connection
            return
        with self._plainly():
            if self._noted is None:
                self._noted = self._ending.enter_context(self._writer.begin())
            try:
                if about is not None:
                    self.line_up(self._noted, about)
                yield self._noted
            except BaseException as error:
                self._noted = None
                self._afterwards.clear()
                self._ending.pop_all().__exit__(type(error), error, error.__traceback__)
                raise

    def settle(self) -> None:
        """Return when all that was noted is on disk.

        Raises:
            StoreUnavailableError: the database fails; what was noted since the last time did not happen.
        """
        if self._noted is None:
            return
        self._noted = None
        following, self._afterwards = self._afterwards, []
        with self._plainly():
            self._ending.pop_all().close()
        for each in following:
            each()

    def afterwards(self, act: Callable[[], None]) -> None:
        """Do what may only happen once all that was noted is on disk: then, or at once when that is nothing."""
        if self._noted is None:
            act()
        else:
            self._afterwards.append(act)

    def line_up(self, connection: Connection, about: str) -> None:
        """Have a transaction wait for the other writers about the same thing, until it ends."""
        if not self.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": advisory_key(f"row {about}")})

    def checkpoint(self) -> None:
        """Copy SQLite's log into the database, so that the next commit needs no more of the disk than it has already.

        The log is written over from its start once all of it was copied. PostgreSQL sees to its own.

        Raises:
            StoreUnavailableError: the database fails.
        """
        if self.is_sqlite:
            with self._plainly(), self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")

    @contextmanager
    def _plainly(self) -> Iterator[None]:
        try:
            yield
        # What SQLite finds while it connects is not wrapped by SQLAlchemy.
        except (DBAPIError, PoolTimeoutError, sqlite3.DatabaseError) as error:
            said = first_line(error)
            if self.is_sqlite and _DAMAGE.search(said):
                raise self._damaged(said) from None
            # The SQL and its parameters stay out: exceptions end in logs.
            raise StoreUnavailableError(f"The store {self.name} fails: {said}") from None

    def _damaged(self, said: str) -> StoreUnavailableError:
        return StoreUnavailableError(
            f"The store {self.path} is damaged ({said}); put it aside and restore a backup with its key"
        )

    def check_after_unclean_end(self) -> None:
        """Look for damage when a process left its log behind: one that closed a SQLite store took the log in.

        Raises:
            StoreUnavailableError: pages of the file are damaged.
        """
        if self.path is None:
            return
        log = self.path.with_name(f"{self.path.name}-wal")
        if not log.exists() or not log.stat().st_size:
            return
        with self._plainly(), self.engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise self._damaged(str(found).splitlines()[0])

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _make_file(path: Path) -> None:
    """Make an empty file here, because SQLite would let everybody read it.

    One that is there is not opened: closing it again would free the locks of all SQLite connections of this process
    (https://sqlite.org/howtocorrupt.html, 2.2), and another process could take their log away.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if not os.access(path, os.R_OK | os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES)) from None


def _sqlite(url: URL, path: Path) -> Engine:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make_file(path)
    except OSError as error:
        raise StoreUnavailableError(f"The store {path} cannot be written: {error.strerror}") from None
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)

    def on_connect(connection: DBAPIConnection, _record: object) -> None:
        # Transactions are begun below; the driver's own would begin them too late to take the write lock.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("connector_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine


def postgresql(url: URL, **options: Any) -> Engine:  # noqa: ANN401
    """Return an engine for PostgreSQL that never trades durability for speed.

    Both ends notice within a minute or two when the other is gone, so that the locks of a lost machine are freed.
    """
    engine = create_engine(
        url, connect_args={"connect_timeout": CONNECT_SECONDS, **_KEEPALIVES}, hide_parameters=True, **options
    )

    def on_connect(connection: DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(_SESSION)
        cursor.close()
        connection.commit()

    event.listen(engine, "connect", on_connect)
    return engine
