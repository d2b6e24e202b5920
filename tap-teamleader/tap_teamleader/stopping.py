"""Waiting that a signal can end."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_SLICE: Final = 0.5


class InterruptibleClock:
    """The machine's time, whose sleep asks twice a second whether the run is to end.

    The client sleeps between calls only (for the limit per minute, before a repeat), so ending there loses nothing.
    """

    def __init__(self, stop_if_asked: Callable[[], None]) -> None:
        self._stop_if_asked = stop_if_asked

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.now(timezone.utc)

    def sleep(self, seconds: float) -> None:
        """Return after that many seconds, unless the run is ended before."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._stop_if_asked()
            time.sleep(min(left, _SLICE))
