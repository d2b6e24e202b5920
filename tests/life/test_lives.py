"""Random lives: after every quiet day, every promise holds (tests/life/README.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .day import live
from .processes import run_by_meltano

if TYPE_CHECKING:
    from pathlib import Path

SHORT = ([5], 3)
LONG = (range(1, 101), 20)
BY_MELTANO = ([1], 2)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    # Without this folder among the arguments its options are not known to pytest.
    wanted = metafunc.config.getoption("--life-seed", None)
    chosen = {"short": SHORT, "long": LONG, "meltano": BY_MELTANO}
    seeds, days = next(each for name, each in chosen.items() if name in metafunc.function.__name__)
    if "seed" in metafunc.fixturenames:
        days = metafunc.config.getoption("--days", None) or days
        metafunc.parametrize(("seed", "days"), [(each, days) for each in wanted or seeds])


def test_a_short_life_keeps_every_promise(seed: int, days: int, tmp_path: Path) -> None:
    assert live(tmp_path, seed, days).moves


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_long_life_keeps_every_promise(seed: int, days: int, tmp_path: Path) -> None:
    assert live(tmp_path, seed, days).moves


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_some_days_run_by_meltano_keep_every_promise(seed: int, days: int, tmp_path: Path) -> None:
    assert live(tmp_path, seed, days, run_by_meltano).moves
