"""Moments as bookmarks: UTC, one width, comparable as text."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_teamleader import timestamps


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-02-04T16:44:33+00:00", "2026-02-04T16:44:33Z"),
        ("2026-02-04T16:44:33Z", "2026-02-04T16:44:33Z"),
        ("2026-07-04T16:44:33+02:00", "2026-07-04T14:44:33Z"),
        ("2026-07-04T16:44:33+0200", "2026-07-04T14:44:33Z"),
        ("2026-02-04T16:44:33.999+01:00", "2026-02-04T15:44:33Z"),
        ("2026-02-04T16:44:33", "2026-02-04T16:44:33Z"),
        pytest.param("2026-10-25T02:59:59+02:00", "2026-10-25T00:59:59Z", id="before the clock goes back"),
        pytest.param("2026-10-25T02:00:00+01:00", "2026-10-25T01:00:00Z", id="after the clock went back"),
    ],
)
def test_utc(written: str, read: str) -> None:
    assert timestamps.utc(written) == read


def test_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="yesterday"):
        timestamps.utc("yesterday")


moments = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1))  # noqa: DTZ001
offsets = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(moments, offsets, moments, offsets)
def test_texts_sort_as_the_moments_do(one: datetime, here: timezone, other: datetime, there: timezone) -> None:
    first, second = one.replace(tzinfo=here, microsecond=0), other.replace(tzinfo=there, microsecond=0)
    assert (timestamps.utc(first.isoformat()) <= timestamps.utc(second.isoformat())) == (first <= second)


def test_going_back_crosses_midnight() -> None:
    assert timestamps.earlier("2026-03-01T00:05:00Z", timedelta(minutes=10)) == "2026-02-28T23:55:00Z"


def test_filters_get_an_offset_in_figures() -> None:
    assert timestamps.for_filter("2026-03-01T00:05:00Z") == "2026-03-01T00:05:00+00:00"
