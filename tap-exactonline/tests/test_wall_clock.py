"""Modified is Dutch wall-clock time: what the two changes of the clock do to bookmarks."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tap_exactonline import wall_clock
from tap_exactonline.progress import KEPT, ModifiedProgress, of_division

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
AUTUMN = datetime(2026, 10, 25, 0, 30, tzinfo=timezone.utc)
"""02:30 in summer time; at 01:00 UTC the clock goes back from 03:00 to 02:00."""
SPRING = datetime(2026, 3, 29, 0, 30, tzinfo=timezone.utc)
"""01:30 in winter time; at 01:00 UTC the clock goes from 02:00 to 03:00."""


def written(moment: datetime) -> str:
    """A moment as Exact shows it (exact-online 3.20)."""
    local = moment.astimezone(AMSTERDAM).replace(tzinfo=timezone.utc)
    return f"/Date({int(local.timestamp() * 1000)})/"


def test_a_moment_is_told_in_utc_and_kept_in_exacts_time() -> None:
    assert wall_clock.text("/Date(1782404464260)/") == "2026-06-25T16:21:04.260"
    assert wall_clock.utc("/Date(1782404464260)/") == "2026-06-25T14:21:04.260Z"
    with pytest.raises(ValueError, match="not a time"):
        wall_clock.text("2026-06-25")


@pytest.mark.parametrize(
    ("bookmark", "since"),
    [
        ("2026-06-25T16:21:04.260", "2026-06-25T16:11:04"),
        ("2026-10-25T01:59:00.000", "2026-10-25T01:49:00"),
        ("2026-10-25T02:59:00.000", "2026-10-25T01:49:00"),
        ("2026-10-25T03:05:00.000", "2026-10-25T01:55:00"),
        ("2026-10-25T03:15:00.000", "2026-10-25T03:05:00"),
        ("2026-03-29T01:59:00.000", "2026-03-29T01:49:00"),
        ("2026-03-29T03:20:00.000", "2026-03-29T03:10:00"),
    ],
)
def test_only_around_the_hour_that_comes_twice_more_is_read_again(bookmark: str, since: str) -> None:
    assert wall_clock.overlap_from(bookmark) == datetime.fromisoformat(since)


class Journal:
    """Rows that are changed as time goes by, and a tap that reads them now and then."""

    def __init__(self, start: datetime) -> None:
        self.now = start
        self.rows: dict[str, str] = {}
        self.state: dict[str, Any] = {}
        self.delivered: list[tuple[str, str]] = []

    def change(self, row_id: str) -> None:
        self.rows[row_id] = written(self.now)

    def read(self) -> None:
        progress, begun = ModifiedProgress(self.state), self.now
        since = progress.since
        for modified, row_id in sorted((wall_clock.text(at), row_id) for row_id, at in self.rows.items()):
            if since and modified < since.strftime("%Y-%m-%dT%H:%M:%S"):
                continue
            if progress.is_new(row_id, modified):
                self.delivered.append((row_id, modified))
            progress.pass_by(row_id, modified)
        progress.end(begun, lambda _: 0)
        progress.save()


MINUTES = st.lists(st.tuples(st.integers(1, 25), st.booleans(), st.sampled_from("abcdef")), max_size=25)


@pytest.mark.parametrize("start", [AUTUMN, SPRING])
@given(steps=MINUTES)
def test_no_change_is_missed_when_the_clock_changes_and_none_comes_twice(start: datetime, steps: Any) -> None:
    journal = Journal(start - timedelta(minutes=45))
    expected = []
    for number, (minutes, reads, row_id) in enumerate(steps):
        # Never the same wall-clock moment twice: Exact's has milliseconds.
        journal.now += timedelta(minutes=minutes, milliseconds=number + 1)
        journal.change(row_id)
        if reads:
            journal.read()
            expected.append(dict(journal.rows))
    journal.read()
    assert len(journal.delivered) == len(set(journal.delivered))
    for rows in [*expected, journal.rows]:
        assert {(row_id, wall_clock.text(at)) for row_id, at in rows.items()} <= set(journal.delivered)


def test_a_change_in_the_second_of_the_two_hours_is_delivered_although_its_time_is_earlier() -> None:
    journal = Journal(AUTUMN)
    journal.change("before")
    journal.read()
    journal.now += timedelta(minutes=45)
    journal.change("after")
    assert wall_clock.text(journal.rows["after"]) < wall_clock.text(journal.rows["before"])
    journal.read()
    journal.read()
    assert [row_id for row_id, _ in journal.delivered] == ["before", "after"]


def test_a_mass_change_does_not_swell_the_state() -> None:
    progress = ModifiedProgress(state := {})
    for number in range(3 * KEPT):
        progress.pass_by(f"{number}", f"2026-06-25T16:21:04.{number % 1000:03}")
    progress.save()
    assert len(state["seen"]) == KEPT


def test_a_row_without_a_time_comes_and_moves_nothing() -> None:
    progress = ModifiedProgress(state := {})
    assert progress.is_new("1", None)
    progress.pass_by("1", None)
    progress.save()
    assert state == {}


def test_a_state_of_another_administration_counts_for_nothing() -> None:
    state = {"division": 1, "replication_key_value": "2026-06-25T16:21:04.260"}
    assert of_division(dict(state), 1) == state
    assert of_division(state, 2) == {}


def test_an_hour_after_the_last_change_nothing_is_read_again_but_its_second() -> None:
    journal = Journal(SPRING - timedelta(days=7))
    journal.change("a")
    journal.read()
    assert journal.state["since"] == "2026-03-22T01:20:00.000"
    journal.now += timedelta(minutes=71)
    journal.read()
    assert journal.state["since"] == "2026-03-22T01:30:00.000"
    journal.change("b")
    journal.read()
    assert [row_id for row_id, _ in journal.delivered] == ["a", "b"]


def test_what_is_read_again_ends_only_when_both_of_the_two_hours_are_past() -> None:
    assert not wall_clock.is_final("2026-10-25T02:30:00.000", AUTUMN + timedelta(minutes=129))
    assert wall_clock.is_final("2026-10-25T02:30:00.000", AUTUMN + timedelta(minutes=131))
