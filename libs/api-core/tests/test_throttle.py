"""What the headers of a limit say."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pytest

from api_core.throttle import time_until, whole_number

if TYPE_CHECKING:
    from api_core.testing import FakeClock


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), (" 12 ", 12), ("", None), (None, None), ("soon", None), ("-1", None), ("1.5", None)]
)
def test_what_is_not_told_is_not_zero(text: str | None, number: int | None) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("date", [None, "", "yesterday"])
def test_without_a_date_of_the_server_our_clock_counts(clock: FakeClock, date: str | None) -> None:
    headers = {} if date is None else {"Date": date}
    assert time_until(clock.now() + timedelta(seconds=20), headers, clock) == timedelta(seconds=20)


def test_the_wait_is_right_when_our_clock_is_not(clock: FakeClock) -> None:
    headers = {"Date": format_datetime(clock.now(), usegmt=True)}
    resets_at = clock.now() + timedelta(seconds=20)
    clock.time += timedelta(hours=1)
    assert time_until(resets_at, headers, clock) == timedelta(seconds=20)
