"""When a refused document is tried again, and what a person may decide of it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from connector_store import ConnectorStore, DivisionStore, How, Status
from connector_store.people import Next, NotPossibleError, leave_out, take_in, try_again
from connector_store.rejects import next_try

NOON = datetime(2026, 6, 25, 12, tzinfo=timezone.utc)


@pytest.fixture
def division(store: ConnectorStore) -> DivisionStore:
    return DivisionStore(store, 1)


def refuse(division: DivisionStore, source_id: str = "a", **more: Any) -> None:
    told = {"code": "refused_by_exact", "reason": "Exact quotes Jan Peeters", "hint": "h", "payload": {"id": source_id}}
    division.rejects.put("invoice", source_id, number="2026 / 1", **{**told, **more})


def due(division: DivisionStore, now: datetime) -> list[str]:
    return [each.source_id for each in division.rejects.due(now)]


def test_what_is_refused_rests_a_quarter_an_hour_six_hours_and_then_a_day() -> None:
    minutes = [(next_try(attempts, NOON) - NOON) // timedelta(minutes=1) for attempts in (1, 2, 3, 4, 9)]
    assert minutes == [15, 60, 360, 1440, 1440]


def test_a_reject_is_due_at_its_moment_or_when_a_person_asks(division: DivisionStore) -> None:
    refuse(division, not_before=NOON)
    refuse(division, "new")
    assert due(division, NOON - timedelta(seconds=1)) == ["new"]
    assert due(division, NOON) == ["a", "new"]
    assert try_again(division, "invoice", "a")[1] is Next.NEXT_RUN
    assert due(division, NOON - timedelta(days=1)) == ["a", "new"]
    reject = division.rejects.get("invoice", "a")
    assert reject is not None
    assert (reject.code, reject.not_before) == ("refused_by_exact", None)


def test_what_a_person_left_out_is_not_tried_until_it_is_taken_in(division: DivisionStore) -> None:
    refuse(division)
    leave_out(division, "invoice", "2026/1", who="An", why="Booked by hand in 2025")
    refuse(division, payload={"id": "a", "version": 2})
    reject = division.rejects.get("invoice", "a")
    assert reject is not None
    assert (reject.status, reject.decided_by, reject.reason) == (Status.EXCLUDED, "An", "Booked by hand in 2025")
    assert reject.payload == {"id": "a", "version": 2}
    assert due(division, NOON) == [] == list(division.rejects.pending())
    assert division.rejects.excluded("invoice") == {"a"}
    with pytest.raises(NotPossibleError, match="left out by An"):
        try_again(division, "invoice", "a")
    assert take_in(division, "invoice", "a")[1] is Next.NEXT_RUN
    assert due(division, NOON) == ["a"]
    with pytest.raises(NotPossibleError, match="was not left out"):
        take_in(division, "invoice", "a")


def test_a_booked_document_is_not_left_out(division: DivisionStore) -> None:
    division.links.confirm("invoice", "a", exact_id="e", fingerprint="f", how=How.POSTED)
    with pytest.raises(NotPossibleError, match="is linked to e"):
        leave_out(division, "invoice", "a", who="An", why="no")


def test_a_reason_that_quotes_exact_is_not_in_the_clear(store: ConnectorStore, division: DivisionStore) -> None:
    refuse(division)
    with store._database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM connector_rejects").all()
    assert "Peeters" not in repr(rows)
    assert [each.reason for each in division.rejects.all()] == ["Exact quotes Jan Peeters"]
