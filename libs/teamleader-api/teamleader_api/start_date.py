"""From which document date on documents are read."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Final

ALL: Final = "all"
FORMS: Final = "a date such as 2026-01-01, or fiscal_year, quarter, month, all"


class StartDateError(ValueError):
    """The setting `start_date` has none of the allowed forms."""


def first_day(setting: str, today: date | None = None) -> date | None:
    """Resolve `start_date`; None means that every document is read.

    `fiscal_year` is the first of January of the year in which `today` (UTC) lies, `quarter` the first day of its
    calendar quarter, `month` the first day of its month.

    Raises:
        StartDateError: The setting has another form.
    """
    today = today or datetime.now(timezone.utc).date()
    named: dict[str, date | None] = {
        ALL: None,
        "fiscal_year": date(today.year, 1, 1),
        "quarter": date(today.year, 3 * ((today.month - 1) // 3) + 1, 1),
        "month": date(today.year, today.month, 1),
    }
    if setting in named:
        return named[setting]
    try:
        return datetime.strptime(setting, "%Y-%m-%d").date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        raise StartDateError(f"start_date {setting!r} is not {FORMS}") from None
