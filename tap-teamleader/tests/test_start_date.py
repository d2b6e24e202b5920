"""The forms of the setting `start_date`."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from tap_teamleader.start_date import StartDateError, first_day


@pytest.mark.parametrize(
    ("setting", "today", "expected"),
    [
        ("2026-05-17", "2026-11-21", date(2026, 5, 17)),
        ("fiscal_year", "2026-11-21", date(2026, 1, 1)),
        ("fiscal_year", "2026-01-01", date(2026, 1, 1)),
        ("quarter", "2026-11-21", date(2026, 10, 1)),
        ("quarter", "2026-03-31", date(2026, 1, 1)),
        ("quarter", "2026-04-01", date(2026, 4, 1)),
        ("quarter", "2026-09-30", date(2026, 7, 1)),
        ("month", "2026-11-21", date(2026, 11, 1)),
        ("month", "2028-02-29", date(2028, 2, 1)),
        ("all", "2026-11-21", None),
    ],
)
def test_first_day(setting: str, today: str, expected: date | None) -> None:
    with time_machine.travel(f"{today}T12:00:00Z", tick=False):
        assert first_day(setting) == expected


@pytest.mark.parametrize("setting", ["yesterday", "", "2026-13-01", "2026-02-30", "01/02/2026", "2026-05-17T00:00:00Z"])
def test_another_form_is_refused_with_the_ones_that_work(setting: str) -> None:
    with pytest.raises(StartDateError, match="fiscal_year, quarter, month, all"):
        first_day(setting)
