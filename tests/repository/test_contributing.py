"""CONTRIBUTING.md tells how to add things: its recipes are followed here to the letter, on a copy of the sources."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connector_testing.project import BIN

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
    command = [BIN / sources.name.replace("_", "-"), *arguments]
    ran = subprocess.run(command, env=env, cwd=sources.parent, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def recipe(title: str) -> list[str]:
    """Return the numbered steps of a recipe on the page."""
    steps = PAGE.split(f"**{title}**\n", 1)[1].split("\n\n", 1)[0]
    return re.split(r"^\d\. ", steps, flags=re.MULTILINE)[1:]


def touched(sources: Path) -> set[str]:
    """Return the files of a copy that are not as they are in the house."""
    (original,) = ROOT.glob(f"*/{sources.name}")
    files = [each.relative_to(sources) for each in sources.rglob("*") if each.suffix in {".py", ".json"}]
    return {str(each) for each in files if not _are_equal(original / each, sources / each)}


def _are_equal(one: Path, other: Path) -> bool:
    return one.exists() and one.read_bytes() == other.read_bytes()


def add_stream(tap: Path) -> None:
    with (tap / "streams/changed.py").open("a") as file:
        file.write(
            '\n\nclass Mandates(ChangedStream):\n    """Mandates of direct debit."""\n\n    name = "mandates"\n'
            '    path = "cashflow/DirectDebitMandates"\n'
        )
    edit(tap / "streams/__init__.py", "    Journals,\n", "    Journals,\n    Mandates,\n")
    edit(tap / "streams/__init__.py", "    Journals,\n    VatCodes,\n", "    Journals,\n    Mandates,\n    VatCodes,\n")
    schema = {"type": "object", "properties": {name: {"type": ["string", "null"]} for name in ("ID", "Modified")}}
    (tap / "schemas/mandates.json").write_text(json.dumps(schema))


def add_setting(target: Path) -> None:
    single = '    flag("single_journal"'
    edit(target / "settings.py", single, f'    flag("hold_all", "Hold all", "Nothing is booked for now."),\n{single}')
    rules, mandates = target / "booking/rules.py", "    create_mandates: bool = False\n"
    edit(rules, mandates, f"{mandates}    hold_all: bool = False\n")
    read = '            create_mandates=reader.flag("create_mandates"),\n'
    edit(rules, read, f'{read}            hold_all=reader.flag("hold_all"),\n')
    add_rule(target, "rules.hold_all", "record_invalid")


def add_code(target: Path) -> None:
    vat = '    "vat_code_unmapped": Entry('
    entry = '    "on_hold": Entry("Nothing is booked for now", "Wait until the year is closed."),\n'
    edit(target / "reasons/catalogue.py", vat, f"{entry}{vat}")
    add_rule(target, 'document.get("on_hold")', "on_hold")


def add_rule(target: Path, condition: str, code: str) -> None:
    withheld = '    if document.get("withheld"):\n'
    rule = f'    if {condition}:\n        raise refuse("{code}", "It is on hold")\n'
    edit(target / "booking/entry.py", withheld, f"{rule}{withheld}")


def refused(target: Path, document: dict[str, Any], **settings: Any) -> str:
    """Return the code with which the target whose sources were copied refuses a document."""
    program = (
        "import json, sys\n"
        "from target_exactonline.booking import Rules, compose_entry\n"
        "document, config = json.loads(sys.argv[1])\n"
        "print(json.dumps({'code': compose_entry(document, Rules.from_config(config), None).code}))\n"
    )
    config = {"invoice_journal": "70", "credit_note_journal": "71", **settings}
    env = {**os.environ, "PYTHONPATH": str(target.parent)}
    command = [sys.executable, "-c", program, json.dumps([document, config])]
    ran = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    return str(json.loads(ran.stdout)["code"])


def test_a_stream_of_tap_exactonline_takes_its_three_files(copy: Callable[[str], Path]) -> None:
    tap = copy("tap_exactonline")
    add_stream(tap)
    (found,) = (each for each in ask(tap, "--discover")["streams"] if each["tap_stream_id"] == "mandates")
    assert (found["key_properties"], found["replication_key"]) == (["ID"], "Modified")
    assert touched(tap) == {"streams/changed.py", "streams/__init__.py", "schemas/mandates.json"}
    assert len(recipe("A stream of tap-exactonline")) == 3


def test_a_setting_of_target_exactonline_takes_its_three_files(copy: Callable[[str], Path]) -> None:
    target = copy("target_exactonline")
    add_setting(target)
    assert ask(target, "--about", "--format=json")["settings"]["properties"]["hold_all"]["title"] == "Hold all"
    assert refused(target, {}, hold_all=True) == "record_invalid"
    assert touched(target) == {"settings.py", "booking/rules.py", "booking/entry.py"}
    assert len(recipe("A setting of target-exactonline")) == 3


def test_a_reject_code_takes_its_two_files_and_a_text_per_language(copy: Callable[[str], Path]) -> None:
    target = copy("target_exactonline")
    add_code(target)
    assert refused(target, {"on_hold": True}) == "on_hold"
    assert touched(target) == {"reasons/catalogue.py", "booking/entry.py"}
    assert len(recipe("A reject code")) == 3


@pytest.mark.long
def test_what_is_generated_follows_and_the_house_is_whole_again() -> None:
    """A stream, a setting and a code at once; `make generated`, and the checks that watch over all three."""
    with tempfile.TemporaryDirectory() as folder:
        grow(Path(folder))


def grow(house: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S607
    for name in filter(None, listed.split("\0")):
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, house / name)
    add_stream(house / "tap-exactonline/tap_exactonline")
    add_setting(house / "target-exactonline/target_exactonline")
    add_code(house / "target-exactonline/target_exactonline")
    for language in ("nl", "fr"):
        with (house / f"bridge/bridge/locale/{language}/LC_MESSAGES/bridge.po").open("a") as texts:
            for text in ("Nothing is booked for now", "Wait until the year is closed."):
                texts.write(f'\nmsgid "{text}"\nmsgstr "{language}: {text}"\n')
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(str(each.parent) for each in house.glob("**/pyproject.toml"))}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=house, env=env, capture_output=True, text=True, check=False)

    assert run("scripts/generated.py", "--check").returncode == 1
    assert run("scripts/generated.py").returncode == 0
    assert run("scripts/generated.py", "--check").returncode == 0
    assert "`on_hold`" in (house / "docs/errors.md").read_text()
    assert "`hold_all`" in (house / "target-exactonline/README.md").read_text()
    assert "hold_all" in (house / "plugins/target-exactonline.meltano.yml").read_text()
    assert "mandates" in (house / "docs/reference/streams.md").read_text()
    checked = run("-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/repository/test_languages.py")
    assert checked.returncode == 0, checked.stdout[-3000:]


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
