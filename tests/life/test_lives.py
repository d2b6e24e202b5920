"""Random lives: after every quiet day, every promise holds (tests/life/README.md)."""

from __future__ import annotations

from pathlib import Path

import pytest

from .actors import ACTORS, NOT_YET
from .day import live

SHORT = (range(1, 4), 6)
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


@pytest.fixture
def taken_in(request: pytest.FixtureRequest) -> frozenset[str]:
    return frozenset(request.config.getoption("--life-with", []))


@pytest.mark.long
def test_a_short_life_keeps_every_promise(seed: int, days: int, taken_in: frozenset[str], tmp_path: Path) -> None:
    assert live(tmp_path, seed, days, taken_in).moves


@pytest.mark.long
def test_a_long_life_keeps_every_promise(seed: int, days: int, taken_in: frozenset[str], tmp_path: Path) -> None:
    assert live(tmp_path, seed, days, taken_in).moves


def test_a_move_that_is_left_out_is_told_with_its_reason() -> None:
    moves = {move.__name__ for each in ACTORS.values() for move in each}
    told = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
    assert NOT_YET.keys() <= moves
    for name, why in NOT_YET.items():
        assert f"`{name}`: not yet: {why}" in told
