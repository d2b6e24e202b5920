"""Waits for Teamleader's sliding window instead of running into it.

Every answer says how many calls are left and when the oldest counted one leaves the window. Other processes share the
window, so a 429 can come all the same; it was not executed and is sent again after the wait.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from api_core.errors import TryLater
from api_core.repeats import backoff
from api_core.throttle import time_until, whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from requests import Response

    from api_core.clock import Clock

WINDOW = 60.0
"""Seconds; no wait for the window takes longer."""
PATIENCE = 5
"""How often in a row one call may be told to wait."""


class SlidingWindow:
    """Knows from the last answer whether the next call has to wait."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._free_at: datetime | None = None

    def wait_for_room(self) -> None:
        """Return when the window has room, as far as the last answer tells."""
        if self._free_at is not None:
            pause = (self._free_at - self._clock.now()).total_seconds()
            self._free_at = None
            if pause > 0:
                self._clock.sleep(min(pause, WINDOW))

    def learn(self, headers: Mapping[str, str]) -> None:
        """Note what an answer says about the window. A missing header says nothing: it is not zero."""
        if whole_number(headers.get("X-RateLimit-Remaining")) == 0:
            self._free_at = self._clock.now() + timedelta(seconds=self._seconds_to_reset(headers, default=1.0))

    def wait_after_refusal(self, endpoint: str, response: Response, times: int) -> None:
        """Wait after a 429, `times` of which came in a row for this call.

        Raises:
            TryLater: Teamleader keeps refusing.
        """
        if times > PATIENCE:
            raise TryLater(
                f"Teamleader's limit of calls per minute leaves no room for {endpoint}, since others use it up too: "
                "the next run tries again"
            )
        self._free_at = None
        # The header tells when one place comes free; whoever asks again and again had it taken by another process.
        pause = self._seconds_to_reset(response.headers, default=WINDOW / 4)
        self._clock.sleep(min(max(pause, 0.0) + backoff(times), WINDOW))

    def _seconds_to_reset(self, headers: Mapping[str, str], default: float) -> float:
        reset = _moment(headers.get("X-RateLimit-Reset", ""))
        return default if reset is None else time_until(reset, headers, self._clock).total_seconds()


def _moment(text: str) -> datetime | None:
    """Read `2021-06-15T10:51:23.035+0100`; None when it is no moment with an offset."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else None
