"""A lock has one holder, whoever asks, and outlives nobody."""

from __future__ import annotations

import threading
from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool, StaticPool

from connector_store import ConnectorStore, DocumentDetail, How, LockBusyError, StoreUnavailableError
from connector_store.engine import Database
from connector_store.locks import refuse_shared_sessions
from connector_testing import store_children

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector_testing.store_children import Child

    Start = Callable[..., Child]

LOCK = "division 123456"


def test_another_process_is_refused_at_once_in_words_a_person_understands(uri: str, start: Start) -> None:
    with ConnectorStore.open(uri) as store, store.lock(LOCK):
        said = start(store_children.try_lock, uri, LOCK).hear()
    assert said == "Another run holds the lock of division 123456; wait until it has ended and start again"


def test_other_names_are_other_locks(uri: str, start: Start) -> None:
    with ConnectorStore.open(uri) as store, store.lock(LOCK), store.lock("division 123457"):
        assert start(store_children.try_lock, uri, "division-123456").hear() == "held"


def test_the_lock_can_be_had_again_after_the_block(store: ConnectorStore) -> None:
    for _ in range(2):
        with store.lock(LOCK):
            pass


def test_the_lock_is_freed_when_the_block_raises(store: ConnectorStore) -> None:
    with pytest.raises(ZeroDivisionError), store.lock(LOCK):
        raise ZeroDivisionError
    with store.lock(LOCK):
        pass


def test_a_second_holder_in_the_same_process_is_refused_as_well(store: ConnectorStore) -> None:
    with store.lock(LOCK), pytest.raises(LockBusyError), store.lock(LOCK):
        pytest.fail("two holders")


def test_who_waits_gets_the_lock_when_it_is_freed(store: ConnectorStore) -> None:
    order: list[str] = []
    waiting = threading.Event()

    def wait_for_it() -> None:
        waiting.set()
        with store.lock(LOCK, timeout=600):
            order.append("the next has it")

    thread = threading.Thread(target=wait_for_it)
    with store.lock(LOCK):
        thread.start()
        waiting.wait()
        with pytest.raises(LockBusyError), store.lock(LOCK, timeout=0.01):
            pytest.fail("two holders")
        order.append("the first is done")
    thread.join()
    assert order == ["the first is done", "the next has it"]


def test_the_lock_of_a_killed_process_is_free(uri: str, start: Start) -> None:
    child = start(store_children.hold, uri, LOCK)
    assert child.hear() == "ready"
    with ConnectorStore.open(uri) as store:
        with pytest.raises(LockBusyError), store.lock(LOCK):
            pytest.fail("two holders")
        child.kill()
        with store.lock(LOCK, timeout=600):
            pass


def test_contending_processes_never_hold_a_lock_together(uri: str, folder: Path, start: Start) -> None:
    shared = folder / "counter"
    shared.write_text("0")
    children = [start(store_children.contend, uri, str(shared)) for _ in range(3)]
    for child in children:
        assert child.end() == 0
    assert shared.read_text() == "30"


def end_lock_sessions(store: ConnectorStore) -> None:
    with store._database.writing() as connection:
        connection.exec_driver_sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")


def test_nothing_is_about_to_be_sent_any_more_when_the_server_took_the_lock_away(postgres_uri: str, key: str) -> None:
    with ConnectorStore.open(postgres_uri, key=key) as store:
        links = store.links(1)
        with store.lock(LOCK):
            links.intend("invoice", "sent", number=None, fingerprint="f")
            end_lock_sessions(store)
            with pytest.raises(StoreUnavailableError, match=f"the lock of {LOCK}; start again"):
                links.intend("invoice", "next", number=None, fingerprint="f")
            with pytest.raises(StoreUnavailableError, match="start again"):
                links.progress("invoice", "sent", step="entry")
            links.confirm("invoice", "sent", exact_id="e", fingerprint="f", how=How.POSTED)
        assert [link.source_id for link in links.all()] == ["sent"]
        with store.lock(LOCK):
            links.intend("invoice", "next", number=None, fingerprint="f")


def test_tokens_that_were_exchanged_are_kept_even_when_the_lock_was_lost(postgres_uri: str, key: str) -> None:
    now = datetime(2026, 6, 25, 12, tzinfo=timezone.utc)
    with ConnectorStore.open(postgres_uri, key=key) as store:
        vault = store.tokens("exact", "client")
        with vault.exclusive() as slot:
            end_lock_sessions(store)
            slot.save(access_token="a", refresh_token="r", expires_at=now, obtained_at=now, seed="s")
        assert vault.read() is not None


def test_a_link_to_the_store_leads_to_the_same_lock(folder: Path) -> None:
    (folder / "real").mkdir()
    (folder / "link").symlink_to(folder / "real")
    with (
        ConnectorStore.open(f"sqlite:///{folder}/real/s.db") as one,
        ConnectorStore.open(f"sqlite:///{folder}/link/s.db") as two,
        one.lock(LOCK),
        pytest.raises(LockBusyError),
        two.lock(LOCK),
    ):
        pytest.fail("two holders")


def test_writers_about_the_same_document_lose_nothing_of_each_other(uri: str, start: Start) -> None:
    with ConnectorStore.open(uri) as store:
        links, rejects = store.links(123456), store.rejects(123456)
        links.intend("invoice", "shared", number=None, fingerprint="f")
        children = [
            start(store_children.write_rows, uri, prefix) for prefix in ("document_id", "payments_seen", "updated_at")
        ]
        for child in children:
            assert child.end() == 0
        shared = links.get("invoice", "shared")
        assert shared is not None
        assert shared.detail == DocumentDetail(document_id="19", payments_seen="19", updated_at="19")
        assert links.count() == {("invoice", "intent"): 61}
        reject = rejects.get("invoice", "shared")
        assert reject is not None
        assert reject.attempts == 60


def test_a_pooler_that_shares_sessions_is_refused_in_one_line(postgres_uri: str) -> None:
    """Line 22: PgBouncer in transaction mode; here two connections that share one session, as its clients do."""
    url = Database.at(postgres_uri).url
    shared = create_engine(url, poolclass=StaticPool, isolation_level="AUTOCOMMIT")
    with pytest.raises(StoreUnavailableError, match="shares sessions") as caught:
        refuse_shared_sessions(shared)
    shared.dispose()
    assert "\n" not in str(caught.value)
    own = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    refuse_shared_sessions(own)
