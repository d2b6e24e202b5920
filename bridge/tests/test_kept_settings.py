"""The settings of a coupling are known without Meltano until something that they come from changes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet

from bridge.project import PLUGINS, Coupling, Project, Told
from bridge.run.kept_settings import VALID, keep, recall
from connector_store import ConnectorStore
from connector_store.columns import utc_now

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from connector_store.testing import PostgresServer

SECRET = "wachtwoord-0001"


class Kept:
    """A project whose settings were told by Meltano once."""

    def __init__(self, folder: Path, uri: str | None = None) -> None:
        self.folder = folder
        self.uri = uri or f"sqlite:///{folder}/connector.db"
        self.database = folder / "meltano.db"
        (folder / "meltano.yml").write_text("version: 1\n", encoding="utf-8")
        self.in_database("CREATE TABLE plugin_settings (name, namespace, value, enabled)")

    def in_database(self, statement: str) -> None:
        with closing(sqlite3.connect(self.database)) as connection:
            connection.execute(statement)
            connection.commit()

    def coupling(self) -> Coupling:
        return Coupling(Project(self.folder, self.folder / "meltano"), None)

    def keep(self, **own: Any) -> bool:
        coupling = self.coupling()
        settings: dict[str, dict[str, Any]] = {plugin: {"store_uri": self.uri, "secret": SECRET} for plugin in PLUGINS}
        settings["target-exactonline"].update(own)
        coupling.__dict__["_told"] = Told(settings, self.database)
        with ConnectorStore.open(self.uri) as store:
            return keep(coupling, store)

    def recalls(self, later: timedelta = timedelta(0)) -> bool:
        coupling = self.coupling()
        store = recall(coupling, utc_now() + later)
        if store is None:
            return False
        with store:
            return coupling.settings("tap-exactonline")["secret"] == SECRET


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    monkeypatch.delenv("MELTANO_SYS_DIR_ROOT", raising=False)
    return Kept(tmp_path)


def test_what_meltano_told_is_known_for_a_day(kept: Kept) -> None:
    assert not kept.recalls()
    assert kept.keep(division=1)
    assert kept.recalls()
    assert not kept.recalls(VALID + timedelta(seconds=1))


def test_only_other_settings_than_before_are_news(kept: Kept) -> None:
    assert kept.keep(division=1, vat_codes={"21%": "1"})
    assert not kept.keep(division=1, vat_codes={"21%": "1"})
    assert kept.keep(division=1, vat_codes={"21%": "2"})


def edits_a_file(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    del monkeypatch
    (kept.folder / "meltano.yml").write_text("version: 1\nplugins: {}\n", encoding="utf-8")


def sets_a_variable(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    del kept
    monkeypatch.setenv("TARGET_EXACTONLINE_JOURNAL", "71")


def sets_it_in_the_database(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    del monkeypatch
    kept.in_database("INSERT INTO plugin_settings VALUES ('journal', 'target-exactonline', '71', 1)")


@pytest.mark.parametrize("change", [edits_a_file, sets_a_variable, sets_it_in_the_database])
def test_whatever_they_come_from_they_are_asked_for_anew_when_it_changes(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, change: Callable[[Kept, pytest.MonkeyPatch], None]
) -> None:
    kept.keep(division=1)
    change(kept, monkeypatch)
    assert not kept.recalls()


def test_no_secret_stands_beside_the_project(kept: Kept) -> None:
    kept.keep(division=1)
    found = [path for path in kept.folder.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert found == []


@pytest.fixture
def two_on_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: PostgresServer) -> tuple[Kept, Kept]:
    """Two projects that share a store on a server."""
    monkeypatch.delenv("MELTANO_SYS_DIR_ROOT", raising=False)
    monkeypatch.setenv("CONNECTOR_STORE_KEY", Fernet.generate_key().decode())
    folders = (tmp_path / "one", tmp_path / "other")
    for folder in folders:
        folder.mkdir()
    uri = postgres.new_database()
    one, other = (Kept(folder, uri) for folder in folders)
    return one, other


def test_a_store_on_a_server_keeps_them_too_and_the_note_names_the_variable_of_its_address(
    two_on_server: tuple[Kept, Kept], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, _ = two_on_server
    monkeypatch.setenv("CONNECTOR_STORE_URI", kept.uri)
    assert kept.keep(division=1)
    assert not kept.keep(division=1)
    assert kept.recalls()
    noted = "".join(path.read_text("utf-8") for path in kept.folder.rglob("*.settings.json"))
    assert "CONNECTOR_STORE_URI" in noted
    assert kept.uri not in noted


def test_the_variable_may_stand_in_the_projects_own_file(two_on_server: tuple[Kept, Kept]) -> None:
    kept, _ = two_on_server
    (kept.folder / ".env").write_text(f"CONNECTOR_STORE_URI='{kept.uri}'\n", encoding="utf-8")
    kept.keep(division=1)
    assert kept.recalls()


def test_where_the_address_comes_from_no_variable_nothing_is_kept(two_on_server: tuple[Kept, Kept]) -> None:
    kept, _ = two_on_server
    assert kept.keep(division=1)
    assert kept.keep(division=1)
    assert not kept.recalls()


def test_projects_that_share_a_store_know_nothing_of_each_others_settings(
    two_on_server: tuple[Kept, Kept], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two_on_server
    monkeypatch.setenv("CONNECTOR_STORE_URI", one.uri)
    one.keep(division=1)
    other.keep(division=2)
    for kept, division in ((one, 1), (other, 2)):
        coupling = kept.coupling()
        store = recall(coupling, utc_now())
        assert store is not None
        with store:
            assert coupling.division == division


def test_another_coupling_that_is_added_changes_nothing(kept: Kept) -> None:
    kept.keep(division=1)
    (kept.folder / "couplings").mkdir()
    (kept.folder / "couplings" / "other.meltano.yml").write_text("plugins: {}\n", encoding="utf-8")
    assert kept.recalls()
