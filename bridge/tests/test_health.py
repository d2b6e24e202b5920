"""Health, from facts: no situation comforts falsely."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from bridge.view.health import Facts, Health, health
from connector_store import Run

if TYPE_CHECKING:
    from connector_store.runs import Outcome

NOW = datetime(2026, 11, 27, 14, 30, tzinfo=timezone.utc)
DIVISION = 123456
FOUR = ("tap-teamleader", "target-exactonline", "tap-exactonline", "target-teamleader")


def ran(
    plugin: str,
    minutes_ago: float,
    outcome: Outcome | None = "ok",
    message: str = "",
    division: int | None = DIVISION,
    **whose: str | None,
) -> Run:
    """A run that ended so long ago; one without an outcome began then, and has no end."""
    moment = NOW - timedelta(minutes=minutes_ago)
    ended = None if outcome is None else moment
    return Run(int(10_000 - minutes_ago), plugin, division, moment, ended, outcome, {}, message, **whose)


def all_ran(minutes_ago: float, coupling: str | None = None, department: str | None = None) -> list[Run]:
    return [ran(plugin, minutes_ago, coupling=coupling, department=department) for plugin in FOUR]


def of(runs: list[Run], to_do: int = 0, **given: Any) -> Health:
    return health(Facts(runs, to_do, NOW, **{"is_there": lambda _: True, "zone": timezone.utc, **given}))


@pytest.mark.parametrize(
    ("runs", "to_do", "level", "line"),
    [
        ([], 0, "amber", "No run yet. Begin with: bridge run"),
        ([*all_ran(300), ran("bridge look", 5)], 0, "green", "All in order, last success 14:25"),
        (
            [*all_ran(300), ran("tap-exactonline", 290, "failed", "Login to Exact expired"), ran("bridge look", 5)],
            0,
            "red",
            "Login to Exact expired: nothing booked since 09:30",
        ),
        (
            [*all_ran(300), ran("bridge look", 5, "postponed", "Exact does not answer")],
            0,
            "red",
            "Exact does not answer: nothing booked since 09:30",
        ),
        (
            [*all_ran(60), ran("bridge look", 65, "failed", "Login to Exact expired")],
            0,
            "green",
            "All in order, last success 13:30",
        ),
        (all_ran(15), 0, "green", "All in order, last success 14:15"),
        (all_ran(15), 3, "amber", "3 need you; last success 14:15"),
        (
            [*all_ran(300), ran("tap-teamleader", 15, "failed", "Login to Teamleader expired; until then read 0")],
            0,
            "red",
            "Login to Teamleader expired: nothing booked since 09:30",
        ),
        (
            [*all_ran(15), ran("tap-exactonline", 14, "failed", "Login to Exact expired")],
            2,
            "red",
            "Login to Exact expired: nothing booked since 14:15",
        ),
        (
            [*all_ran(15), ran("target-exactonline", 5, "postponed", "Exact's limit of calls per day is used up")],
            0,
            "amber",
            "Exact's limit of calls per day is used up: nothing booked since 14:15",
        ),
        (
            [*all_ran(24 * 60), ran("target-exactonline", 5, "postponed", "Exact does not answer")],
            0,
            "red",
            "Exact does not answer: nothing booked since 2026-11-26 14:30",
        ),
        (
            all_ran(180),
            0,
            "red",
            "No run since 11:30, look at: bridge schedule show; nothing booked since 11:30",
        ),
        (
            [*all_ran(15), ran("target-exactonline", 1, "skipped", "Another run")],
            0,
            "green",
            "All in order, last success 14:15",
        ),
        ([*all_ran(15), ran("target-exactonline", 1, None)], 0, "green", "All in order, last success 14:15"),
        (
            [*all_ran(180), ran("target-exactonline", 60, None)],
            0,
            "amber",
            "A run is under way since 13:30; nothing booked since 11:30",
        ),
        (
            [run for run in all_ran(15) if run.plugin != "target-teamleader"],
            0,
            "amber",
            "Not every part ran yet (target-teamleader), run them with: bridge run",
        ),
        (
            [*all_ran(30), ran("bridge", 15, "failed", "Meltano is not installed")],
            0,
            "red",
            "Meltano is not installed: nothing booked since 14:00",
        ),
        (
            [*all_ran(10), ran("bridge", 15, "failed", "Meltano is not installed")],
            0,
            "green",
            "All in order, last success 14:20",
        ),
        (
            [*all_ran(30)[:2], *all_ran(5)[2:], ran("bridge documents", 10, "failed", "Meltano is not installed")],
            0,
            "red",
            "Meltano is not installed: nothing booked since 14:00",
        ),
        (
            [*all_ran(5)[:2], *all_ran(30)[2:], ran("bridge documents", 10, "failed", "Meltano is not installed")],
            0,
            "green",
            "All in order, last success 14:00",
        ),
    ],
)
def test_the_line_says_what_the_facts_say(runs: list[Run], to_do: int, level: str, line: str) -> None:
    told = of(runs, to_do)
    assert (told.level, told.line) == (level, line)


def test_a_tap_that_broke_is_not_hidden_by_its_target_that_ended_well() -> None:
    runs = [*all_ran(200), ran("tap-teamleader", 15, None), ran("target-exactonline", 15)]
    runs += [ran("tap-exactonline", 15), ran("target-teamleader", 15)]
    told = of(runs)
    assert told.documents_ok_at == NOW - timedelta(minutes=200)
    assert told.payments_ok_at == NOW - timedelta(minutes=15)
    assert told.level != "green"


def test_a_run_that_names_no_division_is_no_success_where_there_are_several() -> None:
    runs = [run for run in all_ran(15) if run.plugin != "tap-teamleader"]
    runs.append(ran("tap-teamleader", 15, division=None))
    assert of(runs).level == "green"
    assert of(runs, alone=False).level == "amber"


@pytest.mark.parametrize("age", [1, 60, 119])
def test_green_needs_both_directions_within_the_time(age: float) -> None:
    assert of(all_ran(age)).level == "green"
    assert of(all_ran(age), max_age=timedelta(minutes=age) - timedelta(seconds=1)).level != "green"
    for lacking in FOUR:
        assert of([run for run in all_ran(age) if run.plugin != lacking]).level != "green"


EXPIRED = "Login to Exact expired"


def test_a_coupling_that_works_does_not_hide_the_failure_of_another_one_in_its_administration() -> None:
    south = [*all_ran(300, "south"), ran("target-exactonline", 290, "failed", EXPIRED, coupling="south")]
    told = of([*south, *all_ran(5, "north")])
    assert (told.level, told.line) == ("red", f"south: {EXPIRED}: nothing booked since 09:30")
    assert {name: each.level for name, each in told.couplings} == {"north": "green", "south": "red"}
    assert told.documents_ok_at == NOW - timedelta(minutes=300)


def test_a_coupling_that_is_no_longer_called_is_not_hidden_either() -> None:
    told = of([*all_ran(5, "north"), *all_ran(300, "south"), ran("bridge look", 5, coupling="north")])
    line = "south: No run since 09:30, look at: bridge schedule show; nothing booked since 09:30"
    assert (told.level, told.line) == ("red", line)


def test_the_one_without_a_name_is_named_too() -> None:
    told = of([*all_ran(300, ""), *all_ran(5, "north")])
    assert told.line.startswith("the project's own coupling: No run since 09:30")


def test_all_in_order_is_said_once_of_all_and_so_is_what_needs_a_person() -> None:
    runs = [*all_ran(5, "north"), *all_ran(15, "south")]
    assert of(runs)[:2] == ("green", "All in order, last success 14:15")
    assert of(runs, 3)[:2] == ("amber", "3 need you; last success 14:15")
    assert [name for name, _ in of(runs).couplings] == ["north", "south"]


def test_one_coupling_is_spoken_of_without_its_name() -> None:
    told = of([*all_ran(15, "north"), ran("tap-exactonline", 14, "failed", EXPIRED, coupling="north")])
    assert (told.line, told.couplings) == (f"{EXPIRED}: nothing booked since 14:15", ())


def test_runs_of_before_couplings_were_told_apart_count_for_each_until_its_own_say_more() -> None:
    before = all_ran(30)
    failed = ran("target-exactonline", 5, "failed", EXPIRED, coupling="south")
    assert of([*before, *all_ran(10, "north"), failed]).line == f"south: {EXPIRED}: nothing booked since 14:00"
    by_hand = ran("target-exactonline", 1)
    assert of([*before, *all_ran(10, "north"), failed, by_hand]).level == "red"


def test_what_is_run_by_hand_counts_for_the_only_coupling() -> None:
    failed = ran("target-exactonline", 5, "failed", EXPIRED, coupling="north")
    assert of([*all_ran(30, "north"), failed, *all_ran(1)])[:2] == ("green", "All in order, last success 14:29")


def test_a_coupling_that_was_taken_away_or_given_another_name_is_not_waited_for() -> None:
    runs = [*all_ran(5, "north"), *all_ran(300, "south")]
    assert of(runs, is_there=lambda name: name != "south")[:2] == ("green", "All in order, last success 14:25")
    runs = [*all_ran(300, "", "department-1"), *all_ran(5, "north", "department-1")]
    assert of(runs)[:2] == ("green", "All in order, last success 14:25")
    assert of([*runs, *all_ran(300, "south", "department-2")]).level == "red"


def test_what_brings_in_customers_makes_no_coupling_of_its_own() -> None:
    assert of([*all_ran(5, "north"), ran("target-teamleader", 300, coupling="")]).couplings == ()
