"""Runs of Meltano that are killed at moments a seed draws: while a call is on its way, or when a program has begun.

Nothing here measures time: the call at which a run is killed is held by the sandbox, and carried out after the kill.
The draws are seeded; `CRASH_SEED` gives another seed.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import psutil

from connector_testing.programs import end, kill, wait_until

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Sequence

    from connector_testing.coupling import Coupling

SEED: Final = int(os.environ.get("CRASH_SEED", "20261121"))


def seeded() -> random.Random:
    """Return the draw of a test."""
    return random.Random(SEED)  # noqa: S311 - a reproducible draw, not a secret


def has_begun(run: subprocess.Popen[str], program: str) -> bool:
    """Tell whether a program of a run of Meltano runs."""
    return program_of(run, program) is not None


def program_of(run: subprocess.Popen[str], program: str) -> psutil.Process | None:
    """Return a program of a run of Meltano, once it runs."""
    with suppress(psutil.NoSuchProcess):
        for each in psutil.Process(run.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                if any(part.endswith(f"/{program}") for part in each.cmdline()):
                    return each
    return None


class Killer:
    """Kills runs of a job until enough of them were hit.

    Args:
        coupling: Whose runs.
        job: Name of the job.
        programs: Its programs, one of which, Meltano itself or everything is killed each time.
        moments: Rules of the sandbox, without kind, that tell at which calls a run can be killed.
        most: At most that many of those calls are let through first.
        faults: Rules that hold all the time.
    """

    def __init__(
        self,
        coupling: Coupling,
        job: str,
        *,
        programs: Sequence[str],
        moments: Sequence[dict[str, Any]],
        most: int,
        faults: Sequence[dict[str, Any]] = (),
    ) -> None:
        self._coupling = coupling
        self._job = job
        self._programs = programs
        self._moments = moments
        self._most = most
        self._faults = list(faults)
        self._draw = seeded()

    def kill_runs(self, kills: int, *, before_each: Callable[[], object], when_done: Callable[[], object]) -> None:
        """Start runs and kill them until that many were hit.

        Args:
            kills: How many.
            before_each: Called before each run.
            when_done: Called after a run that came to its end before it could be killed.
        """
        killed: Counter[str] = Counter()
        while killed.total() < kills:
            before_each()
            victim = self._kill_one()
            if victim:
                killed[victim] += 1
            else:
                when_done()
        self._coupling.sandbox.clear_faults()

    def _kill_one(self) -> str | None:
        """Start a run and kill some of it; return what, None when it had ended before."""
        sandbox = self._coupling.sandbox
        at_a_call = self._draw.random() < 0.8
        moment = {**self._draw.choice(self._moments), "kind": "held", "skip": self._draw.randrange(self._most)}
        victim = self._draw.choice((*self._programs, "meltano", "everything"))
        sandbox.clear_faults()
        sandbox.add_faults([moment, *self._faults] if at_a_call else self._faults)
        run = self._coupling.start("--force", self._job)
        wait_until(
            lambda: run.poll() is not None or (sandbox.held() > 0 if at_a_call else has_begun(run, self._first(victim)))
        )
        hit = run.poll() is None
        if hit and not kill(run, victim):
            victim = "everything"  # the one that was drawn had done its work already
            kill(run, victim)
        # What was on its way arrives after the kill, as it can in the world.
        sandbox.clear_faults()
        sandbox.add_faults(self._faults)
        end(run)
        return victim if hit else None

    def _first(self, victim: str) -> str:
        """Return the program that has to have begun before a victim is killed."""
        return victim if victim in self._programs else self._programs[0]
