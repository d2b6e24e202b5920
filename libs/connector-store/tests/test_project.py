"""The store of a project is found from any folder, and only where SQLite is safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from connector_store import ConnectorStore, StoreError, project
from connector_store.project import DEFAULT_URI, project_uri

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _no_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MELTANO_PROJECT_ROOT", raising=False)


def test_a_relative_path_begins_in_the_project_that_meltano_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MELTANO_PROJECT_ROOT", str(tmp_path))
    assert project_uri(DEFAULT_URI) == f"sqlite:///{tmp_path}/data/connector.db"


def test_a_relative_path_begins_in_the_project_around_the_shells_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "meltano.yml").touch()
    (tmp_path / "deep" / "down").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "deep" / "down")
    assert project_uri(DEFAULT_URI) == f"sqlite:///{tmp_path}/data/connector.db"


def test_a_relative_path_outside_of_a_project_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreError, match="belongs to no Meltano project: write an absolute path") as refused:
        project_uri("sqlite:///store.db")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "uri", ["sqlite:////var/lib/store.db", "postgresql://user:word@host/database", "sqlite://", "no uri at all"]
)
def test_what_is_no_relative_path_stays_as_it_is(uri: str) -> None:
    assert project_uri(uri) == uri


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
def test_a_network_drive_is_refused_in_one_line(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = ["/dev/sda1 / ext4 rw 0 0", f"server:/x /mnt/our\\040share {kind} rw 0 0"]
    monkeypatch.setattr(project, "_mounts", lambda: mounts)
    with pytest.raises(StoreError, match="network drive"):
        project_uri("sqlite:////mnt/our share/store.db")
    assert project_uri("sqlite:////mnt/store.db")


def test_a_machine_that_does_not_tell_its_mounts_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "_mounts", list)
    assert project_uri("sqlite:////mnt/store.db")


def test_the_folder_is_made_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MELTANO_PROJECT_ROOT", str(tmp_path))
    ConnectorStore.open(project_uri(DEFAULT_URI)).close()
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
