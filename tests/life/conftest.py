"""A life can be lived again, and others than the hundred: `pytest tests/life --life-seed 17 --days 9`, `101-200`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def seeds(given: str) -> range:
    """Read "17" or "101-200"."""
    first, _, last = given.partition("-")
    return range(int(first), int(last or first) + 1)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("lives")
    group.addoption("--life-seed", type=seeds, metavar="N[-M]", help="live this life only, or these")
    group.addoption("--days", type=int, help="and so many days of it")
