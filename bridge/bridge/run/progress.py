"""How far a run came, in one line: documents of how many, calls used, and when it will be ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import tzinfo

_AT_LEAST: Final = 5


@dataclass(frozen=True)
class Seen:
    """What can be counted of a run from outside.

    Attributes:
        done: Documents and payments that were dealt with in this run, refused ones too.
        expected: How many there are to be dealt with, None when nobody knows.
        calls: Calls to Exact that were made today, None before its first answer.
        day_limit: Calls that Exact allows in a day.
    """

    done: int
    expected: int | None
    calls: int | None
    day_limit: int | None


def progress(direction: str, seen: Seen, elapsed: timedelta, now: datetime, zone: tzinfo | None = None) -> str:
    """Return the line, such as "documents: 120 of 365, 380 of 5,000 calls of today used, ready at 14:52"."""
    return f"{direction}: {', '.join([done(seen), *details(seen, elapsed, now, zone)])}"


def details(seen: Seen, elapsed: timedelta, now: datetime, zone: tzinfo | None = None) -> list[str]:
    """Return what else is known: calls of today, and when it will be ready."""
    parts = []
    if seen.calls is not None:
        limit = "" if seen.day_limit is None else f" of {seen.day_limit:,}"
        parts.append(f"{seen.calls:,}{limit} calls of today used")
    if seen.expected and _AT_LEAST <= seen.done < seen.expected:
        ready = now + elapsed * ((seen.expected - seen.done) / seen.done)
        parts.append(f"ready at {ready.astimezone(zone):%H:%M}")
    return parts


def forecast(seen: Seen, today: datetime, zone: tzinfo | None = None) -> str | None:
    """Say when the rest is ready after the day's limit ended a run: "1,340 of 5,000, ready on Thursday".

    Args:
        seen: How far the run came.
        today: The moment, in UTC.
        zone: Where the reader is.
    """
    if not seen.expected or not seen.done or seen.done >= seen.expected:
        return None
    days = -(-(seen.expected - seen.done) // seen.done)
    ready = today.astimezone(zone) + timedelta(days=days)
    return f"{done(seen)}, ready on {ready:%A}"


def done(seen: Seen) -> str:
    """Return how much was dealt with, such as "120 of 365"."""
    return f"{seen.done:,} of {seen.expected:,}" if seen.expected else f"{seen.done:,} done"
