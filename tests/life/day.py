"""A day of a life: people and the network move, the jobs run among it, and in the evening all is quiet."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING

from connector_testing.in_process import CYCLE, coupled

from .actors import Life, move_of
from .promises import PROMISES, Standing

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from connector_testing.in_process import Coupling

    Joined = Callable[[Path, int], AbstractContextManager[Coupling]]

BUSY_CYCLES = 3
QUIET_CYCLES = 4


class BrokenPromiseError(AssertionError):
    """What a life ended with, and everything that happened before it."""


def live(folder: Path, seed: int, days: int, joined: Joined = coupled) -> Life:
    """Live through so many days, keeping every promise on each.

    Args:
        folder: Where the store is.
        seed: Of all that is drawn.
        days: So many.
        joined: What opens the coupling.

    Raises:
        BrokenPromiseError: With the seed, the day, the document and all moves until then.
    """
    with joined(folder, seed) as coupling:
        life = Life(seed, random.Random(seed), coupling)  # noqa: S311 - a reproducible draw, not a secret
        for number in range(1, days + 1):
            life.moves.append(f"day {number}")
            _busy(life)
            _quiet(life)
            _judge(life, number)
            coupling.let_pass(timedelta(days=1) - (BUSY_CYCLES + QUIET_CYCLES) * CYCLE)
        return life


def _busy(life: Life) -> None:
    for _ in range(BUSY_CYCLES):
        for _ in range(life.draw.randint(1, 3)):
            move_of(life, "Teamleader")
        for actor, chance in (("accountant", 0.6), ("network", 0.4), ("operator", 0.3)):
            if life.draw.random() < chance:
                move_of(life, actor)
        life.coupling.cycle()


def _quiet(life: Life) -> None:
    """Nothing goes wrong any more; a person who is told to log in does so."""
    life.sandbox.clear_faults()
    life.sandbox.exact("show_late", seconds=0)
    life.shows_late = False
    for _ in range(QUIET_CYCLES):
        life.coupling.cycle()
        if life.coupling.asks_for_login():
            life.coupling.log_in_again()
            life.moves.append("a person logs in again, as the run asks")


def _judge(life: Life, number: int) -> None:
    standing = Standing.of(life)
    broken = [f"{promise.__name__}: {each}" for promise in PROMISES for each in promise(standing)]
    if broken:
        where = f"life {life.seed}, day {number} (again: --life-seed {life.seed} --days {number})"
        waits = ["", "What waits:", *standing.waiting()]
        raise BrokenPromiseError("\n".join([where, *broken, *waits, "", "What happened:", *life.moves]))
