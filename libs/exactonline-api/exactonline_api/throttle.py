"""Keeps to Exact's calls per minute and per day, as its own answers tell them (exact-online 2.1-2.7)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from api_core.errors import DayLimitReached, TryLater
from api_core.throttle import time_until, whole_number
from exactonline_api import refusals
from exactonline_api.service import EXACT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from requests import Response

    from api_core.clock import Clock

WHOLE_MINUTE = 61.0
"""Seconds; no wait for the minute takes longer, whatever a header says."""
MINUTE = "X-RateLimit-Minutely-"
DAY = "X-RateLimit-"
PATIENCE = 4
"""How often in a row one call may be refused for the limit."""


@dataclass(frozen=True)
class Window:
    """A minute or a day as last heard of; None is what no answer has told yet. `resets_at` is by our clock, in UTC."""

    limit: int | None = None
    remaining: int | None = None
    resets_at: datetime | None = None


@dataclass(frozen=True)
class Limits:
    """Both windows."""

    minute: Window = Window()
    day: Window = Window()


class MinuteAndDay:
    """Knows from the answers so far whether the next call has to wait, or makes no sense today.

    Args:
        calls_left: What an earlier client heard of this day; None when there was none.

    Attributes:
        limits: What the answers said last.
        on_limits: Called with (calls per day, calls left today) whenever an answer tells them.
    """

    def __init__(
        self,
        clock: Clock,
        on_limits: Callable[[int | None, int | None], None] | None = None,
        calls_left: int | None = None,
    ) -> None:
        known = Window() if calls_left is None else Window(None, calls_left, _next_midnight(clock.now()))
        self.limits = Limits(day=known)
        self.on_limits = on_limits
        self._clock = clock

    def wait_for_room(self) -> None:
        """Return when the minute has room.

        Raises:
            DayLimitReached: The day has none.
        """
        self._check_day()
        if self.limits.minute.remaining == 0:
            pause = self._seconds_until(self.limits.minute.resets_at)
            # Whether the new minute has room is what the next answer tells.
            self.limits = replace(self.limits, minute=replace(self.limits.minute, remaining=None))
            if pause > 0:
                self._clock.sleep(pause)

    def learn(self, headers: Mapping[str, str]) -> None:
        """Note what an answer says of the windows. A missing header says nothing: it is not zero (exact-online 2.7)."""
        minute = self._window(headers, MINUTE) or self.limits.minute
        day = self._window(headers, DAY)
        self.limits = Limits(minute, day or self.limits.day)
        if day and self.on_limits:
            self.on_limits(day.limit, day.remaining)

    def wait_after_refusal(self, endpoint: str, response: Response, times: int) -> None:
        """Wait after a 429, `times` of which came in a row for this call; `learn` has seen its headers.

        Raises:
            DayLimitReached: It was the day that is used up.
            TryLater: Exact keeps refusing, or has blocked the endpoint.
        """
        headers = response.headers
        if refusals.is_block(refusals.messages(response.content), headers):
            raise TryLater(f"Exact has blocked {endpoint} for an hour after too many refusals: try again after it")
        day = self._window(headers, DAY)
        if day and day.remaining == 0:
            raise DayLimitReached(EXACT, day.resets_at or _next_midnight(self._clock.now()))
        if times > PATIENCE:
            raise TryLater("Exact keeps refusing for its rate limit: the next run tries again")
        told = whole_number(headers.get("Retry-After"))
        # Refused again after the told moment: other processes were first, or clocks differ. Then a whole minute.
        pause = told + 1 if told else self._seconds_until(self.limits.minute.resets_at if times == 1 else None)
        self.limits = replace(self.limits, minute=Window(self.limits.minute.limit))
        self._clock.sleep(min(max(pause, 1.0), WHOLE_MINUTE))

    def _check_day(self) -> None:
        day = self.limits.day
        if day.remaining == 0:
            resets_at = day.resets_at or _next_midnight(self._clock.now())
            if self._clock.now() < resets_at:
                raise DayLimitReached(EXACT, resets_at)

    def _seconds_until(self, reset: datetime | None) -> float:
        """Count a second more: resets are told to the minute, and clocks differ (exact-online 2.3)."""
        if reset is None:
            return WHOLE_MINUTE
        return min((reset - self._clock.now()).total_seconds() + 1, WHOLE_MINUTE)

    def _window(self, headers: Mapping[str, str], prefix: str) -> Window | None:
        remaining = whole_number(headers.get(f"{prefix}Remaining"))
        if remaining is None:
            return None
        reset = whole_number(headers.get(f"{prefix}Reset"))
        resets_at = None
        if reset is not None:
            server_reset = datetime.fromtimestamp(reset / 1000, timezone.utc)
            resets_at = self._clock.now() + time_until(server_reset, headers, self._clock)
        return Window(whole_number(headers.get(f"{prefix}Limit")), remaining, resets_at)


def _next_midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
