"""State is passed on in small steps, and never ahead of what is durably done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api_core.errors import TryLater
from singer_shell import checkpoints

if TYPE_CHECKING:
    import pytest


def test_state_is_passed_on_every_so_many_records(specimens: Any, numbers: Any) -> None:
    assert specimens.feed(numbers(*range(1, 10))) == ([4, 8, 9], None)
    assert specimens.kept() == list(range(1, 10))


def test_state_is_passed_on_when_it_is_late(specimens: Any, numbers: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "SECONDS", 0.0)
    assert specimens.feed(numbers(1, 2, 3)) == ([1, 2, 3, 3], None)


def test_state_of_what_is_done_is_out_before_a_run_breaks_and_never_more(specimens: Any, numbers: Any) -> None:
    states, error = specimens.feed(numbers(*range(1, 10)), breaks_at=7)
    assert isinstance(error, TryLater)
    assert states == [4]
    assert specimens.kept() == [1, 2, 3, 4, 5, 6]
    assert specimens.last_run().outcome == "postponed"
    assert specimens.last_run().message == "The service does not answer: try again later.; until then 6 kept"


def test_a_dry_run_passes_on_no_state(specimens: Any, numbers: Any) -> None:
    assert specimens.feed(numbers(*range(1, 10)), dry_run=True) == ([], None)
