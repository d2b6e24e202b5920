"""Bookmark and memory of a stream."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tap_teamleader.progress import Progress

LATER = "2026-11-02T12:00:00Z"


def progress(state: dict[str, Any] | None = None, minutes: int = 10) -> Progress:
    return Progress({} if state is None else state, timedelta(minutes=minutes))


def deliver(to: Progress, row: str, updated_at: str, read_at: str = LATER) -> None:
    to.move_to(updated_at)
    to.remember(row, updated_at, read_at)


def test_a_new_stream_begins_at_the_beginning() -> None:
    assert progress().bookmark is None
    assert progress().since is None


def test_it_looks_back_before_the_bookmark() -> None:
    state: dict[str, Any] = {}
    deliver(progress(state), "a", "2026-11-02T10:00:00Z")
    assert state["replication_key_value"] == "2026-11-02T10:00:00Z"
    assert progress(state).since == "2026-11-02T09:50:00Z"


def test_what_the_look_back_finds_again_is_known_and_a_new_version_is_not() -> None:
    state: dict[str, Any] = {}
    deliver(progress(state), "a", "2026-11-02T09:58:00Z")
    deliver(progress(state), "b", "2026-11-02T10:00:00Z")
    again = progress(state)
    assert not again.is_new("a", "2026-11-02T09:58:00Z")
    assert again.is_new("a", "2026-11-02T09:59:00Z")
    assert again.is_new("late", "2026-11-02T09:57:00Z")


def test_a_late_change_does_not_put_the_bookmark_back() -> None:
    state: dict[str, Any] = {}
    deliver(progress(state), "a", "2026-11-02T10:00:00Z")
    deliver(progress(state), "late", "2026-11-02T09:55:00Z")
    assert progress(state).bookmark == "2026-11-02T10:00:00Z"
    assert not progress(state).is_new("late", "2026-11-02T09:55:00Z")


def test_what_falls_out_of_the_look_back_is_forgotten() -> None:
    state: dict[str, Any] = {}
    deliver(progress(state), "a", "2026-11-02T10:00:00Z")
    deliver(progress(state), "b", "2026-11-02T10:10:00Z")
    deliver(progress(state), "c", "2026-11-02T10:10:01Z")
    assert sorted(state["seen"]) == ["b", "c"]


def test_a_row_read_in_the_second_of_its_change_is_read_once_more() -> None:
    state: dict[str, Any] = {}
    deliver(progress(state), "a", "2026-11-02T10:00:00Z", read_at="2026-11-02T10:00:01Z")
    assert progress(state).is_new("a", "2026-11-02T10:00:00Z")
    deliver(progress(state), "a", "2026-11-02T10:00:00Z", read_at="2026-11-02T10:00:02Z")
    assert not progress(state).is_new("a", "2026-11-02T10:00:00Z")


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3000)), max_size=30), st.integers(0, 30))
def test_cut_off_anywhere_nothing_is_lost_and_little_is_repeated(changes: list[tuple[int, int]], cut: int) -> None:
    """Whatever part of a sorted listing went out, the next listing from `since` leaves exactly the rest."""
    rows = {f"doc-{number}": f"2026-11-02T10:{second // 60:02d}:{second % 60:02d}Z" for number, second in changes}
    listing = sorted((updated_at, row) for row, updated_at in rows.items())
    state: dict[str, Any] = {}
    for updated_at, row in listing[:cut]:
        deliver(progress(state), row, updated_at)
    resumed = progress(state)
    rest = [
        row for updated_at, row in listing if updated_at >= (resumed.since or "") and resumed.is_new(row, updated_at)
    ]
    assert rest == [row for _, row in listing[cut:]]


def scope(setting: str, day: str | None, department: str | None = None) -> dict[str, str | None]:
    return {"department_id": department, "start_date": setting, "from": day}


def begun(setting: str, day: str | None) -> dict[str, Any]:
    state: dict[str, Any] = {}
    progress(state).confine_to(scope(setting, day))
    deliver(progress(state), "a", "2026-11-02T10:00:00Z")
    return state


def test_a_named_start_date_stays_at_the_day_of_the_first_run() -> None:
    """An invoice of 30 November that is booked on 1 December must not fall between two months."""
    state = begun("month", "2026-11-01")
    assert progress(state).confine_to(scope("month", "2026-12-01"))["from"] == "2026-11-01"
    assert progress(state).bookmark == "2026-11-02T10:00:00Z"


def test_an_earlier_start_date_reads_again_from_that_day() -> None:
    state = begun("2026-06-01", "2026-06-01")
    assert progress(state).confine_to(scope("2026-01-01", "2026-01-01"))["from"] == "2026-01-01"
    assert progress(state).bookmark is None
    assert progress(state).is_new("a", "2026-11-02T10:00:00Z")


def test_all_is_earlier_than_any_day() -> None:
    state = begun("2026-06-01", "2026-06-01")
    assert progress(state).confine_to(scope("all", None))["from"] is None
    assert progress(state).bookmark is None


def test_a_later_start_date_goes_on_where_it_was() -> None:
    state = begun("all", None)
    assert progress(state).confine_to(scope("2026-06-01", "2026-06-01"))["from"] == "2026-06-01"
    assert progress(state).bookmark == "2026-11-02T10:00:00Z"


def test_another_department_begins_anew() -> None:
    state = begun("all", None)
    progress(state).confine_to(scope("all", None, "another"))
    assert progress(state).bookmark is None


def test_a_bookmark_from_elsewhere_is_kept_and_read_in_utc() -> None:
    state: dict[str, Any] = {"replication_key_value": "2026-11-02T11:00:00+01:00"}
    progress(state).confine_to(scope("all", None))
    assert progress(state).bookmark == "2026-11-02T10:00:00Z"


def test_a_row_that_could_not_be_read_is_kept_for_the_next_run() -> None:
    state: dict[str, Any] = {}
    progress(state).set_aside("a", ["2026-11-02T10:00:00Z", "company", "c-1"])
    deliver(progress(state), "b", "2026-11-03T10:00:00Z")
    assert progress(state).put_aside == {"a": ["2026-11-02T10:00:00Z", "company", "c-1"]}
    progress(state).settle("a")
    assert "put_aside" not in state
