"""The switches of the Exact side, with the values of the real service as defaults."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class ExactOptions:
    """Limits and quirks.

    `no_limits` switches rate limits and error velocity off. `error_velocity` is the number of error answers per
    endpoint and hour that is still tolerated (exact-online 2.8), 0 for no block; `error_velocity_counts_500` counts
    business refusals too. `float_noise` shows header amounts as sums of doubles (exact-online 3.22). `token_seconds` is
    how long an access token lives (exact-online 1.6), `min_refresh_seconds` how long after one the next may be
    asked for (exact-online 1.7).
    """

    no_limits: bool = False
    exact_minute_limit: int = 60
    exact_day_limit: int = 5000
    error_velocity: int = 10
    error_velocity_counts_500: bool = False
    float_noise: bool = True
    token_seconds: int = 600
    min_refresh_seconds: int = 570

    @classmethod
    def read(cls, options: Any) -> ExactOptions:
        """The switches that an options object (or mapping) carries, the defaults for the others."""
        given = (
            options
            if isinstance(options, dict)
            else {field.name: getattr(options, field.name, None) for field in fields(cls)}
        )
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in given.items() if name in known and value is not None})
