"""Random lives: after every quiet day, every promise holds (tests/life/README.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .day import live

if TYPE_CHECKING:
    from pathlib import Path

SHORT = ([5], 3)
LONG = (range(1, 101), 20)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    # Without this folder among the arguments its options are not known to pytest.
    seed = metafunc.config.getoption("--life-seed", None)
    is_long = "long" in metafunc.function.__name__
    seeds, days = LONG if is_long else SHORT
    if "seed" in metafunc.fixturenames:
        chosen = seeds if seed is None else [seed]
        days = metafunc.config.getoption("--days", None) or days
        metafunc.parametrize(("seed", "days"), [(each, days) for each in chosen])


def test_a_short_life_keeps_every_promise(seed: int, days: int, tmp_path: Path) -> None:
    assert live(tmp_path, seed, days).moves


@pytest.mark.long
def test_a_long_life_keeps_every_promise(seed: int, days: int, tmp_path: Path) -> None:
    assert live(tmp_path, seed, days).moves
