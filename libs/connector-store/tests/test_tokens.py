"""Single-use refresh tokens: kept before they are used, exchanged by one process at a time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest

from connector_store import ConnectorStore, LockBusyError, StoreUnavailableError, Token
from connector_testing import store_children

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector_testing.store_children import Child

    Start = Callable[..., Child]

NOW = datetime(2026, 6, 25, 12, tzinfo=timezone.utc)


def save(store: ConnectorStore, client: str, access: str) -> None:
    with store.tokens("exact", client).exclusive() as slot:
        slot.save(
            access_token=access, refresh_token="r", expires_at=NOW + timedelta(minutes=10), obtained_at=NOW, seed="s"
        )


def test_a_saved_pair_is_read_back_by_the_next_process_and_in_the_slot(uri: str) -> None:
    brussels = timezone(timedelta(hours=2))
    with ConnectorStore.open(uri) as store:
        vault = store.tokens("exact", "client")
        with vault.exclusive() as slot:
            assert (slot.token, vault.read()) == (None, None)
            slot.save(
                access_token="a1",
                refresh_token="r1",
                expires_at=datetime(2026, 6, 25, 14, 10, tzinfo=brussels),
                obtained_at=NOW,
                seed="s",
            )
            assert slot.token is not None
    expected = Token("a1", "r1", datetime(2026, 6, 25, 12, 10, tzinfo=timezone.utc), NOW, "s")
    with ConnectorStore.open(uri) as store:
        assert store.tokens("exact", "client").read() == expected
        with store.tokens("exact", "client").exclusive() as slot:
            assert slot.token == expected


def test_each_client_and_provider_has_its_own_pair(store: ConnectorStore) -> None:
    save(store, "one", "a1")
    save(store, "two", "a2")
    save(store, "one", "a3")
    read = {client: store.tokens("exact", client).read() for client in ("one", "two")}
    assert {client: token and token.access_token for client, token in read.items()} == {"one": "a3", "two": "a2"}
    assert store.tokens("teamleader", "one").read() is None


def test_a_moment_without_a_zone_is_refused_and_the_old_pair_stays(store: ConnectorStore) -> None:
    save(store, "one", "a1")
    naive = datetime(2026, 6, 25)  # noqa: DTZ001
    with pytest.raises(Exception, match="time zone"), store.tokens("exact", "one").exclusive() as slot:
        slot.save(access_token="a2", refresh_token="r", expires_at=naive, obtained_at=NOW, seed="s")
    token = store.tokens("exact", "one").read()
    assert token is not None
    assert token.access_token == "a1"


def test_tokens_show_in_no_text_and_in_no_audit_line(store: ConnectorStore) -> None:
    with store.tokens("exact", "one").exclusive() as slot:
        slot.save(access_token="SECRET1", refresh_token="SECRET2", expires_at=NOW, obtained_at=NOW, seed="SECRET3")
    assert "SECRET" not in repr(store.tokens("exact", "one").read())
    trail = store.audit_trail()
    assert [entry.event for entry in trail] == ["login.new"]
    assert "SECRET" not in repr(trail)


def test_the_trail_tells_of_each_login_and_not_of_the_pairs_that_follow_it(store: ConnectorStore) -> None:
    """Line 33: a pair comes with every run."""
    for number, seed in enumerate(("first", "first", "first", "second")):
        with store.tokens("exact", "one").exclusive() as slot:
            slot.save(access_token=str(number), refresh_token="r", expires_at=NOW, obtained_at=NOW, seed=seed)
    assert [entry.event for entry in store.audit_trail()] == ["login.new", "login.new"]


def test_of_many_processes_that_need_a_token_one_asks_the_provider(uri: str, tmp_path: Path, start: Start) -> None:
    log = tmp_path / "provider"
    children = [start(store_children.refresh, uri, str(log)) for _ in range(4)]
    answers = {child.hear() for child in children}
    assert log.read_text() == "refreshed\n"
    assert len(answers) == 1


def test_the_others_may_read_while_one_exchanges_but_not_exchange(uri: str, start: Start) -> None:
    with ConnectorStore.open(uri) as store:
        save(store, "client", "a1")
        child = start(store_children.hold_tokens, uri)
        assert child.hear() == "ready"
        vault = store.tokens("exact", "client")
        token = vault.read()
        assert token is not None
        assert token.access_token == "a1"
        store.set_position(1, "deleted", "the store is not blocked")
        with pytest.raises(LockBusyError), vault.exclusive(timeout=0):
            pytest.fail("two holders")
        child.kill()
        with vault.exclusive(timeout=600) as slot:
            assert slot.token == token


def test_a_full_database_refuses_to_make_room_before_the_refresh_token_is_spent(folder: Path, key: str) -> None:
    """Line 21."""
    with ConnectorStore.open(f"sqlite:///{folder}/store.db", key=key) as store:
        save(store, "one", "a1")
        fill(store)
        with store.tokens("exact", "one").exclusive() as slot, pytest.raises(StoreUnavailableError, match="full"):
            slot.reserve()
        token = store.tokens("exact", "one").read()
        assert token is not None
        assert token.access_token == "a1"


@pytest.mark.parametrize("client", ["one", "new"])
def test_a_pair_fits_into_the_room_that_was_made_for_it_though_the_database_is_full_by_then(
    folder: Path, key: str, client: str
) -> None:
    """Line 21."""
    with ConnectorStore.open(f"sqlite:///{folder}/store.db", key=key) as store:
        save(store, "one", "a1")
        with store.tokens("exact", client).exclusive() as slot:
            slot.reserve()
            log = (folder / "store.db-wal").stat().st_size
            fill(store)
            slot.save(access_token="a" * 5000, refresh_token="r" * 5000, expires_at=NOW, obtained_at=NOW, seed="s")
        assert (folder / "store.db-wal").stat().st_size == log, "the log took more of the disk"
        token = store.tokens("exact", client).read()
        assert token is not None
        assert token.access_token == "a" * 5000


def test_room_that_was_made_is_no_login(store: ConnectorStore) -> None:
    vault = store.tokens("exact", "one")
    for _ in range(2):
        with vault.exclusive() as slot:
            slot.reserve()
    assert vault.read() is None


def fill(store: ConnectorStore) -> None:
    """Let the database have no page more than it has."""
    for connection in (store._database.engine.connect(), store._database.engine.connect()):
        with connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
