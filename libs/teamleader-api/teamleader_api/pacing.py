"""Waits for Teamleader's sliding window instead of running into it.

Every answer says how many calls are left and when the oldest counted one leaves the window. Other processes share the
window, so a 429 can come all the same; it was not executed and is sent again after the wait.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from teamleader_api.errors import TryLater

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api_core.clock import Clock

WINDOW = 60.0
"""Seconds; no wait for the window takes longer."""
PATIENCE = 5
"""How often in a row one call may be told to wait."""


def backoff(attempt: int) -> float:
    """Return the seconds before repeat number `attempt` (1, 2, …): 1, 2, 4 … with jitter, so that processes spread."""
    return min(2.0 ** (attempt - 1), 30.0) * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


class Pacing:
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
        remaining = headers.get("X-RateLimit-Remaining", "")
        if remaining.strip().isdigit() and int(remaining) == 0:
            self._free_at = self._clock.now() + timedelta(seconds=self._seconds_to_reset(headers, default=1.0))

    def wait_after_refusal(self, headers: Mapping[str, str], times: int) -> None:
        """Wait after a 429, `times` of which came in a row for this call.

        Raises:
            TryLater: Teamleader keeps refusing.
        """
        if times > PATIENCE:
            raise TryLater("Teamleader's limit of calls per minute is used up by others too: the next run tries again")
        self._free_at = None
        # The header tells when one place comes free; whoever asks again and again had it taken by another process.
        pause = self._seconds_to_reset(headers, default=WINDOW / 4)
        self._clock.sleep(min(max(pause, 0.0) + backoff(times), WINDOW))

    def _seconds_to_reset(self, headers: Mapping[str, str], default: float) -> float:
        """Measure against the server's own clock where the answer names it: ours may differ."""
        reset = _moment(headers.get("X-RateLimit-Reset", ""))
        if reset is None:
            return default
        return (reset - (_http_date(headers.get("Date", "")) or self._clock.now())).total_seconds()


def _moment(text: str) -> datetime | None:
    """Read `2021-06-15T10:51:23.035+0100`, which `fromisoformat` of Python 3.10 does not: no colon, three decimals."""
    whole, _, rest = text.strip().partition(".")
    offset = rest.lstrip("0123456789")
    milliseconds = rest.removesuffix(offset) if offset else ""
    try:
        moment = datetime.strptime(f"{whole}{offset}", "%Y-%m-%dT%H:%M:%S%z")
        return moment + timedelta(seconds=float(f"0.{milliseconds or 0}"))
    except ValueError:
        return None


def _http_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(timezone.utc)
    except ValueError:
        return None
