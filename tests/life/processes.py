"""The same life with real processes: a cycle is `meltano run documents payments`, and a kill is one of its processes.

The plugins live by the machine's clock, the services by that of the sandbox, which is moved on.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connector_testing import coupling as meltano
from connector_testing.in_process import CYCLE, Coupling
from sandbox.testing import SandboxProcess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JOBS: Final = ("--force", "documents", "payments")
"""After a kill Meltano takes a run for busy for five minutes; the lock that counts is our own."""


@dataclass
class Processes(Coupling):
    """A coupling whose jobs Meltano runs."""

    sandbox: SandboxProcess
    _in_full: bool = False

    def cycle(self, *, kill_at: int | None = None) -> None:
        """Run both jobs in one go, and let the time until the next ones pass."""
        jobs = ("--full-refresh", *JOBS) if self._in_full else JOBS
        self._in_full = False
        runs = meltano.Coupling(self.folder, self.sandbox, dict(self.logins))
        if kill_at is None:
            ran = runs.run(*jobs)
            self.unexpected += [each for each in ran.output.splitlines() if "Traceback (most recent" in each]
        else:
            self._run_and_kill(runs, jobs, kill_at // 2)
        self.let_pass(CYCLE)

    def read_in_full(self) -> None:
        """Have the next run read every document."""
        self._in_full = True

    def _run_and_kill(self, runs: meltano.Coupling, jobs: tuple[str, ...], calls: int) -> None:
        """Kill all processes of a run once so many calls were made, if it makes that many."""
        last = self._calls() + calls
        process = runs.start(*jobs)
        while process.poll() is None and self._calls() < last:
            time.sleep(0.02)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _calls(self) -> int:
        return sum(self.sandbox.calls().values())


@contextmanager
def run_by_meltano(folder: Path, seed: int) -> Iterator[Coupling]:
    """Yield a coupling with a few customers and no documents, whose jobs Meltano runs."""
    sizes = {"customers": 5, "invoices": 0, "credit-notes": 0, "pdf-bytes": 200, "seed": seed}
    options = [text for name, number in sizes.items() for text in (f"--{name}", str(number))]
    with SandboxProcess("--no-limits", *options) as sandbox:
        yield Processes(folder, sandbox)
