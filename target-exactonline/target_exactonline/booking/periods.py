"""Financial periods as Exact's own table gives them, broken financial years included (accounting rules 15 and 16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from target_exactonline.reasons import refuse

if TYPE_CHECKING:
    from datetime import date

    from exactonline_api.master_data import PeriodTable
    from target_exactonline.booking.rules import Rules


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
