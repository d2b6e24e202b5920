"""Everything both services hold, and what is shared between them."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from sandbox.calls import CallLog
from sandbox.exact.seed import COMPANIES, seed_exact
from sandbox.faults import Faults
from sandbox.later import Later
from sandbox.options import Clock, Options
from sandbox.seed import seed_teamleader

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.teamleader.state import TeamleaderState


@dataclass
class World:
    """Both services' memory, one clock, and the switches of the tests.

    `sandbox.exact.app` and `sandbox.teamleader.app` serve a side each; server.py puts faults,
    the call log and the control endpoints around both.
    """

    options: Options
    clock: Clock
    teamleader: TeamleaderState
    exact: ExactState
    calls: CallLog
    faults: Faults
    later: Later

    @classmethod
    def create(cls, options: Options, clock: Clock | None = None) -> World:
        """Fill both services; the same options on the same day give the same data."""
        clock = clock or Clock(options.today, frozen=options.frozen)
        # A generator each, so that a change of one side's data leaves the other side's alone.
        teamleader = seed_teamleader(options, _draw("teamleader", options), clock)
        exact = seed_exact(options, _draw("exact", options), clock)
        for division, _, _ in COMPANIES[1 : options.companies]:
            _join(exact, seed_exact(options, _draw(f"exact {division}", options), clock, division))
        faults = Faults(_draw("faults", options))
        return cls(options, clock, teamleader, exact, CallLog(), faults, Later(clock))


def _join(first: ExactState, other: ExactState) -> None:
    """Let an administration be one more of the same login."""
    other.tokens, other.limits, other.errors = first.tokens, first.limits, first.errors
    first.siblings[other.division] = other
    other.siblings = first.siblings


def _draw(what: str, options: Options) -> Random:
    return Random(f"{what}-{options.seed}")  # noqa: S311 - a reproducible draw, not a secret
