"""Other processes for the tests: each function below runs in one of its own, on the store at a URI, and may be killed.

They are forked from a server that has imported everything already, which is ten times faster than starting Python.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, event

from connector_store import ConnectorStore, DocumentDetail, How, LockBusyError
from connector_store.encryption import KEY_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    Say = Callable[[str], None]

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["alembic.command", "connector_store", "psycopg", "pytest"])
_PATIENCE = 600

DIVISION = 123456
NOW = datetime(2026, 6, 25, 12, tzinfo=timezone.utc)


class Child:
    """A process that runs one of the functions below."""

    def __init__(self, function: Callable[[str, str, Say], None], uri: str, argument: str) -> None:
        self._hears, says = _context.Pipe(duplex=False)
        key = os.environ.get(KEY_VARIABLE, "")
        self._process = _context.Process(target=_run, args=(function, uri, argument, key, says))
        self._process.start()
        says.close()

    def hear(self) -> str:
        """Return the next thing the child says."""
        assert self._hears.poll(_PATIENCE), "the child says nothing"
        said: str = self._hears.recv()
        return said

    def end(self) -> int | None:
        """Return the exit code, when the child has ended."""
        self._process.join(_PATIENCE)
        return self._process.exitcode

    def kill(self) -> None:
        """Kill the child, if it lives."""
        self._process.kill()
        self._process.join(_PATIENCE)


def _run(function: Callable[[str, str, Say], None], uri: str, argument: str, key: str, says: Connection) -> None:
    os.environ[KEY_VARIABLE] = key
    function(uri, argument, says.send)


def die() -> None:
    """Kill this process, as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def open_store(uri: str, _: str, _say: Say) -> None:
    """Open the store, make it if need be, and note that."""
    with ConnectorStore.open(uri) as store:
        store.audit("opened", division=None)


def intend_and_die(uri: str, _: str, _say: Say) -> None:
    """Die with a document that is to be booked."""
    links = ConnectorStore.open(uri).links(DIVISION)
    links.intend("invoice", "a", number="2026 / 1", fingerprint="f1", detail=DocumentDetail(customer="c"))
    links.progress("invoice", "a", document_id="d")
    die()


def die_at(uri: str, statement: str, _say: Say) -> None:
    """Confirm a document, but die when the database has executed the statement that begins like this."""

    def watch(_conn: object, _cursor: object, sql: str, *_rest: object) -> None:
        if sql.strip().startswith(statement):
            die()

    event.listen(Engine, "after_cursor_execute", watch)
    links = ConnectorStore.open(uri).links(DIVISION)
    links.confirm("invoice", "a", exact_id="e", fingerprint="f1", how=How.POSTED)


def hold(uri: str, name: str, say: Say) -> None:
    """Hold a lock until killed."""
    with ConnectorStore.open(uri).lock(name):
        say("ready")
        signal.pause()


def hold_tokens(uri: str, _: str, say: Say) -> None:
    """Hold the tokens until killed."""
    with ConnectorStore.open(uri).tokens("exact", "client").exclusive():
        say("ready")
        signal.pause()


def refresh(uri: str, provider_log: str, say: Say) -> None:
    """Do what an API client does when its access token has expired: take turns, and look before asking."""
    with ConnectorStore.open(uri) as store, store.tokens("exact", "client").exclusive() as slot:
        token = slot.token
        if token is not None and token.expires_at > NOW:
            say(token.access_token)
            return
        with Path(provider_log).open("a") as log:
            log.write("refreshed\n")
        time.sleep(0.2)
        access = f"access-{os.getpid()}"
        slot.save(
            access_token=access,
            refresh_token="next",
            expires_at=NOW + timedelta(minutes=10),
            obtained_at=NOW,
            seed="s",
        )
        say(access)


def contend(uri: str, shared: str, _say: Say) -> None:
    """Count in a file what only the holder of a lock may count: a lost update shows two holders."""
    path = Path(shared)
    with ConnectorStore.open(uri) as store:
        for _ in range(10):
            with store.lock("the counter", timeout=600):
                count = int(path.read_text())
                time.sleep(0.005)
                path.write_text(str(count + 1))


def try_lock(uri: str, name: str, say: Say) -> None:
    """Say whether a lock could be taken."""
    with ConnectorStore.open(uri) as store:
        try:
            with store.lock(name):
                say("held")
        except LockBusyError as error:
            say(str(error))


def write_rows(uri: str, prefix: str, _say: Say) -> None:
    """Write documents of its own, and one that others write as well."""
    with ConnectorStore.open(uri) as store:
        for number in range(20):
            links, rejects = store.links(DIVISION), store.rejects(DIVISION)
            links.intend("invoice", f"{prefix} {number}", number=None, fingerprint="f")
            links.progress("invoice", "shared", **{prefix: str(number)})  # type: ignore[arg-type]  # a field per child
            rejects.put("invoice", "shared", code="c", reason="r", hint="h", payload=None)
