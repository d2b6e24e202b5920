"""Killed at any moment, the store holds what had returned and nothing by halves."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from connector_store import ConnectorStore, DocumentDetail, How, StoreUnavailableError
from connector_testing import store_children

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector_testing.store_children import Child

    Start = Callable[..., Child]

DIVISION = 123456


def test_a_process_killed_between_intent_and_confirmation_leaves_its_intent_to_be_settled(
    uri: str, start: Start
) -> None:
    assert start(store_children.intend_and_die, uri).end() == -signal.SIGKILL
    with ConnectorStore.open(uri) as store:
        links = store.links(DIVISION)
        [intent] = links.intents()
        assert (intent.number, intent.fingerprint) == ("2026 / 1", "f1")
        assert intent.detail == DocumentDetail(customer="c", document_id="d")
        links.confirm("invoice", "a", exact_id="e", fingerprint="f1", how=How.ADOPTED)
        assert links.intents() == []


@pytest.mark.parametrize(
    "statement", ["UPDATE connector_links", "INSERT INTO connector_audit", "DELETE FROM connector_rejects"]
)
def test_a_process_killed_in_the_middle_of_a_confirmation_has_not_confirmed_anything(
    uri: str, statement: str, start: Start
) -> None:
    with ConnectorStore.open(uri) as store:
        store.links(DIVISION).intend("invoice", "a", number="2026 / 1", fingerprint="f1")
        store.rejects(DIVISION).put("invoice", "a", code="c", reason="r", hint="h", payload={"n": 1})
    assert start(store_children.die_at, uri, statement).end() == -signal.SIGKILL
    with ConnectorStore.open(uri) as store:
        links, rejects = store.links(DIVISION), store.rejects(DIVISION)
        assert [link.exact_id for link in links.intents()] == [None]
        assert rejects.count() == {"rejected": 1}
        assert [entry.event for entry in store.audit_trail()] == ["link.intended", "reject.put"]
        links.confirm("invoice", "a", exact_id="e", fingerprint="f1", how=How.POSTED)
        assert rejects.count() == {}


def test_a_full_disk_is_told_and_loses_nothing_that_was_there(folder: Path) -> None:
    with ConnectorStore.open(f"sqlite:///{folder}/store.db") as store:
        rejects = store.rejects(DIVISION)
        rejects.put("invoice", "a", code="c", reason="r", hint="h", payload={"n": 1})
        with store._database.reading() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreUnavailableError, match="database or disk is full"):
            rejects.put("invoice", "b", code="c", reason="r", hint="h", payload={"n": os.urandom(100_000).hex()})
        assert [reject.source_id for reject in rejects.pending()] == ["a"]
        assert len(store.audit_trail()) == 1


def test_a_restarted_server_is_found_again(postgres_uri: str, key: str) -> None:
    with ConnectorStore.open(postgres_uri, key=key) as store:
        store.set_position(1, "deleted", "42")
        with store._database.reading() as connection:
            backend = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        with store.lock("division 1"), pytest.raises(StoreUnavailableError), store._database.writing() as connection:
            connection.exec_driver_sql(f"SELECT pg_terminate_backend({backend})")
        assert store.position(1, "deleted") == "42"


def damage(path: Path) -> None:
    """Make a store whose positions begin with a page of zeros."""
    with ConnectorStore.open(f"sqlite:///{path}") as store:
        for number in range(200):
            store.set_position(1, f"name {number}", "x" * 500)
        with store._database.reading() as connection:
            root = connection.exec_driver_sql(
                "SELECT rootpage FROM sqlite_master WHERE name = 'connector_positions'"
            ).scalar()
            size = connection.exec_driver_sql("PRAGMA page_size").scalar()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\x00" * size)


def test_a_damaged_page_is_told_in_one_line_after_an_unclean_end(folder: Path) -> None:
    uri, path = f"sqlite:///{folder}/store.db", folder / "store.db"
    damage(path)
    (folder / "store.db-wal").write_bytes(b"left behind")
    with pytest.raises(StoreUnavailableError, match="is damaged") as caught:
        ConnectorStore.open(uri)
    assert len(str(caught.value).splitlines()) == 1


def test_a_file_that_is_no_database_is_told_in_one_line(folder: Path) -> None:
    """Line 22."""
    path = folder / "store.db"
    path.write_bytes(b"a letter to Mr Peeters " * 1000)
    with pytest.raises(StoreUnavailableError, match=r"is damaged \(file is not a database\)") as caught:
        ConnectorStore.open(f"sqlite:///{path}")
    assert "\n" not in str(caught.value)


def test_damage_that_shows_at_work_is_told_in_one_line(folder: Path) -> None:
    """Line 22: not at the opening, when the last run ended well."""
    path = folder / "store.db"
    damage(path)
    with ConnectorStore.open(f"sqlite:///{path}") as store:
        with pytest.raises(StoreUnavailableError, match=r"is damaged .*restore a backup") as caught:
            store.position(1, "name 7")
        assert "\n" not in str(caught.value)
