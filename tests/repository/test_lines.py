"""The numbered lines of docs/explanation/after-the-booking.md are promises: each has tests that name it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/explanation/after-the-booking.md"
NAMED = re.compile(r'^def test_line_(\d+)_|^ *"""Line (\d+)\b', re.MULTILINE)


def named(text: str) -> set[int]:
    """Return the numbers of the lines that a test module names, in the names of its tests or in their docstrings."""
    return {int(number) for found in NAMED.findall(text) for number in found if number}


def by_module() -> dict[str, set[int]]:
    modules = (
        path for path in ROOT.rglob("test_*.py") if not any(part[0] == "." for part in path.parts[len(ROOT.parts) :])
    )
    return {str(path.relative_to(ROOT)): numbers for path in sorted(modules) if (numbers := named(path.read_text()))}


def lines() -> list[int]:
    return [int(number) for number in re.findall(r"^(\d+)\. ", PAGE.read_text(), re.MULTILINE)]


def test_the_lines_are_numbered_through() -> None:
    assert lines() == list(range(1, len(lines()) + 1))


def test_each_line_has_tests_that_name_it() -> None:
    tested = set().union(*by_module().values())
    assert sorted(set(lines()) - tested) == []


def test_a_test_names_only_lines_that_are_there() -> None:
    unknown = {module: numbers - set(lines()) for module, numbers in by_module().items()}
    assert {module: numbers for module, numbers in unknown.items() if numbers} == {}


def test_a_line_is_named_by_a_test_or_its_docstring_alone() -> None:
    assert named('def test_line_7_it_is_so() -> None:\n    """Line 9: because."""\n') == {7, 9}
    assert named('"""Line 11: of the whole module."""') == {11}
    assert named('assert "Line 3" in output\n# Line 4\nvalue["line_1"]\n') == set()
