"""Every code of both catalogues is one that some document gets: no code is left that nothing can say."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from target_exactonline.reasons import CATALOGUE as BOOKING
from target_teamleader.reasons.catalogue import CATALOGUE as REGISTERING

ROOT = Path(__file__).resolve().parents[2]
SOURCES = {
    "target-exactonline": ("target-exactonline/target_exactonline", "mappers/teamleader_exactonline_mappers"),
    "target-teamleader": ("target-teamleader/target_teamleader", "mappers/teamleader_exactonline_mappers"),
}
DOCUMENTS = {
    "target-exactonline": ("target-exactonline/tests", "tests/accounting", "tests/e2e"),
    "target-teamleader": ("target-teamleader/tests", "tests/e2e"),
}
"""Where documents are booked or refused; not the tests of the catalogues, which only look texts up."""
LOOK_UPS = {"catalogue.py", "test_catalogue.py", "test_refusals.py"}


@cache
def words(folders: tuple[str, ...]) -> set[str]:
    """Return all texts that stand in the code of these folders."""
    said: set[str] = set()
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            if path.name not in LOOK_UPS:
                tree = ast.parse(path.read_text(encoding="utf-8"))
                nodes = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
                said |= {node.value for node in nodes if isinstance(node.value, str)}
    return said


@pytest.mark.parametrize(
    ("target", "code"),
    [
        *(("target-exactonline", code) for code in BOOKING),
        *(("target-teamleader", code) for code in REGISTERING),
    ],
)
def test_a_code_is_said_by_the_code_and_gotten_by_a_document_of_a_test(target: str, code: str) -> None:
    """Line 30."""
    assert code in words(SOURCES[target]), f"nothing in {target} can give {code}"
    assert code in words(DOCUMENTS[target]), f"a document that gets {code} has to be shown"
