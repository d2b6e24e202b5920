"""Rejects: nothing is lost, attempts are counted, and a retry that fails again does not go round in circles."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from connector_store import ConnectorStore, Reject, Rejects, Status

NOON = datetime(2026, 6, 25, 12, tzinfo=timezone.utc)


@pytest.fixture
def rejects(store: ConnectorStore) -> Rejects:
    return store.rejects(1)


def put(rejects: Rejects, source_id: str = "a", payload: dict[str, Any] | None = None, **more: Any) -> None:
    told = {"code": "period_closed", "reason": "Period 6 is closed", "hint": "Open it", **more}
    rejects.put("invoice", source_id, payload=payload, **told)


def get(rejects: Rejects, source_id: str = "a") -> Reject:
    reject = rejects.get("invoice", source_id)
    assert reject is not None
    return reject


def test_a_reject_holds_all_that_is_needed_to_understand_and_retry_it(rejects: Rejects) -> None:
    with time_machine.travel(NOON, tick=False):
        payload = {"id": "a", "totals": {"gross": Decimal("121.00")}}
        put(rejects, payload=payload, number="2026 / 1", amount=Decimal("121.00"), currency="EUR")
    assert get(rejects) == Reject(
        kind="invoice",
        source_id="a",
        number="2026 / 1",
        status=Status.REJECTED,
        code="period_closed",
        reason="Period 6 is closed",
        hint="Open it",
        payload=payload,
        attempts=1,
        first_at=NOON,
        last_at=NOON,
        amount=Decimal("121.00"),
        currency="EUR",
    )


def test_a_reject_that_comes_again_keeps_its_first_moment_and_counts(rejects: Rejects) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        put(rejects, payload={"version": 1}, number="2026 / 1", amount=Decimal(5))
        clock.shift(timedelta(hours=1))
        put(rejects, status=Status.WAITING, code="customer_rejected", reason="r2", hint="h2")
    again = get(rejects)
    assert (again.first_at, again.last_at, again.attempts) == (NOON, NOON + timedelta(hours=1), 2)
    assert (again.status, again.code, again.reason, again.hint) == ("waiting", "customer_rejected", "r2", "h2")
    assert (again.payload, again.number, again.amount) == ({"version": 1}, "2026 / 1", Decimal(5))
    put(rejects, payload={"version": 2})
    assert get(rejects).payload == {"version": 2}


def test_an_empty_payload_is_a_payload(rejects: Rejects) -> None:
    put(rejects, payload={"version": 1})
    put(rejects, payload={})
    assert get(rejects).payload == {}


def test_a_solved_reject_is_gone(rejects: Rejects) -> None:
    put(rejects)
    assert rejects.resolve("invoice", "a")
    assert rejects.get("invoice", "a") is None
    assert not rejects.resolve("invoice", "a")


def test_rejects_come_oldest_first_also_when_they_came_again(rejects: Rejects) -> None:
    for source_id in ("z", "m", "a", "z"):
        put(rejects, source_id)
    assert [reject.source_id for reject in rejects.pending()] == ["z", "m", "a"]
    assert [reject.source_id for reject in rejects.all()] == ["z", "m", "a"]


def test_what_is_put_during_a_retry_does_not_come_in_that_retry(
    rejects: Rejects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector_store.rejects.PAGE", 2)
    for source_id in "abcde":
        put(rejects, source_id)
    seen = []
    for reject in rejects.pending():
        seen.append(reject.source_id)
        assert len(seen) < 20
        put(rejects, reject.source_id)
        put(rejects, f"new-{reject.source_id}")
        if reject.source_id == "b":
            rejects.resolve("invoice", "b")
            put(rejects, "b")
            rejects.resolve("invoice", "d")
    assert seen == ["a", "b", "c", "e"]


def test_a_clock_that_jumps_back_hides_no_reject(rejects: Rejects) -> None:
    with time_machine.travel(NOON + timedelta(days=30), tick=False):
        put(rejects, "from the future")
    put(rejects, "now")
    assert [reject.source_id for reject in rejects.pending()] == ["from the future", "now"]


def test_the_list_carries_no_payloads(rejects: Rejects) -> None:
    put(rejects, payload={"big": "x"})
    assert [reject.payload for reject in rejects.all()] == [None]


def test_rejects_are_counted_by_status(rejects: Rejects) -> None:
    for source_id, status in (("a", "rejected"), ("b", "waiting"), ("c", "rejected"), ("d", "unknown")):
        put(rejects, source_id, status=status)
    assert rejects.count() == {"rejected": 2, "waiting": 1, "unknown": 1}


def test_divisions_do_not_see_each_other(store: ConnectorStore) -> None:
    put(store.rejects(1))
    other = store.rejects(2)
    assert other.get("invoice", "a") is None
    assert list(other.pending()) == other.all() == []
    assert other.count() == {}
    assert not other.resolve("invoice", "a")
    put(other)
    assert get(other).attempts == 1


def test_no_text_can_keep_a_reject_from_being_stored(rejects: Rejects) -> None:
    put(rejects, "a\x00", {"name": "\x00\ud800"}, reason="\x00 \ud800 é 'quoted' \n;--", number="1\x00")
    [kept] = rejects.pending()
    assert (kept.source_id, kept.reason) == ("a\ufffd", "\ufffd ? é 'quoted' \n;--")
    assert kept.payload == {"name": "\x00\ud800"}
    assert rejects.resolve("invoice", "a\x00")


def test_what_is_refused_again_for_the_same_reason_is_one_line_of_the_trail(
    store: ConnectorStore, rejects: Rejects
) -> None:
    """Line 33: what waits for a person is refused by every run."""
    for code in ("period_closed", "period_closed", "vat_code_unmapped", "vat_code_unmapped"):
        put(rejects, code=code)
    told = [entry.detail["code"] for entry in store.audit_trail(event="reject.put")]
    assert told == ["period_closed", "vat_code_unmapped"]
    assert get(rejects).attempts == 4


def test_the_audit_trail_tells_the_code_but_not_the_words(store: ConnectorStore, rejects: Rejects) -> None:
    put(rejects, reason="Janssens owes", hint="ask Janssens", payload={"name": "Janssens"}, number="2026 / 1")
    rejects.resolve("invoice", "a")
    rejects.resolve("invoice", "a")
    trail = store.audit_trail(kind="invoice", source_id="a")
    assert [(entry.event, entry.detail) for entry in trail] == [
        ("reject.put", {"status": "rejected", "code": "period_closed", "number": "2026 / 1"}),
        ("reject.resolved", {"why": "resolved"}),
    ]
