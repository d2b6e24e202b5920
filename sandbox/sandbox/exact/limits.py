"""Calls per minute and per day, and the block after too many errors (exact-online 2.1-2.8)."""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.exact.options import ExactOptions

Headers = dict[str, str]
_COUNTED_ERRORS = frozenset({400, 401, 403, 404})


class LimitReachedError(Exception):
    """429: the headers of the limit that was reached, and of that one only (exact-online 2.4)."""

    def __init__(self, headers: Headers) -> None:
        super().__init__("limit reached")
        self.headers = headers


class CallLimits:
    """Counts calls per client and division (exact-online 2.1) in whole minutes and UTC days (exact-online 2.3)."""

    def __init__(self, options: ExactOptions, clock: Callable[[], datetime]) -> None:
        self._minute_limit = None if options.no_limits else options.exact_minute_limit
        self._day_limit = None if options.no_limits else options.exact_day_limit
        self._clock = clock
        self._used: dict[tuple[str, int, str], tuple[int, int]] = {}

    def count(self, client_id: str, division: int) -> Headers:
        """Count one call and give the headers of its answer (exact-online 2.2); raises LimitReachedError."""
        now = int(self._clock().timestamp())
        minute = self._window(client_id, division, "minute", now // 60)
        day = self._window(client_id, division, "day", now // 86_400)
        minute_limit, day_limit = self._minute_limit, self._day_limit
        if day_limit is not None and day >= day_limit:
            raise LimitReachedError(_headers("", day_limit, 0, (now // 86_400 + 1) * 86_400))
        if minute_limit is not None and minute >= minute_limit:
            raise LimitReachedError(_headers("Minutely-", minute_limit, 0, (now // 60 + 1) * 60))
        self._used[client_id, division, "minute"] = (now // 60, minute + 1)
        self._used[client_id, division, "day"] = (now // 86_400, day + 1)
        headers: Headers = {}
        if day_limit is not None:
            headers |= _headers("", day_limit, day_limit - day - 1, (now // 86_400 + 1) * 86_400)
        if minute_limit is not None:
            headers |= _headers("Minutely-", minute_limit, minute_limit - minute - 1, (now // 60 + 1) * 60)
        return headers

    def change(self, **limits: int | None) -> None:
        """Other limits per `minute` or `day`, None for no limit. What was counted stays counted."""
        self._minute_limit = limits.get("minute", self._minute_limit)
        self._day_limit = limits.get("day", self._day_limit)

    def _window(self, client_id: str, division: int, kind: str, window: int) -> int:
        begun, used = self._used.get((client_id, division, kind), (window, 0))
        return used if begun == window else 0


def _headers(part: str, limit: int, remaining: int, reset: int) -> Headers:
    return {
        f"X-RateLimit-{part}Limit": str(limit),
        f"X-RateLimit-{part}Remaining": str(remaining),
        f"X-RateLimit-{part}Reset": str(reset * 1000),
    }


class ErrorVelocity:
    """More than so many error answers of one endpoint within an hour block it for an hour (exact-online 2.8)."""

    def __init__(self, options: ExactOptions, clock: Callable[[], datetime]) -> None:
        self._options = options
        self._clock = clock
        self._errors: defaultdict[str, deque[datetime]] = defaultdict(deque)
        self._blocked_until: dict[str, datetime] = {}

    def blocks(self, endpoint: str) -> bool:
        """Whether the endpoint is blocked now."""
        until = self._blocked_until.get(endpoint)
        return until is not None and self._clock() < until

    def record(self, endpoint: str, status: int) -> None:
        """Note an answer; successes do not count, nor does 500 unless the option says so."""
        counted = status in _COUNTED_ERRORS or (status == 500 and self._options.error_velocity_counts_500)
        if not counted or self._options.no_limits or not self._options.error_velocity:
            return
        now = self._clock()
        recent = self._errors[endpoint]
        recent.append(now)
        while recent[0] <= now - timedelta(hours=1):
            recent.popleft()
        if len(recent) > self._options.error_velocity:
            self._blocked_until[endpoint] = now + timedelta(hours=1)
            recent.clear()

    def forget(self) -> None:
        """Lift all blocks, as after an hour."""
        self._errors.clear()
        self._blocked_until.clear()
