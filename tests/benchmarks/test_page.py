"""docs/performance.md: its table is what was measured, and what it promises is what the tests ask."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from . import bounds
from .page import PAGE, SECTIONS, Section, with_figures

ROOT = Path(__file__).resolve().parents[2]
TEXT = PAGE.read_text(encoding="utf-8")
PROMISES = re.findall(r"^\| .+ \| ([\d,.]+) \| `([\w/]+\.py)::(test_\w+)` \|$", TEXT, re.MULTILINE)


def source_of(file: str, test: str) -> str:
    text = (ROOT / file).read_text(encoding="utf-8")
    found = [each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.FunctionDef) and each.name == test]
    assert found, f"{file} has no {test}"
    return ast.get_source_segment(text, found[0]) or ""


@pytest.mark.parametrize("section", SECTIONS, ids=lambda each: each.mark)
def test_the_tables_are_made_from_the_figures_that_were_kept(section: Section) -> None:
    assert f"<!-- {section.mark}:start -->" in TEXT
    assert with_figures(TEXT, section) == TEXT


def test_there_are_promises_of_calls_and_of_cpu() -> None:
    assert {file for _, file, _ in PROMISES} >= {"tests/benchmarks/test_bounds.py", "tests/e2e/test_everyday_calls.py"}


@pytest.mark.parametrize(("bound", "file", "test"), PROMISES)
def test_a_test_holds_the_product_to_each_bound(bound: str, file: str, test: str) -> None:
    source = source_of(file, test)
    known = {name: str(value) for name, value in vars(bounds).items() if name.isupper()}
    asked = re.findall(r"\b[\d.]+\b", source) + [value for name, value in known.items() if name in source]
    assert bound.replace(",", "") in asked
