"""The site of docs/ as `make docs` builds it: every page has its place, and every link leads somewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connector_testing.project import BIN

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PAGES = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")}
TEMPLATES = {page for page in PAGES if page.endswith(".in.md")}
"""Of which generated pages are made."""


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BIN / "zensical", "build", "--strict"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents and the settings of the site."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "docs", folder / "docs")
    shutil.copy(ROOT / "zensical.toml", folder)
    return folder


def in_nav(entries: list[dict[str, Any]]) -> Iterator[str]:
    for entry in entries:
        for value in entry.values():
            yield from [value] if isinstance(value, str) else in_nav(value)


def test_every_page_stands_once_in_the_navigation() -> None:
    nav = list(in_nav(tomllib.loads((ROOT / "zensical.toml").read_text())["project"]["nav"]))
    assert sorted(nav) == sorted(PAGES - TEMPLATES)


def test_the_site_builds_strictly_and_asks_for_nothing_from_elsewhere(copy: Path) -> None:
    built = build(copy)
    assert built.returncode == 0, built.stderr
    site = copy / "build/site"
    assert {str(path.relative_to(site).with_suffix(".md")) for path in site.rglob("*.html")} == PAGES | {"404.md"}
    for page in site.rglob("*.html"):
        loaded = re.findall(r'<(?:script|link|img)[^>]* (?:src|href)="?(https?:[^" >]*)', page.read_text())
        assert not loaded, page


@pytest.mark.parametrize("link", ["nowhere.md", "errors.md#nowhere"])
def test_a_link_that_leads_nowhere_fails_the_build(tmp_path: Path, link: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text(f"# Start\n\n[there]({link})\n")
    (tmp_path / "docs/errors.md").write_text("# Errors\n")
    (tmp_path / "zensical.toml").write_text('[project]\nsite_name = "Test"\n')
    built = build(tmp_path)
    assert built.returncode != 0
    assert "does not exist" in built.stderr
