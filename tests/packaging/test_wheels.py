"""What is handed out works alone: each program from its wheels, in a foreign Meltano project, and in one of a user."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

if TYPE_CHECKING:
    from sandbox.testing import SandboxProcess

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PROGRAMS = {
    "tap-teamleader": "tap-teamleader",
    "tap-exactonline": "tap-exactonline",
    "target-exactonline": "target-exactonline",
    "target-teamleader": "target-teamleader",
    "mappers": "teamleader-exactonline-mappers",
    "bridge": "bridge",
}
"""Folder -> the program that it installs."""
ALONE = {name: value for name, value in os.environ.items() if not name.startswith(("MELTANO_", "TAP_", "TARGET_"))}

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("wheels")]


def run(*command: Any, env: dict[str, str] | None = None, **options: Any) -> str:
    ran = subprocess.run(
        [str(part) for part in command], env=env or ALONE, capture_output=True, text=True, check=False, **options
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels") / "dist"
    run("make", "wheels", f"DIST={folder}", cwd=ROOT)
    return folder


def installed(folder: Path, *what: Any) -> Path:
    """Install in a fresh environment; return where its programs are."""
    run(BIN / "uv", "venv", "--quiet", "--python", sys.executable, folder)
    run(BIN / "uv", "pip", "install", "--quiet", "--python", folder / "bin" / "python", *what)
    return folder / "bin"


def alone(folder: Path, wheelhouse: Path, program: str) -> Path:
    listed = wheelhouse / f"{program}.txt"
    return installed(folder, "--no-deps", "--require-hashes", "--find-links", wheelhouse, "--requirement", listed)


def test_every_wheel_carries_the_licence(wheelhouse: Path) -> None:
    licence = (ROOT / "LICENSE").read_bytes()
    wheels = list(wheelhouse.glob("*.whl"))
    assert len(wheels) == len([*ROOT.glob("*/pyproject.toml"), *ROOT.glob("libs/*/pyproject.toml")])
    for path in wheels:
        assert path.name.startswith("teamleader_exactonline_")
        with zipfile.ZipFile(path) as wheel:
            (name,) = [each for each in wheel.namelist() if each.endswith(".dist-info/licenses/LICENSE")]
            assert wheel.read(name) == licence


@pytest.mark.parametrize("folder", PROGRAMS)
def test_a_program_runs_from_its_wheels_alone(wheelhouse: Path, tmp_path: Path, folder: str) -> None:
    programs = alone(tmp_path / "venv", wheelhouse, folder)

    run(BIN / "uv", "pip", "check", "--python", programs / "python")
    said = run(programs / PROGRAMS[folder], *(["--help"] if folder == "bridge" else ["--about", "--format=json"]))
    assert "Usage: bridge" in said if folder == "bridge" else json.loads(said)["version"] != "[could not be detected]"


def test_a_package_of_our_name_from_elsewhere_is_refused(wheelhouse: Path, tmp_path: Path) -> None:
    listed = (wheelhouse / "mappers.txt").read_text("utf-8")
    before, _, after = listed.partition("teamleader-exactonline-mappers==")
    other = tmp_path / "mappers.txt"
    other.write_text(f"{before}teamleader-exactonline-mappers=={after.replace('sha256:', 'sha256:0000', 1)[:-5]}\n")

    with pytest.raises(AssertionError, match=r"(?i)hash"):
        installed(tmp_path / "venv", "--no-deps", "--require-hashes", "--find-links", wheelhouse, "-r", other)


def test_the_tap_feeds_a_foreign_target_without_meltano(wheelhouse: Path, tmp_path: Path, small: Any) -> None:
    sandbox: SandboxProcess = small.sandbox
    tap = alone(tmp_path / "tap", wheelhouse, "tap-teamleader")
    target = installed(tmp_path / "target", "target-jsonl==0.1.4")
    (tmp_path / "target.json").write_text(json.dumps({"destination_path": str(tmp_path), "do_timestamp_file": False}))
    env = {**ALONE, **sandbox.env(), "TAP_TEAMLEADER_STORE_URI": f"sqlite:///{tmp_path}/connector.db"}
    env["TAP_TEAMLEADER_START_DATE"] = "all"

    piped = f"{tap}/tap-teamleader --config=ENV | {target}/target-jsonl --config {tmp_path}/target.json"
    run("bash", "-o", "pipefail", "-c", piped, env=env, cwd=tmp_path)

    lines = (tmp_path / "invoices.jsonl").read_text("utf-8").splitlines()
    booked = {each["number"] for each in sandbox.teamleader_documents() if each["kind"] == "invoice"}
    assert {json.loads(line)["invoice_number"] for line in lines} == booked


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty Meltano project."""
    folder = tmp_path_factory.mktemp("elsewhere")
    YAML().dump({"version": 1, "send_anonymous_usage_stats": False, "project_id": "elsewhere"}, folder / "meltano.yml")
    return folder


@pytest.mark.parametrize("folder", PROGRAMS)
def test_another_meltano_project_adds_a_plugin_by_its_definition(
    wheelhouse: Path, elsewhere: Path, folder: str
) -> None:
    definition = ROOT / "plugins" / "definitions" / f"{PROGRAMS[folder]}.yml"
    env = {**ALONE, "UV_FIND_LINKS": str(wheelhouse), "UV_CONSTRAINT": str(ROOT / "constraints.txt")}
    name = PROGRAMS[folder]

    run(BIN / "meltano", "add", name, "--from-ref", definition, cwd=elsewhere, env=env)
    asked = ["--help"] if folder == "bridge" else ["--about"]
    said = run(BIN / "meltano", "invoke", name, *asked, cwd=elsewhere, env=env)

    assert name in said


def booked(project: Path, meltano: Path, sandbox: SandboxProcess) -> set[str]:
    """Run the documents of a project; return the numbers of the entries that stand in Exact afterwards."""
    settings = {"TARGET_EXACTONLINE_DRY_RUN": "false", "TAP_TEAMLEADER_START_DATE": "all"}
    env = {**ALONE, **sandbox.production_env(), **settings}
    run(meltano, "run", "--no-install", "documents", cwd=project, env=env)
    return {each["number"] for each in sandbox.exact_entries()}


def test_a_project_of_ones_own_is_made_from_the_wheels_and_books(wheelhouse: Path, tmp_path: Path, small: Any) -> None:
    tool = alone(tmp_path / "tool", wheelhouse, "bridge")
    # As docs/releasing.md says it.
    run(BIN / "uv", "pip", "install", "--quiet", "--python", tool / "python", "meltano>=4.4,<5")

    said = run(tool / "bridge", "init", tmp_path / "office", "--from", wheelhouse)

    assert "is ready; nothing is written to either service yet" in said
    assert booked(tmp_path / "office", tool / "meltano", small.sandbox) == {
        each["number"] for each in small.sandbox.teamleader_documents()
    }


def test_a_project_of_ones_own_is_made_from_a_git_address_and_books(tmp_path: Path, small: Any) -> None:
    remote = tmp_path / "connector.git"
    run("git", "clone", "--quiet", "--bare", ROOT, remote)
    run("git", "tag", "v0.0.1", cwd=remote)

    said = run(BIN / "bridge", "init", tmp_path / "office", "--from", f"git+file://{remote}@v0.0.1")

    assert "is ready; nothing is written to either service yet" in said
    assert booked(tmp_path / "office", BIN / "meltano", small.sandbox) == {
        each["number"] for each in small.sandbox.teamleader_documents()
    }
    # A store in production is PostgreSQL's.
    python = tmp_path / "office/.meltano/loaders/target-exactonline/venv/bin/python"
    run(python, "-c", "import psycopg")
