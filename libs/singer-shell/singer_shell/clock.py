"""The machine's time, whose pauses the wish to stop cuts short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from api_core.clock import SystemClock

if TYPE_CHECKING:
    from singer_shell.stop import Interruption


class InterruptibleClock(SystemClock):
    """The clock of an API client, which pauses between calls only: nothing is in flight when a pause ends early."""

    def __init__(self, interruption: Interruption) -> None:
        self._interruption = interruption

    @override
    def sleep(self, seconds: float) -> None:
        """Wait.

        Raises:
            Interrupted: A signal came in.
        """
        self._interruption.sleep(seconds)
