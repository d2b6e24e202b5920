"""A seed can be given back: `pytest tests/life --life-seed 17 --days 9`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("lives")
    group.addoption("--life-seed", type=int, help="live this life only")
    group.addoption("--days", type=int, help="and so many days of it")
