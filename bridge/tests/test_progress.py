"""How far a run came, in one line."""

from __future__ import annotations

import io
import queue
from datetime import datetime, timedelta, timezone

import pytest
from rich.console import Console

from bridge.run.display import Bar, Lines, display
from bridge.run.progress import Seen, forecast, progress
from bridge.run.pulse import EVERY, Pulse

NOW = datetime(2026, 11, 24, 14, 30, tzinfo=timezone.utc)  # a Tuesday


@pytest.mark.parametrize(
    ("seen", "minutes", "line"),
    [
        (Seen(0, None, None, None), 1, "documents: 0 done"),
        (Seen(120, None, 380, 5000), 6, "documents: 120 done, 380 of 5,000 calls of today used"),
        (
            Seen(120, 365, 380, 5000),
            12,
            "documents: 120 of 365, 380 of 5,000 calls of today used, ready at 14:54",
        ),
        (Seen(2, 365, None, None), 1, "documents: 2 of 365"),
        (Seen(365, 365, None, None), 40, "documents: 365 of 365"),
    ],
)
def test_a_line_of_progress(seen: Seen, minutes: int, line: str) -> None:
    assert progress("documents", seen, timedelta(minutes=minutes), NOW, timezone.utc) == line


def test_the_days_limit_comes_with_a_forecast() -> None:
    assert forecast(Seen(1340, 5000, 5000, 5000), NOW, timezone.utc) == "1,340 of 5,000, ready on Friday"
    assert forecast(Seen(2500, 5000, 5000, 5000), NOW, timezone.utc) == "2,500 of 5,000, ready on Wednesday"
    assert forecast(Seen(10, None, 5000, 5000), NOW, timezone.utc) is None


def test_nobody_waits_for_a_line_for_more_than_half_a_minute() -> None:
    assert EVERY * 1.5 <= 30


def test_a_step_that_takes_long_is_named_again_and_again() -> None:
    told: queue.Queue[str] = queue.Queue()
    with Pulse(told.put, every=0.01).during("Meltano is asked"):
        assert [told.get() for _ in range(3)] == ["Meltano is asked"] * 3


def test_a_step_that_ends_before_a_line_is_due_is_not_named() -> None:
    told: list[str] = []
    pulse = Pulse(told.append, every=3600)
    with pulse.during("Meltano is asked"):
        pulse.tell("something to do")
    assert told == ["something to do"]
    assert not pulse.is_due


@pytest.mark.parametrize(("every", "is_due"), [(0, True), (3600, False)])
def test_progress_is_told_when_no_line_of_any_kind_was_for_a_while(every: float, is_due: bool) -> None:  # noqa: FBT001
    pulse = Pulse([].append, every)
    pulse.tell("something to do")
    assert Lines(pulse).is_due == is_due


def test_a_terminal_shows_a_bar_with_how_many_calls_and_when_it_is_ready() -> None:
    written = io.StringIO()
    console = Console(file=written, force_terminal=True, width=140)
    with Bar(console) as bar:
        bar.show("documents", Seen(120, 365, 380, 5000), timedelta(minutes=12))
        bar.show("payments", Seen(7, None, 400, 5000), timedelta(minutes=1))
    text = written.getvalue()
    assert "120 of 365" in text
    assert "380 of 5,000 calls of today used, ready at " in text
    assert "7 done" in text
    assert "\N{BOX DRAWINGS HEAVY HORIZONTAL}" in text


def test_where_no_terminal_is_lines_come_in_time() -> None:
    told: list[str] = []
    shown = display(Pulse(told.append))
    assert isinstance(shown, Lines)
    with shown:
        shown.show("documents", Seen(120, 365, None, None), timedelta(minutes=1))
    assert [line.partition(", ready")[0] for line in told] == ["documents: 120 of 365"]
