"""Every test that takes `uri` or `store` runs on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet

from connector_store import ConnectorStore
from connector_store.encryption import KEY_VARIABLE
from connector_store.testing import PostgresServer, memory_folder
from connector_testing.store_children import Child

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DATABASES = ("sqlite", "postgresql")


@pytest.fixture
def key(monkeypatch: pytest.MonkeyPatch) -> str:
    value = Fernet.generate_key().decode()
    monkeypatch.setenv(KEY_VARIABLE, value)
    return value


@pytest.fixture
def folder() -> Iterator[Path]:
    """Like tmp_path, but quick: every commit is synced."""
    with tempfile.TemporaryDirectory(prefix="store-", dir=memory_folder()) as name:
        yield Path(name)


@pytest.fixture
def postgres_uri(postgres: PostgresServer) -> Iterator[str]:
    """An empty database of PostgreSQL."""
    uri = postgres.new_database()
    yield uri
    postgres.drop_database(uri)


@pytest.fixture(params=DATABASES)
def uri(request: pytest.FixtureRequest, folder: Path, key: str) -> str:
    """A database in which no store was made yet; its key is in the environment."""
    assert key
    if request.param == "sqlite":
        return f"sqlite:///{folder}/deep/store.db"
    empty: str = request.getfixturevalue("postgres_uri")
    return empty


@pytest.fixture
def store(uri: str) -> Iterator[ConnectorStore]:
    with ConnectorStore.open(uri) as opened:
        yield opened


@pytest.fixture
def start() -> Iterator[Callable[..., Child]]:
    """Start a function of store_children in a process of its own; none outlives the test."""
    children: list[Child] = []

    def begin(function: Callable[..., None], uri: str, argument: str = "") -> Child:
        children.append(Child(function, uri, argument))
        return children[-1]

    yield begin
    for child in children:
        child.kill()
