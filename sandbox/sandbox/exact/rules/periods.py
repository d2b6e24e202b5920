"""Financial periods: which one a date falls in, and whether it may still be booked in (exact-online 6.9, 8.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.exact import wire

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.rules.checks import Problems

PATH = "financial/FinancialPeriods"
Period = tuple[int, int]
"""Financial year and period; a year need not be a calendar year, nor a period a month."""


def period_of(state: ExactState, date_ms: int) -> Period | None:
    """The period of a date, if the period table has one."""
    day = date_ms - date_ms % wire.DAY_MS
    for row in state[PATH]:
        if row["StartDate"] <= day <= row["EndDate"]:
            return row["FinYear"], row["FinPeriod"]
    return None


def exists(state: ExactState, period: Period) -> bool:
    """Whether the period table has that year and period."""
    return any((row["FinYear"], row["FinPeriod"]) == period for row in state[PATH])


def check_open(state: ExactState, period: Period, problems: Problems) -> None:
    """Closed periods take nothing: no new entry, no change, no deletion."""
    if period in state.closed_periods:
        year, number = period
        problems.append(("period_closed", f"{year}-{number:02d}"))
