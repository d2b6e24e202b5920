"""Teamleader's rate limit: so many calls in any sixty seconds."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

WINDOW = timedelta(seconds=60)
_SHOWN_IN = timezone(timedelta(hours=1))


class SlidingWindow:
    """Counts the calls of the last minute. `limit` None lets every call through and sends no headers."""

    def __init__(self, clock: Callable[[], datetime], limit: int | None) -> None:
        self._clock = clock
        self.limit = limit
        self._counted: deque[datetime] = deque()

    def count(self) -> bool:
        """Count one call; False when it is over the limit: answered 429, such a call takes no place in the window."""
        if self.limit is None:
            return True
        self._forget()
        if len(self._counted) >= self.limit:
            return False
        self._counted.append(self._clock())
        return True

    def headers(self) -> dict[str, str]:
        """The three headers; the reset is when the oldest counted call leaves the window."""
        if self.limit is None:
            return {}
        self._forget()
        oldest = self._counted[0] if self._counted else self._clock() - WINDOW
        return rate_headers(self.limit, max(self.limit - len(self._counted), 0), oldest + WINDOW)

    def _forget(self) -> None:
        start = self._clock() - WINDOW
        while self._counted and self._counted[0] <= start:
            self._counted.popleft()


def rate_headers(limit: int, remaining: int, reset: datetime) -> dict[str, str]:
    """Teamleader's headers, e.g. a reset of `2021-06-15T10:51:23.035+0100`."""
    local = reset.astimezone(_SHOWN_IN)
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}",
    }
