"""An administration that was opened for writing: all that a writer needs, in one value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from connector_store.memory import Memory
    from exactonline_api import ExactClient
    from singer_shell.stop import Interruption
    from target_exactonline.booking.master import MasterData
    from target_exactonline.booking.rules import Rules
    from target_exactonline.outcomes import Outcomes
    from target_exactonline.writing.budget import ErrorGate


@dataclass
class Books:
    """Client, master data, settings and memory of one run in one administration.

    `master` is what Exact said at the start of the run, plus what its refusals taught since.
    """

    client: ExactClient
    master: MasterData
    rules: Rules
    memory: Memory
    outcomes: Outcomes
    gate: ErrorGate
    interruption: Interruption
    dry_run: bool = False

    def learn_closed(self, day: date, named: tuple[int, int] | None = None) -> None:
        """Remember for this run that a period is closed: the (year, period) that Exact named, or else that of `day`."""
        period = self.master.periods.find(day)
        closed = named or ((period.year, period.number) if period else None)
        if closed is not None:
            self.master = replace(self.master, periods=self.master.periods.with_closed(closed))
