"""The Meltano project and what is around it: read by hand, harmless by default, and free of what belongs elsewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from importlib.metadata import distributions
from pathlib import Path

from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
HOST = re.compile(r"pypi\.org|pythonhosted|(?:extra-)?index-url\s*=|devpi|artifactory|/simple/?[\"'\s]")


def test_the_project_is_short_enough_to_be_read() -> None:
    assert len((ROOT / "meltano.yml").read_text("utf-8").splitlines()) < 150


def lines_of(pattern: str) -> dict[str, int]:
    """Return how many lines each source of a package has."""
    found = (path for each in projects() for path in each.parent.glob(pattern) if "tests" not in path.parts)
    return {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in found}


def test_a_tap_a_target_and_every_module_hold_only_what_is_theirs() -> None:
    assert len(lines_of("tap_*/tap.py")) == len(lines_of("target_*/target.py")) == 2
    assert {path: lines for path, lines in lines_of("tap_*/tap.py").items() if lines > 60} == {}
    assert {path: lines for path, lines in lines_of("target_*/target.py").items() if lines > 100} == {}
    assert {path: lines for path, lines in lines_of("*/**/*.py").items() if lines > 400} == {}


def test_a_run_that_names_no_environment_has_no_address_of_the_sandbox() -> None:
    project = YAML(typ="safe").load((ROOT / "meltano.yml").read_text("utf-8"))
    prod = next(each for each in project["environments"] if each["name"] == project["default_environment"])
    assert prod == {"name": "prod"}


def test_no_registry_is_named() -> None:
    named = {path.name: HOST.findall(path.read_text("utf-8")) for path in (ROOT / "constraints.txt", ROOT / "Makefile")}
    checked = [ROOT / "pyproject.toml", *projects()]
    named |= {str(path): HOST.findall(path.read_text("utf-8")) for path in checked}
    assert len(checked) > 10
    assert [path for path, found in named.items() if found] == []
    assert not (ROOT / "uv.lock").exists(), "it names the registry that it was made with"


def test_make_clean_leaves_the_data_alone(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    kept = [tmp_path / "data" / "connector.db", tmp_path / "output" / "invoices.jsonl", tmp_path / ".env"]
    gone = [tmp_path / ".venv" / "bin" / "python", tmp_path / ".meltano" / "meltano.db", tmp_path / "dist" / "a.whl"]
    for path in kept + gone:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()

    subprocess.run(["make", "clean"], cwd=tmp_path, check=True, capture_output=True)  # noqa: S607 - the user's make

    assert all(path.exists() for path in kept)
    assert not any(path.exists() for path in gone)


def test_nothing_is_installed_that_is_not_locked() -> None:
    locked = dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE))
    others = {
        canonicalize_name(found.name): found.version
        for found in distributions()
        if not found.name.startswith("teamleader-exactonline") and found.name not in {"pip", "setuptools"}
    }
    assert len(others) > 50
    assert [name for name, version in others.items() if locked.get(name) != version] == []


def projects() -> list[Path]:
    return [*ROOT.glob("*/pyproject.toml"), *ROOT.glob("libs/*/pyproject.toml")]


def test_every_package_has_our_prefix_one_version_and_every_python_that_the_workflow_checks() -> None:
    workflow = YAML(typ="safe").load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
    pythons = workflow["jobs"]["checks"]["strategy"]["matrix"]["python"]
    own = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for path in projects():
        project = tomllib.loads(path.read_text("utf-8"))["project"]
        declared = [name.rpartition(" ")[2] for name in project["classifiers"] if ":: 3." in name]
        assert project["name"] == f"teamleader-exactonline-{path.parent.name}"
        assert (project["version"], project["requires-python"]) == (own["version"], f">={pythons[0]}")
        assert declared == pythons


def test_a_release_names_targets_and_files_that_are_there() -> None:
    text = (ROOT / "docs" / "releasing.md").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = re.findall(r"`make ([\w-]+)`", text)
    assert "wheels" in targets
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []
    for plugin in re.findall(r"`((?:tap|target|teamleader-exactonline)-[\w-]+|bridge)`", text):
        assert (ROOT / "plugins" / "definitions" / f"{plugin}.yml").is_file()
