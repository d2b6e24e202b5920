"""A project of one's own, and couplings in it, as Meltano reads them."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from bridge.cli import main
from bridge.project import Project
from bridge.setup.creating import add_coupling, init
from bridge.setup.project_files import coupling_file, product
from connector_testing.project import BIN, ROOT

if TYPE_CHECKING:
    from pathlib import Path

HIDDEN = "hidden-word"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in which nothing is changed."""
    folder = tmp_path_factory.mktemp("projects") / "office"
    init(folder)
    return folder


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    init(tmp_path / "office")
    monkeypatch.chdir(tmp_path / "office")
    monkeypatch.delenv("MELTANO_ENVIRONMENT", raising=False)
    return Project.find()


def meltano(folder: Path, *arguments: str, **variables: str) -> str:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MELTANO")}
    ran = subprocess.run(
        [BIN / "meltano", *arguments], cwd=folder, env={**env, **variables}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_a_project_is_thin_and_its_secrets_are_for_its_owner_alone(folder: Path) -> None:
    assert len((folder / "meltano.yml").read_text("utf-8").splitlines()) < 50
    assert (folder / ".env").stat().st_mode & 0o777 == 0o600
    ignored = (folder / ".gitignore").read_text("utf-8").splitlines()
    assert {".env", ".meltano/", "data/"} <= set(ignored)
    assert (folder / "data").is_dir()
    meltano(folder, "compile", "--lint")
    for job in ("documents", "payments"):
        assert f"job: {job}\n" in (folder / "meltano.yml").read_text("utf-8")


def test_what_is_remembered_is_for_its_owner_alone_from_the_first_day(folder: Path) -> None:
    assert (folder / "data").stat().st_mode & 0o777 == 0o700


def test_the_plugins_are_pinned_to_the_clone(folder: Path) -> None:
    text = (folder / "plugins" / "tap-teamleader.meltano.yml").read_text("utf-8").replace("\n", " ")
    assert f"{ROOT}/constraints.txt" in text
    assert f"{ROOT}/tap-teamleader" in text


@pytest.fixture(scope="module")
def of_several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a coupling of a name, and everything secret in its `.env`."""
    folder = tmp_path_factory.mktemp("several") / "office"
    init(folder)
    own = {"tap-teamleader": {"department_id": "north"}, "target-exactonline": {"division": 2}}
    (folder / "couplings" / "north.meltano.yml").write_text(json.dumps(coupling_file("north", own)), encoding="utf-8")
    secrets = [
        f"{service}_{name}={HIDDEN}"
        for service in ("TEAMLEADER", "EXACT")
        for name in ("CLIENT_SECRET", "REFRESH_TOKEN")
    ]
    store = f"CONNECTOR_STORE_URI=postgresql://app:{HIDDEN}@db.example/connector"
    (folder / ".env").write_text("\n".join([*secrets, store]), encoding="utf-8")
    return folder


LISTED = [
    *(each["name"] for known in product().values() for each in known["definitions"]),
    "tap-teamleader--north",
    "target-exactonline--north",
]


@pytest.mark.parametrize("plugin", LISTED)
def test_the_list_of_a_plugins_settings_shows_no_secret_and_nothing_unsupported(of_several: Path, plugin: str) -> None:
    shown = meltano(of_several, "config", "list", plugin)
    everything = meltano(of_several, "--environment=prod", "config", "list", plugin, "--all")
    assert HIDDEN not in shown + everything
    assert "unsupported" not in shown + everything
    if plugin == "teamleader-exactonline-mappers":
        assert shown == everything == ""
        return
    assert shown.startswith("Required settings: ")
    required = re.search(r"^Required:\n(.*?)\n\n", shown, re.MULTILINE | re.DOTALL)
    assert required is not None
    assert "division" in required[1] or "teamleader" in plugin
    assert re.search(r"^store_uri .*\(redacted\)", everything, re.MULTILINE)


def test_nothing_is_written_to_a_service_until_the_set_up_is_proven(project: Project) -> None:
    coupling = project.coupling()
    for target in ("target-exactonline", "target-teamleader"):
        assert coupling.settings(target)["dry_run"] is True
    coupling.write("target-exactonline", {"dry_run": False})
    assert coupling.reread().settings("target-exactonline")["dry_run"] is False
    assert coupling.reread().settings("target-teamleader")["dry_run"] is True


def test_an_upgrade_renews_the_products_part_and_leaves_a_persons_alone(project: Project) -> None:
    project.coupling().write("target-exactonline", {"invoice_journal": "70"})
    project.keep_variables({"EXACT_DIVISION": "123456"})
    yours = {name: (project.folder / name).read_bytes() for name in ("meltano.yml", ".env")}
    definition = project.folder / "plugins" / "bridge.meltano.yml"
    definition.write_text("plugins: {}\n", encoding="utf-8")
    # Given no environment, Meltano keeps a setting beside the definition of its plugin.
    meltano(project.folder, "config", "set", "target-exactonline", "default_gl_account", "700000")

    result = CliRunner().invoke(main, ["init", str(project.folder), "--no-install"])

    assert "is brought up to this version" in result.output
    assert "executable: bridge" in definition.read_text("utf-8")
    assert {name: (project.folder / name).read_bytes() for name in yours} == yours
    assert project.coupling().settings("target-exactonline")["default_gl_account"] == "700000"


def test_a_setting_by_hand_counts_before_the_one_that_was_proposed(project: Project) -> None:
    project.coupling().write("target-exactonline", {"invoice_journal": "70"})
    (shown,) = re.findall(r"^meltano (.+)$", (ROOT / "docs/howto/consultant.md").read_text("utf-8"), re.MULTILINE)
    *words, _, _ = shown.split()
    meltano(project.folder, *words, "invoice_journal", "72")
    assert project.coupling().settings("target-exactonline")["invoice_journal"] == "72"


def test_a_folder_that_holds_something_else_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear", encoding="utf-8")
    result = CliRunner().invoke(main, ["init", str(tmp_path), "--no-install"])
    assert result.exit_code == 1
    assert "is not empty: name a new folder" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
    (tmp_path / "meltano.yml").write_text("plugins: {}\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["init", str(tmp_path), "--no-install"])
    assert "holds another Meltano project" in result.stderr


@pytest.mark.parametrize(
    ("place", "told"),
    [("git+https://git.example/connector.git", "names no version"), ("/", "neither a clone of this product nor")],
)
def test_a_place_without_plugins_is_told_in_a_line(tmp_path: Path, place: str, told: str) -> None:
    result = CliRunner().invoke(main, ["init", str(tmp_path / "office"), "--no-install", "--from", place])
    assert result.exit_code == 1
    assert told in result.stderr


def test_a_git_address_is_pinned_by_its_tag_and_wheels_by_their_hashes(tmp_path: Path) -> None:
    init(tmp_path / "git", "git+https://git.example/connector.git@v1.0.0")
    text = (tmp_path / "git" / "plugins" / "teamleader-exactonline-mappers.meltano.yml").read_text("utf-8")
    assert "mappers@git+https://git.example/connector.git@v1.0.0#subdirectory=mappers" in text
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "tap-teamleader.txt").touch()
    init(tmp_path / "wheels", str(tmp_path / "dist"))
    text = (tmp_path / "wheels" / "plugins" / "tap-teamleader.meltano.yml").read_text("utf-8")
    assert "--require-hashes" in text
    assert f"{tmp_path}/dist/tap-teamleader.txt" in text.replace("\n", " ")


def test_a_coupling_is_one_file_and_inherits_all_but_what_is_its_own(project: Project) -> None:
    project.keep_variables(
        {"TEAMLEADER_DEPARTMENT_ID": "south", "EXACT_DIVISION": "1", "EXACT_CLIENT_ID": "app"},
    )
    project.coupling().write("target-exactonline", {"invoice_journal": "70", "vat_codes": {"21%": "21"}})
    files = {path for path in project.folder.rglob("*") if path.is_file()}

    north = add_coupling(project, "north", department_id="north", division=2, journals=("70", None))

    (added,) = {path for path in project.folder.rglob("*") if path.is_file()} - files
    assert added == project.folder / "couplings" / "north.meltano.yml"
    assert (north.settings("tap-teamleader")["department_id"], north.division) == ("north", 2)
    assert north.settings("target-exactonline")["vat_codes"] == {"21%": "21"}
    assert north.settings("target-exactonline")["client_id"] == "app"
    assert north.settings("target-teamleader")["department_id"] == "north"
    assert north.settings("target-exactonline")["department_id"] == "north"
    assert project.coupling().settings("target-exactonline")["department_id"] == "south"
    assert project.coupling().division == 1
    meltano(project.folder, "compile", "--lint")
    text = added.read_text("utf-8")
    assert "tap-teamleader--north teamleader-to-exactonline target-exactonline--north" in text
    assert "job: documents-north" in text


def test_meltano_is_started_once_to_read_every_coupling(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.keep_variables({"TEAMLEADER_DEPARTMENT_ID": "south", "EXACT_DIVISION": "1"})
    for number, name in enumerate(("east", "north"), start=2):
        add_coupling(project, name, department_id=name, division=number, journals=(None, None))
    asked: list[list[str]] = []
    read = Project.read
    monkeypatch.setattr(Project, "read", lambda self, plugins: asked.append(plugins) or read(self, plugins))
    found = [(each.name, each.division, each.settings("bridge")["division"]) for each in project.couplings_read()]
    assert found == [(None, 1, 1), ("east", 2, 2), ("north", 3, 3)]
    assert len(asked) == 1


@pytest.fixture(scope="module")
def of_one(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose own coupling books a department in journal 70 of an administration."""
    folder = tmp_path_factory.mktemp("one") / "office"
    init(folder)
    project = Project(folder, BIN / "meltano")
    project.keep_variables({"TEAMLEADER_DEPARTMENT_ID": "south", "EXACT_DIVISION": "1"})
    project.coupling().write("target-exactonline", {"invoice_journal": "70"})
    return project


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["north", "--department", "south", "--division", "2"], "That department is booked in 1 already"),
        (
            ["north", "--department", "north", "--division", "1", "--invoice-journal", "70"],
            "Journal 70 of 1 is that of the coupling",
        ),
        (["Noord", "--department", "north", "--division", "2"], "cannot be the name of a coupling"),
        (["select", "--department", "north", "--division", "2"], "cannot be the name of a coupling"),
    ],
)
def test_what_would_mix_two_departments_is_refused(
    of_one: Project, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.chdir(of_one.folder)
    monkeypatch.delenv("MELTANO_ENVIRONMENT", raising=False)
    result = CliRunner().invoke(main, ["add-coupling", *arguments])
    assert result.exit_code == 1
    assert told in result.stderr
    assert of_one.couplings == []
