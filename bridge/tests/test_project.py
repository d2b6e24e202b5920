"""The tool finds its project and has the settings that Meltano has, each value given once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bridge.errors import Refused
from bridge.project import EXACT_PLUGINS, TEAMLEADER_PLUGINS, Project
from bridge.services import exact, opened, teamleader

if TYPE_CHECKING:
    from pathlib import Path

NORTH = """\
plugins:
  extractors:
  - name: tap-teamleader--north
    inherit_from: tap-teamleader
    config:
      department_id: north
  loaders:
  - name: target-exactonline--north
    inherit_from: target-exactonline
    config:
      division: 2
"""
ONCE = {
    "TEAMLEADER_CLIENT_ID": "one",
    "TEAMLEADER_CLIENT_SECRET": "two",
    "TEAMLEADER_REFRESH_TOKEN": "three",
    "TEAMLEADER_DEPARTMENT_ID": "south",
    "EXACT_CLIENT_ID": "five",
    "EXACT_CLIENT_SECRET": "six",
    "EXACT_REFRESH_TOKEN": "seven",
    "EXACT_API_URL": "https://start.exactonline.nl",
    "EXACT_DIVISION": "1",
}


@pytest.fixture
def project(fresh_project: Path) -> Project:
    (fresh_project / "couplings").mkdir()
    (fresh_project / "couplings" / "north.meltano.yml").write_text(NORTH, encoding="utf-8")
    return Project.find()


def test_a_value_that_is_given_once_reaches_every_plugin(project: Project) -> None:
    project.keep_variables({**ONCE, "CONNECTOR_STORE_URI": f"sqlite:///{project.folder}/store.db"})

    coupling = project.coupling()

    assert (project.folder / ".env").stat().st_mode & 0o777 == 0o600
    for plugin in TEAMLEADER_PLUGINS:
        settings = coupling.settings(plugin)
        names = ["client_id", "client_secret", "refresh_token", "department_id"]
        assert [settings[name] for name in names] == ["one", "two", "three", "south"]
    for plugin in EXACT_PLUGINS:
        settings = coupling.settings(plugin)
        names = ["client_id", "client_secret", "refresh_token", "api_url", "division"]
        assert [settings[name] for name in names] == ["five", "six", "seven", "https://start.exactonline.nl", 1]
    settings = coupling.settings("bridge")
    assert (settings["store_uri"], settings["division"]) == (coupling.store_uri, 1)
    with opened(coupling) as store:
        assert store.name == f"sqlite:///{project.folder}/store.db"
        assert teamleader(coupling, store, read_only=True).calls == exact(coupling, store, read_only=True).calls == 0


def test_a_plugins_own_name_and_a_couplings_own_file_come_before_what_is_given_once(project: Project) -> None:
    project.keep_variables({**ONCE, "TARGET_EXACTONLINE_CLIENT_ID": "own"})

    south, north = project.all_couplings()

    assert south.settings("target-exactonline")["client_id"] == "own"
    assert south.settings("tap-exactonline")["client_id"] == "five"
    assert (south.division, north.division) == (1, 2)
    assert north.settings("target-exactonline")["client_id"] == "own"
    assert north.settings("tap-teamleader")["department_id"] == "north"


def test_settings_are_written_where_meltano_reads_them_and_a_couplings_into_its_own_file(project: Project) -> None:
    south, north = project.all_couplings()

    south.write("target-exactonline", {"vat_codes": {"21%": "21"}, "dry_run": True})
    north.write("target-exactonline", {"vat_codes": {"21%": "V21"}})

    again = [coupling.settings("target-exactonline") for coupling in project.all_couplings()[:1]]
    assert [(each["vat_codes"], each["dry_run"]) for each in again] == [({"21%": "21"}, True)]
    assert "V21" in (project.folder / "couplings" / "north.meltano.yml").read_text("utf-8")
    assert "V21" not in (project.folder / "meltano.yml").read_text("utf-8")


def test_a_folder_without_a_project_and_a_coupling_that_is_not_there_are_told_in_a_line(
    project: Project, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused, match=r"no coupling west: there is north; add it with: bridge add-coupling west"):
        project.coupling("west")
    with pytest.raises(Refused, match=r"EXACT_CLIENT_ID and EXACT_CLIENT_SECRET are not set: bridge login exact"):
        exact(project.coupling(), None)  # type: ignore[arg-type] # what is missing is told before a store is needed
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(Refused, match=r"belongs to no Meltano project.*bridge init FOLDER"):
        Project.find()


def test_a_project_that_meltano_cannot_read_is_told_in_a_line(project: Project) -> None:
    (project.folder / "meltano.yml").write_text("environments: [\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"^Meltano cannot use the project in [^\n]+$"):
        _ = project.coupling().division
