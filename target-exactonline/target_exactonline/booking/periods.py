"""Financial periods as Exact's own table gives them, broken financial years included (accounting rules 15 and 16)."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from exactonline_api.dates import to_date
from target_exactonline.reasons import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from target_exactonline.booking.rules import Rules


@dataclass(frozen=True, order=True)
class Period:
    """One financial period; both dates belong to it."""

    start: date
    end: date
    year: int
    number: int

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Period:
        """Read a row of financial/FinancialPeriods (FinYear, FinPeriod, StartDate, EndDate)."""
        return cls(to_date(row["StartDate"]), to_date(row["EndDate"]), int(row["FinYear"]), int(row["FinPeriod"]))

    @property
    def name(self) -> str:
        """Year and period as Exact's own messages write them, e.g. "2026-03"."""
        return f"{self.year}-{self.number:02}"


@dataclass(frozen=True)
class PeriodTable:
    """All periods of the administration, in order of date, and which of them are known to be closed.

    Exact's table does not say whether a period is open. That is learnt from its refusals (`with_closed`) and from the
    setting `closed_until`.
    """

    periods: tuple[Period, ...] = ()
    closed: frozenset[tuple[int, int]] = frozenset()
    """(year, period) of the periods known to be closed."""

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> PeriodTable:
        """Build the table from the rows of financial/FinancialPeriods, in any order."""
        return cls(tuple(sorted(Period.from_row(row) for row in rows)))

    def with_closed(self, *periods: tuple[int, int]) -> PeriodTable:
        """Return the table with these (year, period) known to be closed as well."""
        return replace(self, closed=self.closed | set(periods))

    def find(self, day: date) -> Period | None:
        """Return the period of a calendar day, None when Exact has none."""
        place = bisect_right(self.periods, day, key=lambda period: period.start)
        if place and self.periods[place - 1].end >= day:
            return self.periods[place - 1]
        return None

    def is_closed(self, period: Period) -> bool:
        """Tell whether the period is known to be closed."""
        return (period.year, period.number) in self.closed

    def first_open_day(self, after: date, closed_until: date | None = None) -> date | None:
        """Return the first day on or after `after` in a period not known to be closed, None when there is none."""
        if closed_until is not None and closed_until >= after:
            after = closed_until + timedelta(days=1)
        for period in self.periods:
            if period.end >= after and not self.is_closed(period):
                return max(period.start, after)
        return None


def why_closed(day: date, rules: Rules, periods: PeriodTable) -> str | None:
    """Return why nothing may be booked or changed on a day, None when it may as far as is known."""
    if rules.closed_until is not None and day <= rules.closed_until:
        return f"the books are closed up to {rules.closed_until}"
    period = periods.find(day)
    return "it is closed in Exact" if period is not None and periods.is_closed(period) else None


def place_in_period(day: date, rules: Rules, periods: PeriodTable) -> date:
    """Return the entry date for a document of `day`: the day itself, or with next_open the first open day after it.

    Raises:
        Rejected: period_missing or period_closed.
    """
    period = periods.find(day)
    if period is None:
        raise refuse("period_missing", f"Exact has no financial period for {day}", date=day)
    why = why_closed(day, rules, periods)
    if why is None:
        return day
    if rules.on_closed_period == "next_open":
        moved = periods.first_open_day(day, rules.closed_until)
        if moved is not None:
            return moved
    raise refuse("period_closed", f"Period {period.name} does not take a document of {day}: {why}", date=day)
