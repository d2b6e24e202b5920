"""Another key for a store, whenever the process dies meanwhile."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

import pytest

from connector_store import ConnectorStore, StoreKeyError, rekey
from connector_store.encryption import KEY_VARIABLE, key_file

if TYPE_CHECKING:
    from pathlib import Path

SECRET = {"name": "An Peeters"}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    path = tmp_path / "connector.db"
    with ConnectorStore.open(f"sqlite:///{path}") as store:
        store.customers(1).put_many({"a": SECRET})
    return path


def kept(path: Path) -> object:
    with ConnectorStore.open(f"sqlite:///{path}") as store:
        assert store.has_its_key
        return store.customers(1).get("a")


@pytest.mark.parametrize("step", ["_seal_anew", "take_new_key_file"])
def test_a_rotation_that_was_cut_off_is_finished_or_taken_back_by_the_next_opening(
    file: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with ConnectorStore.open(f"sqlite:///{file}") as store, monkeypatch.context() as cut:
        cut.setattr(rekey, step, dies)
        with pytest.raises(KeyboardInterrupt):
            store.rotate_key()
    assert kept(file) == SECRET
    assert [each.name for each in file.parent.glob("*.key*")] == [key_file(file).name]


def test_who_has_the_store_open_goes_on_with_the_new_key(file: Path) -> None:
    with ConnectorStore.open(f"sqlite:///{file}") as at_work, ConnectorStore.open(f"sqlite:///{file}") as store:
        store.rotate_key()
        vault = at_work.tokens("exact", "app")
        with vault.exclusive() as slot:
            now = datetime.now(timezone.utc)
            slot.save(access_token="a", refresh_token="r", expires_at=now, obtained_at=now, seed="s")
    with ConnectorStore.open(f"sqlite:///{file}") as store:
        token = store.tokens("exact", "app").read()
        assert token is not None
        assert token.refresh_token == "r"


def test_a_key_of_the_environment_is_given_not_made(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_VARIABLE, key_file(file).read_text())
    key_file(file).unlink()
    with ConnectorStore.open(f"sqlite:///{file}") as store:
        with pytest.raises(StoreKeyError, match="CONNECTOR_STORE_NEW_KEY"):
            store.rotate_key()
        new = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
        assert store.rotate_key(new) > 0
    monkeypatch.setenv(KEY_VARIABLE, new)
    assert kept(file) == SECRET
