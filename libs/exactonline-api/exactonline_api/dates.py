"""Exact's two kinds of time behind one notation, `/Date(ms)/` (exact-online 3.18-3.20).

Days (EntryDate, DueDate, StartDate …) are UTC midnights: the UTC calendar day counts. Moments (Created, Modified …) are
Dutch wall-clock time written as if it were UTC. Bookmarks on moments are best kept as Exact writes them
(`to_wall_clock`) and overlapped by an hour or more: in autumn an hour comes twice.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EXACT_TIME_ZONE = ZoneInfo("Europe/Amsterdam")

_NOTATION = re.compile(r"/Date\((-?\d+)\)/")
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - what is counted from it is UTC for days and Dutch for moments


def to_date(value: str) -> date:
    """Read a day.

    Raises:
        ValueError: The text is not in Exact's notation.
    """
    return to_wall_clock(value).date()


def to_wall_clock(value: str) -> datetime:
    """Read a moment as Exact shows it: naive, Dutch time. Raises as `to_date`."""
    notation = _NOTATION.fullmatch(value)
    if notation is None:
        raise ValueError("not a time in the form /Date(milliseconds)/")
    return _EPOCH + timedelta(milliseconds=int(notation[1]))


def to_datetime_utc(value: str) -> datetime:
    """Read a moment as the time it really was, aware, in UTC; in the repeated hour of autumn the earlier of the two."""
    return to_wall_clock(value).replace(tzinfo=EXACT_TIME_ZONE).astimezone(timezone.utc)


def write_date(day: date) -> str:
    """Write a day as Exact takes it: `2026-06-25`, without a time that a zone could shift."""
    return f"{day:%Y-%m-%d}"
