"""What everyday use costs in calls to both services; those for tokens have a limit of their own (exact-online 1.16)."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from connector_testing.in_process import CYCLE, DOCUMENTS, PAYMENTS, Coupling, Job, coupled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Calls = dict[str, Counter[str]]


@pytest.fixture
def everyday(tmp_path: Path) -> Iterator[Coupling]:
    """Return a coupling that has booked invoices with files of each of its customers."""
    with coupled(tmp_path, 7) as coupling:
        coupling.sandbox.add_invoices(10)
        coupling.let_pass(timedelta(minutes=1))
        for job in (DOCUMENTS, PAYMENTS, DOCUMENTS):
            calls_of(coupling, job)
        yield coupling


def calls_of(coupling: Coupling, job: Job) -> Calls:
    """Run a job; return its calls per service by the last part of their path, those for tokens left out."""
    coupling.sandbox.forget_calls()
    assert coupling.run(job), coupling.unexpected
    calls: Calls = {}
    for service in ("exact", "teamleader"):
        paths = [path.split("?")[0] for _, path in coupling.sandbox.call_list(service) if "oauth2" not in path]
        calls[service] = Counter("download" if "/download/" in each else each.rsplit("/", 1)[1] for each in paths)
    coupling.let_pass(CYCLE)
    return calls


def add(coupling: Coupling, count: int) -> list[str]:
    """Book invoices in Teamleader, a while before the next run."""
    ids: list[str] = coupling.sandbox.add_invoices(count)["ids"]
    coupling.let_pass(timedelta(minutes=1))
    return ids


def test_a_run_with_nothing_new_asks_exact_for_one_thing_and_on_the_way_back_for_two(everyday: Coupling) -> None:
    assert calls_of(everyday, DOCUMENTS)["exact"] == {"Deleted": 1}
    assert calls_of(everyday, PAYMENTS) == {"exact": {"Deleted": 1, "PaymentTerms": 1}, "teamleader": {}}


def test_a_run_with_nothing_new_asks_teamleader_only_what_changed_and_what_was_deleted(everyday: Coupling) -> None:
    lists = {"invoices.list": 2, "creditNotes.list": 1, "companies.list": 1, "contacts.list": 1}
    assert calls_of(everyday, DOCUMENTS)["teamleader"] == lists


def test_a_new_invoice_with_its_file_costs_three_calls_to_exact_and_its_run_two(everyday: Coupling) -> None:
    add(everyday, 1)
    calls = calls_of(everyday, DOCUMENTS)["exact"]
    assert calls == {"Deleted": 1, "SalesEntries": 2, "Documents": 1, "DocumentAttachments": 1}
    assert calls.total() <= 5


def test_forty_invoices_with_their_files_cost_3_1_calls_to_exact_each(everyday: Coupling) -> None:
    add(everyday, 40)
    calls = calls_of(everyday, DOCUMENTS)["exact"]
    assert calls["DocumentAttachments"] == 40
    assert calls.total() <= 3.1 * 40


def test_twenty_payments_that_were_registered_cost_teamleader_one_call_each_when_they_are_read_back(
    everyday: Coupling,
) -> None:
    added = set(add(everyday, 20))
    first = calls_of(everyday, DOCUMENTS)["teamleader"]
    numbers = [each["number"] for each in everyday.sandbox.teamleader_documents() if each["id"] in added]
    everyday.sandbox.exact("match_entries", entries=[{"your_ref": each, "journal": "70"} for each in numbers])
    assert calls_of(everyday, PAYMENTS)["teamleader"]["invoices.registerPayment"] == 20

    again = calls_of(everyday, DOCUMENTS)["teamleader"]
    assert (first["download"], again["download"]) == (20, 0)
    lists = Counter({name: count for name, count in again.items() if name.endswith(".list")})
    assert lists.total() <= 11
    assert (again - lists).total() <= 20


def test_a_day_that_is_used_up_costs_the_next_runs_no_refused_call(everyday: Coupling) -> None:
    add(everyday, 5)
    everyday.sandbox.exact("set_limits", minute=None, day=8)
    assert not everyday.run(DOCUMENTS)
    everyday.sandbox.forget_calls()
    for job in (DOCUMENTS, PAYMENTS):
        assert not everyday.run(job)
    assert everyday.sandbox.calls()["exact"] == 0
    assert everyday.unexpected == []

    everyday.sandbox.exact("set_limits", minute=None, day=None)
    everyday.let_pass(timedelta(days=1))
    assert everyday.run(DOCUMENTS)
    assert len({entry["number"] for entry in everyday.sandbox.exact_entries()}) == 15
