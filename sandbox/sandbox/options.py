"""What a sandbox can be told when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone


@dataclass(frozen=True)
class Options:
    """Size of the data, limits and lifetimes; the defaults are those of the real services, the seed data's apart.

    Numbers of seconds and calls per minute or day; `pdf_bytes` is the smallest size of a downloaded PDF;
    `today` moves the sandbox's calendar (the day the seed data ends), None is the machine's own; with `frozen` the time
    passes only when a test moves it; `country` is that of the first department and its administration (`BE` or `NL`),
    `unfinished` names what is left out of the administration, `companies` is how many Belgian companies there are, each
    a department with an administration of its own; all documents of the seed are the first one's.
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
    frozen: bool = False
    country: str = "BE"
    companies: int = 1
    unfinished: tuple[str, ...] = ()


class Clock:
    """The sandbox's time: the machine's, moved to noon of `today` when that is given, and forward by a test.

    A frozen clock stands still but for what a test moves it.
    """

    def __init__(self, today: date | None = None, *, frozen: bool = False) -> None:
        now = datetime.now(timezone.utc)
        start = now if today is None else datetime.combine(today, time(12), timezone.utc)
        self._shift = start - now
        self._stands_at = start if frozen else None

    def __call__(self) -> datetime:
        """Now, aware, in UTC."""
        return self._stands_at or datetime.now(timezone.utc) + self._shift

    def move_to(self, moment: datetime) -> None:
        """Move the time forward to a moment; one that is past changes nothing."""
        step = max(moment - self(), timedelta(0))
        self._shift += step
        if self._stands_at is not None:
            self._stands_at += step

    def freeze(self, *, frozen: bool) -> None:
        """Let the time stand still, or run on from where it is."""
        now = self()
        self._shift = now - datetime.now(timezone.utc)
        self._stands_at = now if frozen else None
