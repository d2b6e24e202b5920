"""Keeps us out of Exact's error-velocity block: a kind of error that goes on at an endpoint is not provoked again.

More than ten errors of one endpoint in an hour block that endpoint for an hour (exact-online 2.8); eight is our
limit. Only 400, 401, 403 and 404 count there, but a business refusal that keeps coming back is held as well, so that
a hundred documents of one blocked customer do not use up the calls of the day.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connector_store import ErrorBudget

LIMIT = 8
VELOCITY = "velocity"
"""Error class of everything that Exact counts, whatever its meaning."""
_BUSINESS_REFUSAL = 500


class CircuitBreaker:
    """Whether one more try is wise."""

    def __init__(self, budget: ErrorBudget) -> None:
        self._budget = budget
        self._limit = LIMIT

    def allows(self, endpoint: str, code: str | None = None) -> bool:
        """Tell whether the endpoint may be tried, by a record that was refused with `code` before."""
        if self._budget.count(endpoint, VELOCITY) >= self._limit:
            return False
        return code is None or self._budget.count(endpoint, code) < self._limit

    @contextmanager
    def for_rejects(self) -> Iterator[None]:
        """Leave half of what is allowed to new work while rejects are tried again."""
        self._limit = LIMIT // 2
        try:
            yield
        finally:
            self._limit = LIMIT

    def record(self, endpoint: str, code: str, status: int) -> None:
        """Remember a refusal: its code in our words, and the HTTP status it came with."""
        self._budget.record(endpoint, code)
        if status < _BUSINESS_REFUSAL:
            self._budget.record(endpoint, VELOCITY)
