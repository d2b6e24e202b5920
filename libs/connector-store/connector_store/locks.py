"""Locks between processes that the operating system (or PostgreSQL) frees when their holder dies."""

from __future__ import annotations

import hashlib
import re
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from filelock import FileLock, Timeout
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from connector_store.engine import Database, advisory_key, first_line, postgresql
from connector_store.errors import LockBusyError, StoreUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from sqlalchemy.engine import URL, Connection, Engine

POLL_SECONDS = 0.05


class Locks(Protocol):
    """Named locks of one store. Not re-entrant: a second holder in the same process has to wait as well."""

    def hold(self, name: str, *, timeout: float) -> AbstractContextManager[None]:
        """Hold the lock within the block.

        Args:
            name: what is locked, in words for a person ("division 123456").
            timeout: seconds to wait for another holder; 0 tries once.

        Raises:
            LockBusyError: another process or thread holds it and did not let go in time.
            StoreUnavailableError: the lock cannot be had at all.
        """


def locks_of(database: Database) -> Locks:
    """Return the locks that belong to a database.

    Raises:
        StoreUnavailableError: the server's sessions are shared, or it cannot be reached.
    """
    if database.path:
        return FileLocks(database.path)
    locks = AdvisoryLocks(database.url)
    with _telling("The sessions of the server cannot be looked at"):
        refuse_shared_sessions(locks.engine)
    database.verify_locks = locks.verify
    return locks


def refuse_shared_sessions(engine: Engine) -> None:
    """Refuse a pooler that lends a session of the server for one transaction: a lock would be left in a stranger's.

    Two connections then meet one process of the server, or one connection meets two.

    Raises:
        StoreUnavailableError: sessions are shared.
    """
    process = text("SELECT pg_backend_pid()")
    with engine.connect() as one, engine.connect() as other:
        first, second, again = one.scalar(process), other.scalar(process), one.scalar(process)
    if first == second or first != again:
        raise StoreUnavailableError(
            "Between this machine and PostgreSQL stands a pooler that shares sessions (PgBouncer in transaction mode), "
            "in which locks are lost: let store_uri name the server itself, or a pooler in session mode"
        )


class FileLocks:
    """Locks of the operating system on files next to the SQLite file; the files themselves stay and mean nothing."""

    def __init__(self, store: Path) -> None:
        self._store = store

    @contextmanager
    def hold(self, name: str, *, timeout: float) -> Iterator[None]:
        """Hold the lock within the block (see `Locks`)."""
        words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
        digest = hashlib.sha256(name.encode()).hexdigest()[:8]
        path = self._store.with_name(f"{self._store.name}.{words}-{digest}.lock")
        # A soft lock, the library's way out on file systems without locks, would survive its holder.
        lock = FileLock(path, mode=0o600, poll_interval=POLL_SECONDS, fallback_to_soft=False)
        try:
            lock.acquire(timeout=max(timeout, 0))
        except Timeout:
            raise _busy(name) from None
        except OSError as error:
            raise StoreUnavailableError(f"The lock {path} cannot be taken: {error.strerror}") from None
        try:
            yield
        finally:
            lock.release()


class AdvisoryLocks:
    """Session-level advisory locks, each on a connection of its own (so not through a pooler in transaction mode)."""

    def __init__(self, url: URL) -> None:
        self.engine = postgresql(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        self._held: dict[str, Connection] = {}
        self._turn = threading.Lock()

    @contextmanager
    def hold(self, name: str, *, timeout: float) -> Iterator[None]:
        """Hold the lock within the block (see `Locks`)."""
        with _telling(f"The lock of {name} cannot be had"):
            connection = self.engine.connect()
        try:
            self._take(connection, name, timeout)
            self._held[name] = connection
            yield
        finally:
            self._held.pop(name, None)
            # Whatever happened, the lock ends with its session.
            with suppress(DBAPIError):
                connection.close()

    def verify(self) -> None:
        """Make sure that all locks of this process are still held: a session can end without anybody noticing.

        Raises:
            StoreUnavailableError: the server restarted or ended the session, so somebody else may hold the lock now.
        """
        for name, connection in list(self._held.items()):
            if not self._lives(connection):
                raise StoreUnavailableError(f"The server ended the session that held the lock of {name}; start again")

    def _lives(self, connection: Connection) -> bool:
        try:
            with self._turn:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def _take(self, connection: Connection, name: str, timeout: float) -> None:
        key = {"key": advisory_key(f"lock {name}")}
        deadline = time.monotonic() + timeout
        with _telling(f"The lock of {name} cannot be had"):
            while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key):
                if time.monotonic() >= deadline:
                    raise _busy(name)
                time.sleep(POLL_SECONDS)


@contextmanager
def _telling(what: str) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise StoreUnavailableError(f"{what}: {first_line(error)}") from None


def _busy(name: str) -> LockBusyError:
    return LockBusyError(f"Another run holds the lock of {name}; wait until it has ended and start again")
