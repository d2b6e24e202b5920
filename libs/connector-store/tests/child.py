"""Other processes for the tests: each function below runs on its own with the URI of the store, and may be killed.

Started as `python child.py <function> <uri> [argument]`; says "ready" on stdout where a test has to wait for it.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from sqlalchemy import Engine, event

from connector_store import ConnectorStore, LockBusyError

DIVISION = 123456
NOW = datetime(2026, 6, 25, 12, tzinfo=timezone.utc)


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def open_store(uri: str, _: str) -> None:
    with ConnectorStore.open(uri) as store:
        store.audit("opened", division=None)


def intend_and_die(uri: str, _: str) -> None:
    links = ConnectorStore.open(uri).links(DIVISION)
    links.intend("invoice", "a", number="2026 / 1", fingerprint="f1", detail={"customer": "c"})
    links.progress("invoice", "a", document_id="d")
    die()


def die_at(uri: str, statement: str) -> None:
    """Confirm a document, but die when the database has executed the statement that begins like this."""

    def watch(_conn: object, _cursor: object, sql: str, *_rest: object) -> None:
        if sql.strip().startswith(statement):
            die()

    event.listen(Engine, "after_cursor_execute", watch)
    links = ConnectorStore.open(uri).links(DIVISION)
    links.confirm("invoice", "a", exact_id="e", fingerprint="f1", how="posted")


def hold(uri: str, name: str) -> None:
    with ConnectorStore.open(uri).lock(name):
        say("ready")
        time.sleep(60)


def hold_tokens(uri: str, _: str) -> None:
    with ConnectorStore.open(uri).tokens("exact", "client").exclusive():
        say("ready")
        time.sleep(60)


def refresh(uri: str, provider_log: str) -> None:
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


def contend(uri: str, shared: str) -> None:
    """Count in a file what only the holder of a lock may count: a lost update shows two holders."""
    path = Path(shared)
    with ConnectorStore.open(uri) as store:
        for _ in range(10):
            with store.lock("the counter", timeout=60):
                count = int(path.read_text())
                time.sleep(0.005)
                path.write_text(str(count + 1))


def try_lock(uri: str, name: str) -> None:
    with ConnectorStore.open(uri) as store:
        try:
            with store.lock(name):
                say("held")
        except LockBusyError as error:
            say(str(error))


def write_rows(uri: str, prefix: str) -> None:
    with ConnectorStore.open(uri) as store:
        for number in range(20):
            links, rejects = store.links(DIVISION), store.rejects(DIVISION)
            links.intend("invoice", f"{prefix}-{number}", number=None, fingerprint="f", detail={})
            links.progress("invoice", "shared", **{f"{prefix}-{number}": True})
            rejects.put("invoice", "shared", code="c", reason="r", hint="h", payload=None)


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
