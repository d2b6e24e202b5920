"""CONTRIBUTING.md tells how to add things: its recipes are followed here to the letter, on a copy of the sources."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "CONTRIBUTING.md").read_text()
PLACES = {"tests/test_catalog.py", "streams/reference.py"}
"""Named on the page as standing in either of two packages."""


@pytest.fixture
def copy(tmp_path: Path) -> Callable[[str], Path]:
    """Copy the sources of a plugin; `ask` finds them before the installed ones."""

    def copied(package: str) -> Path:
        (found,) = ROOT.glob(f"*/{package}")
        return Path(shutil.copytree(found, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")))

    return copied


def ask(sources: Path, *arguments: str) -> dict[str, Any]:
    """Run the plugin whose sources were copied and read what it prints."""
    env = {**os.environ, "PYTHONPATH": str(sources.parent)}
    command = [sys.executable, "-m", sources.name, *arguments]
    ran = subprocess.run(command, env=env, cwd=sources.parent, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_stream_of_tap_exactonline_takes_its_three_files(copy: Callable[[str], Path]) -> None:
    tap = copy("tap_exactonline")
    with (tap / "streams/changed.py").open("a") as file:
        file.write(
            '\n\nclass Mandates(ChangedStream):\n    name = "mandates"\n    path = "cashflow/DirectDebitMandates"\n'
        )
    edit(tap / "streams/__init__.py", "    Journals,\n", "    Journals,\n    Mandates,\n")
    edit(tap / "streams/__init__.py", "    Journals,\n    VatCodes,\n", "    Journals,\n    Mandates,\n    VatCodes,\n")
    schema = {"type": "object", "properties": {name: {"type": ["string", "null"]} for name in ("ID", "Modified")}}
    (tap / "schemas/mandates.json").write_text(json.dumps(schema))
    (found,) = (each for each in ask(tap, "--discover")["streams"] if each["tap_stream_id"] == "mandates")
    assert (found["key_properties"], found["replication_key"]) == (["ID"], "Modified")


def test_every_path_that_the_pages_name_exists() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    missing = []
    for page in pages:
        text = page.read_text()
        links = [page.parent / link for link in re.findall(r"\]\((?!https?:)([^)#]+)", text)]
        named = [ROOT / path for path in re.findall(r"`([\w.-]+/[\w./-]*)`", text) if _is_of_the_house(path)]
        missing += [f"{page.name}: {path.relative_to(ROOT)}" for path in (*links, *named) if not path.exists()]
    assert not missing


def _is_of_the_house(path: str) -> bool:
    return path[0] != "." and path not in PLACES and (ROOT / path.split("/", maxsplit=1)[0]).is_dir()


def test_every_folder_at_the_top_is_on_the_map() -> None:
    packages = {str(each.parent.relative_to(ROOT)) for each in ROOT.glob("*/pyproject.toml")}
    packages |= {str(each.parent.relative_to(ROOT)) for each in ROOT.glob("libs/*/pyproject.toml")}
    assert {each for each in packages if f"`{each}/`" not in PAGE} == set()
