"""A cycle of one coupling: documents to Exact, then payments to Teamleader, each by Meltano; and what came of it.

The lock that counts is our own, which ends with its holder; Meltano's, which outlives a killed run by five minutes, is
passed over (`--force`).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from bridge.project import JOBS
from bridge.run import meltano
from bridge.run.progress import Seen, forecast
from bridge.services import EXACT
from bridge.view.health import CYCLE, ONE_WAY
from connector_store.columns import utc_now
from connector_store.variables import DIVISION

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bridge.project import Coupling
    from bridge.run.display import Display
    from connector_store import DivisionStore, Run
    from connector_store.runs import Outcome

_MESSAGE: Final = 300


@dataclass
class Cycle:
    """A cycle that is under way; hold the lock of the coupling meanwhile.

    Args:
        coupling: Whose plugins are run.
        memory: The store of its administration.
        stop: The wish to stop.
        display: Shows how far it came.
        pass_on: Takes a line of Meltano's log.
        expected: Documents that are to be dealt with, as far as it is known.
        directions: What is run, one or both, in this order.
    """

    coupling: Coupling
    memory: DivisionStore
    stop: meltano.Stop
    display: Display
    pass_on: Callable[[str], None]
    expected: int | None = None
    directions: tuple[str, ...] = tuple(JOBS)
    began: datetime = field(default_factory=utc_now)
    outcome: Outcome = "ok"
    message: str = "worked"

    def run(self) -> None:
        """Run its directions, the second one also when the first could not work, and keep a record."""
        runs = self.memory.store.runs
        record = runs.start(self.name, self.memory.division, coupling=self.coupling.name_in_runs)
        calls = self._calls_left()
        try:
            self._clean()
            with self.display:
                for direction in self.directions:
                    if self.stop.signum is None:
                        self._judge(direction, self._run(direction))
        finally:
            self._clean()
            runs.finish(record, self.outcome, {"calls": self._used(calls)}, self.message)

    @property
    def name(self) -> str:
        """The name that its record has."""
        return CYCLE if len(self.directions) == len(JOBS) else ONE_WAY[self.directions[0]]

    def counts(self, plugin: str) -> dict[str, Any]:
        """Return what a target of this cycle counted."""
        return next((run.counts for run in self._records() if run.plugin == plugin), {})

    @property
    def calls(self) -> int | None:
        """Calls to Exact that this cycle used, None when Exact did not tell."""
        return next((run.counts.get("calls") for run in self._records() if run.plugin == self.name), None)

    def _run(self, direction: str) -> meltano.Ended:
        command = self.coupling.command(direction)
        env = {**os.environ, DIVISION: str(self.memory.division), "NO_COLOR": "1"}
        watch = _Watch(self, direction)
        return meltano.run(
            command, self.coupling.project.folder, env, stop=self.stop, on_line=self.pass_on, on_tick=watch.tick
        )

    def _judge(self, direction: str, ended: meltano.Ended) -> None:
        """Take over what a direction came to: the words of its programs, or else what can be said from outside."""
        if self.stop.signum is not None:
            self.outcome, self.message = "degraded", f"stopped by signal {self.stop.signum}"
            return
        plugins = JOBS[direction]
        told = [run for run in self._records() if run.plugin in plugins and run.outcome in {"failed", "postponed"}]
        told.sort(key=lambda run: run.outcome != "failed")
        if told:
            self._worsen(told[0].outcome or "failed", told[0].message or "")
        elif ended.code < 0:
            self._worsen("postponed", f"{direction}: Meltano was killed by signal {-ended.code}; the next run goes on")
        elif ended.code:
            line = ended.line[-_MESSAGE:] or "it did not say why; its log tells more"
            self._worsen("failed", f"{direction}: Meltano ended with code {ended.code}: {line}")

    def _worsen(self, outcome: Outcome, message: str) -> None:
        ranks: tuple[Outcome, ...] = ("ok", "postponed", "failed")
        if ranks.index(outcome) > ranks.index(self.outcome):
            self.outcome, self.message = outcome, message.partition("; until then ")[0]
            if outcome == "postponed" and (rest := forecast(self.seen("documents"), utc_now())):
                self.message = f"{self.message}: {rest}"

    def seen(self, direction: str) -> Seen:
        """Count what was dealt with so far."""
        counted = self.memory.store.activity(self.memory.division, self.began)
        if direction == "documents":
            done = counted.documents
            expected = None if self.expected is None else max(self.expected, done)
        else:
            done, expected = counted.payments, None
        day = self._budget()
        used = None if day is None or day.limit is None or day.remaining is None else day.limit - day.remaining
        return Seen(done, expected, used, day.limit if day else None)

    def _records(self) -> list[Run]:
        since = self.began - timedelta(seconds=1)
        told = self.memory.store.runs.telling(self.memory.division, since)
        # A run of another coupling, by Meltano alone, may be at work beside it.
        return [run for run in told if run.started_at >= since and run.coupling in {None, self.coupling.name_in_runs}]

    def _budget(self) -> Any:  # noqa: ANN401 - what the store says of the day
        client_id = str(self.coupling.settings("target-exactonline").get("client_id"))
        return self.memory.store.budget(EXACT, client_id, self.memory.division).read()

    def _calls_left(self) -> int | None:
        day = self._budget()
        return day.remaining if day else None

    def _used(self, before: int | None) -> int | None:
        after = self._calls_left()
        return None if before is None or after is None or after > before else before - after

    def _clean(self) -> None:
        plugins = [self.coupling.plugin(name) for tap, _, target in JOBS.values() for name in (tap, target)]
        meltano.remove_secrets(self.coupling.project.system_folder, plugins)


class _Watch:
    """Tells how far a direction came, now and then."""

    def __init__(self, cycle: Cycle, direction: str) -> None:
        self._cycle = cycle
        self._direction = direction
        self._began = utc_now()

    def tick(self) -> None:
        if self._cycle.display.is_due:
            self._cycle.display.show(self._direction, self._cycle.seen(self._direction), utc_now() - self._began)
