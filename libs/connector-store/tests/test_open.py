"""Opening a store: made when it is not there, never half made, refused in one line when it cannot be."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest

from connector_store import ConnectorStore, StoreError, StoreUnavailableError
from connector_testing import store_children

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector_testing.store_children import Child


def test_a_store_is_made_at_first_and_remembered_afterwards(uri: str) -> None:
    with ConnectorStore.open(uri) as store:
        store.set_position(1, "deleted", "42")
    with ConnectorStore.open(uri) as store:
        assert store.position(1, "deleted") == "42"


def test_processes_that_open_a_fresh_store_at_the_same_moment_all_succeed(
    uri: str, start: Callable[..., Child]
) -> None:
    children = [start(store_children.open_store, uri) for _ in range(4)]
    for child in children:
        assert child.end() == 0
    with ConnectorStore.open(uri) as store:
        assert len(store.audit_trail(event="opened")) == 4


def test_a_sqlite_store_and_what_lies_beside_it_is_for_its_owner_only(folder: Path) -> None:
    old = os.umask(0o022)
    try:
        with ConnectorStore.open(f"sqlite:///{folder}/store.db") as store:
            store.set_position(1, "deleted", "42")
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    finally:
        os.umask(old)
    assert {"store.db", "store.db-wal", "store.db.key"} <= set(modes)
    assert set(modes.values()) == {0o600}


def test_sqlite_is_durable_and_lets_readers_read_while_another_writes(folder: Path) -> None:
    with ConnectorStore.open(f"sqlite:///{folder}/store.db") as store:
        with store._database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 60_000
        with store._database.writing():
            assert store.position(1, "deleted") is None


def test_the_name_of_a_store_hides_its_password(postgres_uri: str, key: str) -> None:
    with ConnectorStore.open(f"{postgres_uri}&password=hunter2", key=key) as store:
        assert store.name.startswith("postgresql+psycopg://connector@/test_")
        assert "hunter2" not in store.name


def test_postgresql_is_made_durable_even_when_the_server_is_set_up_otherwise(postgres_uri: str, key: str) -> None:
    uri = f"{postgres_uri}&options=-csynchronous_commit%3Doff"
    with ConnectorStore.open(uri, key=key) as store, store._database.reading() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_all_spellings_of_postgresql_are_the_same_store(scheme: str, postgres_uri: str, key: str) -> None:
    with ConnectorStore.open(postgres_uri, key=key) as store:
        store.set_position(1, "deleted", "42")
    with ConnectorStore.open(postgres_uri.replace("postgresql", scheme, 1), key=key) as store:
        assert store.position(1, "deleted") == "42"


def test_a_relative_path_means_the_same_file_when_the_process_moves(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    with ConnectorStore.open("sqlite:///store.db") as store:
        (folder / "elsewhere").mkdir()
        monkeypatch.chdir("elsewhere")
        with store.lock("division 1"):
            store.set_position(1, "deleted", "42")
    assert not list((folder / "elsewhere").iterdir())


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("sqlite://", "must outlive the process"),
        ("sqlite:///:memory:", "must outlive the process"),
        ("mysql://user:hunter2@host/db", "cannot be kept in mysql"),
        ("somewhere", "URI cannot be read"),
    ],
)
def test_what_cannot_be_a_store_is_refused_with_what_to_write_instead(uri: str, words: str) -> None:
    with pytest.raises(StoreError, match=words) as caught:
        ConnectorStore.open(uri)
    assert "sqlite:///" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_an_absent_driver_is_told_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreUnavailableError, match=r"install teamleader-exactonline-connector-store\[postgres\]"):
        ConnectorStore.open("postgresql://user:hunter2@127.0.0.1/store")


@pytest.mark.parametrize(
    "uri",
    ["postgresql://user:hunter2@127.0.0.1:1/store", "postgresql://user@127.0.0.1:1/store?password=hunter2"],
)
def test_an_unreachable_server_is_told_in_one_line_without_the_password(uri: str, key: str) -> None:
    with pytest.raises(StoreUnavailableError) as caught:
        ConnectorStore.open(uri, key=key)
    assert "refused" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_left_alone(folder: Path) -> None:
    file = folder / "store.db"
    file.write_text("the holiday pictures of somebody " * 100)
    with pytest.raises(StoreUnavailableError, match="not a database"):
        ConnectorStore.open(f"sqlite:///{file}")
    assert file.read_text() == "the holiday pictures of somebody " * 100


def test_a_folder_that_cannot_be_made_is_told(folder: Path) -> None:
    (folder / "file").touch()
    with pytest.raises(StoreUnavailableError, match="cannot be written"):
        ConnectorStore.open(f"sqlite:///{folder}/file/store.db")


def test_a_failing_database_is_told_without_the_statement_or_its_values(store: ConnectorStore) -> None:
    with store._database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE connector_positions")
    with pytest.raises(StoreUnavailableError) as caught:
        store.set_position(1, "deleted", "a secret value")
    assert "connector_positions" in str(caught.value)
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None
