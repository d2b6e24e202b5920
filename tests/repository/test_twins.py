"""No code stands in two packages: scripts/twins.py finds what is written twice, whatever its names."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

ONE = '''"""How a pause grows."""

import random


def pause(times: int, most: float) -> float:
    """Return the seconds to wait."""
    wait = 2.0**times
    if wait > most:
        wait = most
    # spread
    wait *= random.uniform(0.5, 1)
    return max(wait, 0.25)
'''
OTHER_NAMES = """from random import uniform


def delay(count: int, limit: float) -> float:
    result = 3.0**count

    if result > limit:
        result = limit
    result *= random.uniform(0.1, 9)
    return max(result, 7)
"""
OTHER_LOGIC = OTHER_NAMES.replace("result = limit", "result = count")
FIELDS = "class {name}:\n" + "".join(f"    {{name}}_{place}: int\n" for place in range(9))


DECLARATIONS = """from dataclasses import dataclass
from enum import Enum


class {state}(Enum):
    {open} = "{open}"
    {shut} = "{shut}"


@dataclass(frozen=True)
class {door}:
    {width}: int
    {state}_of: {state}


class {house}:
    def __init__(self, {door}s: list[{door}], *, {width}: int) -> None:
        self._{door}s = {door}s
        self._{width} = {width}
"""
NAMES = ("state", "open", "shut", "door", "width", "house")


def twins(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts/twins.py"), str(root)]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def write(root: Path, path: str, text: str) -> None:
    project = root / path.split("/", maxsplit=1)[0]
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (project / "pyproject.toml").touch()
    (root / path).write_text(text)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts/twins.txt").touch()
    write(tmp_path, "one/one.py", ONE)
    return tmp_path


def test_no_code_of_this_house_stands_in_two_packages() -> None:
    ran = twins(ROOT)
    assert (ran.returncode, ran.stdout) == (0, "")


@pytest.mark.parametrize("copy", [ONE, OTHER_NAMES])
def test_a_copy_is_found_with_other_names_and_numbers_too(house: Path, copy: str) -> None:
    write(house, "other/other.py", copy)
    ran = twins(house)
    assert ran.returncode == 1
    assert "one/one.py:6-13 stands again in other/other.py" in ran.stdout


def test_code_of_another_logic_is_no_copy(house: Path) -> None:
    write(house, "other/other.py", OTHER_LOGIC)
    assert twins(house).returncode == 0


def test_within_a_package_and_in_tests_code_may_repeat(house: Path) -> None:
    write(house, "one/again.py", ONE)
    write(house, "other/tests/other.py", ONE)
    assert twins(house).returncode == 0


def test_lists_of_fields_are_copies_only_when_equal(house: Path) -> None:
    write(house, "one/fields.py", FIELDS.format(name="one"))
    write(house, "other/fields.py", FIELDS.format(name="other"))
    assert twins(house).returncode == 0
    write(house, "other/fields.py", FIELDS.format(name="one"))
    assert twins(house).returncode == 1


def test_declarations_are_copies_only_when_equal(house: Path) -> None:
    """Members, fields and kept arguments have a shape, but no logic."""
    one, other = ({name: f"{name}{end}" for name in NAMES} for end in ("_1", "_2"))
    write(house, "one/declared.py", DECLARATIONS.format(**one))
    write(house, "other/declared.py", DECLARATIONS.format(**other))
    assert twins(house).returncode == 0
    write(house, "other/declared.py", DECLARATIONS.format(**one))
    assert twins(house).returncode == 1


def test_a_pair_with_a_reason_may_stay_as_long_as_it_is_one(house: Path) -> None:
    (house / "scripts/twins.txt").write_text("one/one.py other/other.py because it is an example\n")
    write(house, "other/other.py", ONE)
    assert twins(house).returncode == 0
    write(house, "other/other.py", OTHER_LOGIC)
    ran = twins(house)
    assert (ran.returncode, ran.stdout) == (
        1,
        "scripts/twins.txt allows what is not there: one/one.py, other/other.py\n",
    )
