"""When a full run is due without asking anybody: both directions together, or each by itself."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bridge.project import Coupling, Project
from bridge.run import asking, news
from connector_store import ConnectorStore, DivisionStore
from connector_store.columns import utc_now

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

DIVISION = 123456
BOTH = ("documents", "payments")
COUPLING = Coupling(Project(Path(), Path()), None)


@pytest.fixture
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DivisionStore]:
    # Neither service has anything new to say.
    monkeypatch.setattr(asking, "ask", lambda *_: asking.Answers(None, ""))
    with ConnectorStore.open(f"sqlite:///{tmp_path}/connector.db") as store:
        yield DivisionStore(store, DIVISION)


def write(memory: DivisionStore) -> None:
    """Write a line of the audit trail, as a run and a person do."""
    memory.store.audit("person.retry", division=DIVISION, kind="invoice", source_id="1")


def due(memory: DivisionStore) -> str | None:
    return news.look(COUPLING, memory, utc_now()).reason


def worked(memory: DivisionStore, directions: Collection[str], began: datetime) -> None:
    news.note_run(COUPLING, memory, directions, began, news.News("asked for"), worked=True)


def test_both_directions_have_to_have_worked_once_together_or_each_alone(memory: DivisionStore) -> None:
    assert due(memory) == "no full run worked yet"
    worked(memory, ["documents"], utc_now())
    assert due(memory) == "no full run worked yet"
    worked(memory, ["payments"], utc_now())
    assert due(memory) is None


@pytest.mark.parametrize("late", BOTH)
def test_a_direction_that_last_worked_a_day_ago_makes_a_full_run_due(memory: DivisionStore, late: str) -> None:
    worked(memory, BOTH, utc_now())
    worked(memory, [late], utc_now() - timedelta(days=1))
    assert due(memory) == "the last full run is a day old"


def test_what_a_direction_wrote_itself_makes_no_other_run_due(memory: DivisionStore) -> None:
    for direction in BOTH:
        began = utc_now()
        write(memory)
        worked(memory, [direction], began)
    assert due(memory) is None


def test_what_a_person_changed_between_the_two_directions_makes_a_run_due(memory: DivisionStore) -> None:
    worked(memory, ["documents"], utc_now())
    write(memory)
    worked(memory, ["payments"], utc_now())
    assert due(memory) == "something was changed here"
