"""The smaller memories: customers, the audit trail, runs, budgets, divisions and positions."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import time_machine

from connector_store import ConnectorStore, DayBudget, StoreUnavailableError

if TYPE_CHECKING:
    from connector_store.runs import Outcome

NOON = datetime(2026, 6, 25, 12, tzinfo=timezone.utc)


def test_staged_customers_are_kept_in_their_newest_version(store: ConnectorStore) -> None:
    customers = store.customers(1)
    customers.put_many({"company:1": {"name": "old"}, "company:2": {"credit": Decimal("5.00")}})
    customers.put_many({"company:1": {"name": "new"}})
    customers.put_many({})
    assert customers.get("company:1") == {"name": "new"}
    assert customers.get("company:2") == {"credit": Decimal("5.00")}
    assert customers.get("company:3") is None
    assert store.customers(2).get("company:1") is None


def test_customers_that_nothing_waits_for_are_forgotten(store: ConnectorStore) -> None:
    customers = store.customers(1)
    customers.put_many({f"company:{number}": {"n": number} for number in range(1200)})
    store.customers(2).put_many({"company:1": {}})
    assert customers.keep_only({"company:1", "company:2", "company:9999"}) == 1198
    customers.discard("company:2")
    customers.discard("company:2")
    assert customers.ids() == {"company:1"}
    assert customers.keep_only([]) == 1
    assert store.customers(2).ids() == {"company:1"}


def test_the_audit_trail_is_read_by_what_a_person_asks(store: ConnectorStore) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        store.audit("run.started", division=1, detail={"by": "cron", "nothing": None})
        clock.shift(timedelta(minutes=1))
        store.audit("entry.compared", division=1, kind="invoice", source_id="a", detail={"net": Decimal("1.10")})
        store.audit("entry.compared", division=2, kind="invoice", source_id="a")
    [started] = store.audit_trail(event="run.started")
    assert (started.at, started.division, started.kind, started.detail) == (NOON, 1, None, {"by": "cron"})
    [compared] = store.audit_trail(division=1, kind="invoice", source_id="a")
    assert compared.detail == {"net": Decimal("1.10")}
    assert [entry.division for entry in store.audit_trail(since=NOON + timedelta(seconds=1))] == [1, 2]
    assert [entry.division for entry in store.audit_trail(limit=2)] == [1, 2]
    assert store.audit_trail(division=3) == []


@pytest.mark.parametrize("statement", ["UPDATE connector_audit SET event = 'x'", "DELETE FROM connector_audit"])
def test_nobody_rewrites_the_audit_trail(store: ConnectorStore, statement: str) -> None:
    store.audit("something", division=1)
    with pytest.raises(StoreUnavailableError, match="append-only"), store._database.writing() as connection:
        connection.exec_driver_sql(statement)
    assert [entry.event for entry in store.audit_trail()] == ["something"]


def test_of_days_long_gone_the_last_good_run_of_each_plugin_is_kept_and_all_that_failed(store: ConnectorStore) -> None:
    """Line 33: runs that found nothing made most of 35 MB a year."""

    def ran(days_ago: int, outcome: Outcome, plugin: str = "tap") -> int:
        with time_machine.travel(NOON - timedelta(days=days_ago), tick=False):
            number = store.runs.start(plugin, None)
            store.runs.finish(number, outcome, {}, "nothing new to read")
        return number

    old = [ran(30, "ok") for _ in range(5)]
    failed = [ran(30, "failed"), ran(30, "degraded")]
    other_day, other_plugin = ran(29, "ok"), ran(30, "ok", "target")
    recent = [ran(2, "ok") for _ in range(3)]
    now = ran(0, "ok")
    kept = sorted(run.id for run in store.runs.last(99))
    assert kept == [old[-1], *failed, other_day, other_plugin, *recent, now]


def test_the_last_good_run_of_a_day_is_kept_of_each_coupling(store: ConnectorStore) -> None:
    with time_machine.travel(NOON - timedelta(days=30), tick=False):
        for coupling in ("north", "south", "north", None):
            store.runs.finish(store.runs.start("tap", 1, coupling=coupling), "ok", {}, "nothing new to read")
    for coupling in ("north", "south", None):
        store.runs.start("tap", 1, coupling=coupling)
    old = [run.coupling for run in store.runs.last(99) if run.outcome == "ok"]
    assert old == [None, "north", "south"]


def test_the_last_runs_of_each_coupling_are_told_and_none_of_those_that_work_elsewhere(store: ConnectorStore) -> None:
    with time_machine.travel(NOON - timedelta(days=9), tick=False):
        for coupling, division in (("north", 1), ("south", 1), ("west", 2)):
            store.runs.start("target-exactonline", division, coupling=coupling, department=f"of {coupling}")
            store.runs.start("tap-teamleader", None, coupling=coupling)
        store.runs.start("tap-teamleader", None, coupling="nobody knows where")
        store.runs.start("tap-teamleader", None)
    told = [(run.plugin, run.coupling) for run in store.runs.telling(1, NOON)]
    assert told == [
        ("tap-teamleader", None),
        ("tap-teamleader", "nobody knows where"),
        ("tap-teamleader", "south"),
        ("target-exactonline", "south"),
        ("tap-teamleader", "north"),
        ("target-exactonline", "north"),
    ]
    assert {run.department for run in store.runs.last(99)} == {None, "of north", "of south", "of west"}


def test_runs_tell_when_they_worked_and_what_came_of_it(store: ConnectorStore) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        first = store.runs.start("tap-teamleader", None)
        second = store.runs.start("target-exactonline", 1)
        clock.shift(timedelta(minutes=1))
        store.runs.finish(second, "degraded", {"posted": 280, "rejected": 20}, "20 documents were rejected")
    newest, oldest = store.runs.last(5)
    assert (newest.id, newest.plugin, newest.division) == (second, "target-exactonline", 1)
    assert (newest.started_at, newest.finished_at) == (NOON, NOON + timedelta(minutes=1))
    assert (newest.outcome, newest.counts) == ("degraded", {"posted": 280, "rejected": 20})
    assert newest.message == "20 documents were rejected"
    assert (oldest.id, oldest.finished_at, oldest.outcome, oldest.counts) == (first, None, None, {})
    assert [run.id for run in store.runs.last(1)] == [second]


def test_the_call_budget_is_that_of_today(store: ConnectorStore) -> None:
    budget = store.budget("exact", "client", 1)
    assert budget.read() is None
    with time_machine.travel(NOON, tick=False) as clock:
        budget.record(5000, 4000)
        budget.record(5000, 3999)
        assert budget.read() == DayBudget(limit=5000, remaining=3999)
        assert store.budget("exact", "other", 1).read() is None
        clock.shift(timedelta(hours=12))
        assert budget.read() is None
        budget.record(5000, None)
        assert budget.read() == DayBudget(limit=5000, remaining=None)


def test_errors_are_counted_per_endpoint_and_class_within_the_hour(store: ConnectorStore) -> None:
    errors = store.error_budget("exact", 1)
    with time_machine.travel(NOON, tick=False) as clock:
        errors.record("salesentry/SalesEntries", "RecordRefused")
        clock.shift(timedelta(minutes=40))
        errors.record("salesentry/SalesEntries", "RecordRefused")
        errors.record("salesentry/SalesEntries", "OutcomeUnknown")
        errors.record("crm/Accounts", "RecordRefused")
        assert errors.count("salesentry/SalesEntries") == 3
        assert errors.count("salesentry/SalesEntries", "RecordRefused") == 2
        assert errors.count("salesentry/SalesEntries", within=timedelta(minutes=30)) == 2
        assert store.error_budget("exact", 2).count("salesentry/SalesEntries") == 0
        clock.shift(timedelta(minutes=30))
        assert errors.count("salesentry/SalesEntries", "RecordRefused") == 1
        clock.shift(timedelta(days=1))
        errors.record("crm/Accounts", "RecordRefused")
        assert errors.count("salesentry/SalesEntries", within=timedelta(days=9)) == 0


def test_a_division_is_remembered_since_the_first_meeting(store: ConnectorStore) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        assert store.remembers_since(1) == NOON
        clock.shift(timedelta(days=1))
        assert store.remembers_since(1) == NOON
        assert store.remembers_since(2) == NOON + timedelta(days=1)


def test_positions_are_named_and_per_division(store: ConnectorStore) -> None:
    assert store.position(1, "deleted") is None
    store.set_position(1, "deleted", "41")
    store.set_position(1, "deleted", "42")
    store.set_position(2, "deleted", "7")
    assert (store.position(1, "deleted"), store.position(2, "deleted")) == ("42", "7")
    assert store.position(1, "other") is None
