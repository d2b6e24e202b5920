"""When a full run is due without asking anybody: both directions together, or each by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bridge.project import Coupling, Project
from bridge.run import news
from connector_store import ConnectorStore, DivisionStore
from connector_store.columns import utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DIVISION = 123456
BOTH = ("documents", "payments")


@pytest.fixture
def coupling(tmp_path: Path) -> Coupling:
    return Project(tmp_path, tmp_path / "meltano").all_couplings()[0]


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[DivisionStore]:
    with ConnectorStore.open(f"sqlite:///{tmp_path}/connector.db") as store:
        yield DivisionStore(store, DIVISION)


def write(memory: DivisionStore) -> None:
    """Write a line of the audit trail, as a run and a person do."""
    memory.store.audit("person.retry", division=DIVISION, kind="invoice", source_id="1")


def due(coupling: Coupling, memory: DivisionStore) -> str | None:
    return news.known_here(coupling, memory, utc_now())


def test_both_directions_have_to_have_worked_once_together_or_each_alone(
    coupling: Coupling, memory: DivisionStore
) -> None:
    assert due(coupling, memory) == "no full run worked yet"
    news.keep_position(coupling, memory, ["documents"], utc_now())
    assert due(coupling, memory) == "no full run worked yet"
    news.keep_position(coupling, memory, ["payments"], utc_now())
    assert due(coupling, memory) is None


@pytest.mark.parametrize("late", BOTH)
def test_a_direction_that_last_worked_an_hour_ago_makes_a_full_run_due(
    coupling: Coupling, memory: DivisionStore, late: str
) -> None:
    news.keep_position(coupling, memory, BOTH, utc_now())
    news.keep_position(coupling, memory, [late], utc_now() - timedelta(hours=1))
    assert due(coupling, memory) == "the last full run is an hour old"


def test_what_a_direction_wrote_itself_makes_no_other_run_due(coupling: Coupling, memory: DivisionStore) -> None:
    for direction in BOTH:
        began = utc_now()
        write(memory)
        news.keep_position(coupling, memory, [direction], began)
    assert due(coupling, memory) is None


def test_what_a_person_changed_between_the_two_directions_makes_a_run_due(
    coupling: Coupling, memory: DivisionStore
) -> None:
    news.keep_position(coupling, memory, ["documents"], utc_now())
    write(memory)
    news.keep_position(coupling, memory, ["payments"], utc_now())
    assert due(coupling, memory) == "something was changed here"
