"""Moments as the bookmarks need them: UTC, one width, comparable as text."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

_OFFSET_WITHOUT_COLON = re.compile(r"([+-]\d{2})(\d{2})$")
_FRACTION = re.compile(r"\.\d+")
_FORM = "%Y-%m-%dT%H:%M:%SZ"


def utc(text: str) -> str:
    """Write a moment of Teamleader in UTC, to the second: `2026-10-25T02:30:00+02:00` is `2026-10-25T00:30:00Z`.

    A fraction of a second is cut, never rounded up: a bookmark may be early, not late. A moment without offset is UTC.

    Raises:
        ValueError: The text is not an ISO 8601 moment.
    """
    plain = _FRACTION.sub("", text.strip())
    plain = _OFFSET_WITHOUT_COLON.sub(r"\1:\2", re.sub("[zZ]$", "+00:00", plain))
    moment = datetime.fromisoformat(plain)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc).strftime(_FORM)


def earlier(text: str, by: timedelta) -> str:
    """Go back from a moment in the form of `utc`."""
    return (datetime.strptime(text, _FORM).replace(tzinfo=timezone.utc) - by).strftime(_FORM)


def now() -> str:
    """Tell this machine's time in the form of `utc`."""
    return datetime.now(timezone.utc).strftime(_FORM)


def for_filter(text: str) -> str:
    """Write a moment in the form of `utc` as Teamleader's filters want it, with an offset in figures."""
    return text.replace("Z", "+00:00")
