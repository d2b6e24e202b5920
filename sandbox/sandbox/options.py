"""What a sandbox can be told when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone


@dataclass(frozen=True)
class Options:
    """Size of the data, limits and lifetimes; the defaults are those of the real services, the seed data's apart.

    Numbers of seconds and calls per minute or day; `pdf_bytes` is the smallest size of a downloaded PDF;
    `today` moves the sandbox's calendar (the day the seed data ends), None is the machine's own.
    """

    seed: int = 1
    customers: int = 160
    invoices: int = 320
    credit_notes: int = 45
    no_limits: bool = False
    tl_minute_limit: int = 200
    exact_minute_limit: int = 60
    exact_day_limit: int = 5000
    token_seconds: int = 600
    min_refresh_seconds: int = 570
    tl_token_seconds: int = 3600
    error_velocity: int = 10
    pdf_bytes: int = 20_000
    download_seconds: int = 300
    today: date | None = None


class Clock:
    """The sandbox's time: the machine's, moved to `today` when that is given, and forward by a test."""

    def __init__(self, today: date | None = None) -> None:
        self._shift = timedelta(0)
        if today is not None:
            now = datetime.now(timezone.utc)
            self._shift = datetime.combine(today, time(12), timezone.utc) - now

    def __call__(self) -> datetime:
        """Now, aware, in UTC."""
        return datetime.now(timezone.utc) + self._shift

    def advance(self, seconds: float) -> None:
        """Move the time, so that a test need not wait for a token to expire or a window to end."""
        self._shift += timedelta(seconds=seconds)
