"""Keeping to a service's limit of calls: what a client asks of it, and how to read what an answer tells of it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from requests import Response

    from api_core.clock import Clock


class Throttle(Protocol):
    """Knows from the answers so far whether the next call has to wait."""

    def wait_for_room(self) -> None:
        """Return when there is room for a call; DayLimitReached when there is none today."""

    def learn(self, headers: Mapping[str, str]) -> None:
        """Note what an answer says of the limit. A missing header says nothing: it is not zero."""

    def wait_after_refusal(self, endpoint: str, response: Response, times: int) -> None:
        """Wait after a 429, `times` of which came in a row for this call.

        Raises:
            TryLater: The service keeps refusing.
            DayLimitReached: It was the day that is used up.
        """


def whole_number(text: str | None) -> int | None:
    """Read a header that is a number; None when it is absent or none."""
    return int(text) if text is not None and text.strip().isdigit() else None


def time_until(moment: datetime, headers: Mapping[str, str], clock: Clock) -> timedelta:
    """Measure against the server's own clock, where its answer tells it in `Date`: ours may differ."""
    return moment - (date_of(headers) or clock.now())


def date_of(headers: Mapping[str, str]) -> datetime | None:
    """Return the server's own time as its answer tells it, None when it tells none."""
    try:
        return parsedate_to_datetime(headers.get("Date", "")).astimezone(timezone.utc)
    except ValueError:
        return None
