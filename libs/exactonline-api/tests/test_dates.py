"""Days are UTC midnights, moments are Dutch wall-clock time written as UTC (exact-online 3.18-3.20)."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from exactonline_api import dates


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("/Date(1782345600000)/", date(2026, 6, 25)),
        ("/Date(0)/", date(1970, 1, 1)),
        ("/Date(-86400000)/", date(1969, 12, 31)),
        ("/Date(253402214400000)/", date(9999, 12, 31)),
    ],
)
def test_a_day_is_the_utc_calendar_day_whatever_the_zone_of_the_machine(
    written: str, day: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    assert dates.to_date(written) == day


def test_a_moment_shown_as_16_21_in_a_dutch_summer_was_14_21_utc() -> None:
    assert dates.to_wall_clock("/Date(1782404464260)/") == datetime(2026, 6, 25, 16, 21, 4, 260000)  # noqa: DTZ001
    expected = datetime(2026, 6, 25, 14, 21, 4, 260000, tzinfo=timezone.utc)
    assert dates.to_datetime_utc("/Date(1782404464260)/") == expected


def test_in_winter_the_difference_is_one_hour() -> None:
    january = f"/Date({int(datetime(2026, 1, 15, 12, tzinfo=timezone.utc).timestamp()) * 1000})/"
    assert dates.to_datetime_utc(january) == datetime(2026, 1, 15, 11, tzinfo=timezone.utc)


def test_in_the_repeated_hour_of_october_the_earlier_moment_is_taken() -> None:
    twice = f"/Date({int(datetime(2026, 10, 25, 2, 30, tzinfo=timezone.utc).timestamp()) * 1000})/"
    assert dates.to_datetime_utc(twice) == datetime(2026, 10, 25, 0, 30, tzinfo=timezone.utc)


@pytest.mark.parametrize("text", ["", "2026-06-25", "/Date(x)/", "/Date(1)/ "])
def test_another_notation_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="/Date"):
        dates.to_date(text)


def test_a_day_is_written_without_a_time() -> None:
    assert dates.write_date(date(2026, 6, 5)) == "2026-06-05"
