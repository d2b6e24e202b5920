"""What a probe is, and all of them by the line that they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.setup.probes.lab import Lab

Result = Literal["holds", "does not hold", "could not tell"]


@dataclass(frozen=True)
class Probe:
    """One line of docs/assumptions.md, asked.

    Attributes:
        line: Such as "E2".
        ask: Gives True when it holds, False when it does not, None when that could not be told.
        writes: Whether it writes, so that it runs on a test administration only.
    """

    line: str
    ask: Callable[[Lab], bool | None]
    writes: bool

    @property
    def what(self) -> str:
        """What is looked at, in one line."""
        return (self.ask.__doc__ or "").strip().splitlines()[0]


PROBES: Final[dict[str, Probe]] = {}
"""By line. Importing the modules of probes fills it."""


def probe(line: str, *, writes: bool = False) -> Callable[[Callable[[Lab], bool | None]], Callable[[Lab], bool | None]]:
    """Make a function the probe of a line."""

    def take(ask: Callable[[Lab], bool | None]) -> Callable[[Lab], bool | None]:
        PROBES[line] = Probe(line, ask, writes)
        return ask

    return take
