"""How a person sees how far a run came: a bar on a terminal, a line now and then everywhere else."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

from bridge.run.progress import Seen, details, done, progress
from connector_store.columns import utc_now

if TYPE_CHECKING:
    from datetime import timedelta
    from types import TracebackType

    from rich.console import Console

    from bridge.run.pulse import Pulse


class Display(Protocol):
    """Shows how far a run came, within a `with` block."""

    @property
    def is_due(self) -> bool:
        """Whether it is time to look at it again."""

    def __enter__(self) -> Self:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; what was shown last stays."""

    def show(self, direction: str, seen: Seen, elapsed: timedelta) -> None:
        """Show what was seen of a direction (`documents`, `payments`) that runs for so long."""


def display(pulse: Pulse) -> Display:
    """Return what suits the place that standard error leads to; `pulse` takes the lines."""
    return Bar() if sys.stderr.isatty() else Lines(pulse)


class Lines:
    """A line at least every half minute."""

    def __init__(self, pulse: Pulse) -> None:
        self._pulse = pulse

    @property
    def is_due(self) -> bool:
        """Whether it is time for a line."""
        return self._pulse.is_due

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""

    def show(self, direction: str, seen: Seen, elapsed: timedelta) -> None:
        """Tell it."""
        self._pulse.tell(progress(direction, seen, elapsed, utc_now()))


class Bar:
    """A bar per direction: how many of how many, calls of today, when it will be ready."""

    _EVERY: ClassVar = 1.0
    _TEXT: ClassVar = "{task.fields[done]}  {task.fields[details]}"

    def __init__(self, console: Console | None = None) -> None:
        # Its library takes long to import, and no schedule has a terminal.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn(self._TEXT), TimeElapsedColumn())
        self._progress = Progress(*columns, console=console or Console(stderr=True))
        self._tasks: dict[str, Any] = {}
        self._shown_at = float("-inf")

    @property
    def is_due(self) -> bool:
        """Whether the last look was a second ago."""
        return time.monotonic() - self._shown_at >= self._EVERY

    def __enter__(self) -> Self:
        """Begin."""
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._progress.stop()

    def show(self, direction: str, seen: Seen, elapsed: timedelta) -> None:
        """Move the bar; without a number of all there is, it only tells that work goes on."""
        self._shown_at = time.monotonic()
        told: dict[str, Any] = {"done": done(seen), "details": ", ".join(details(seen, elapsed, utc_now()))}
        if direction not in self._tasks:
            self._tasks[direction] = self._progress.add_task(direction, total=None, **told)
        self._progress.update(self._tasks[direction], completed=seen.done, total=seen.expected, **told)
