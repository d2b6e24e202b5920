"""State is passed on in small steps, and never ahead of what is durably done; and what a run costs in calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Harness

DAY = "2026-03-20"
REGISTER = "invoices.registerPayment"


def invoices(harness: Harness, count: int) -> list[dict[str, Any]]:
    """Book many invoices, all alike, and link them."""
    made = []
    with harness.store() as store:
        links = store.links(harness.division)
        for place, id_ in enumerate(harness.sandbox.add_invoices(count, lines=[{"unit_price": "100"}])["ids"]):
            invoice = {"id": id_, "number": f"N / {place}", "gross": "121.00", "currency": "EUR", "entry": f"e-{id_}"}
            links.confirm("invoice", id_, exact_id=invoice["entry"], fingerprint="-", how="posted")
            made.append(invoice)
    return made


def with_states(harness: Harness, records: list[dict[str, Any]], every: int) -> list[str]:
    lines = []
    for place, record in enumerate(records, 1):
        lines += harness.lines(record)
        if place % every == 0:
            lines.append(harness.state(place))
    return lines


def test_state_is_passed_on_every_hundred_records(harness: Harness) -> None:
    records = [harness.record(each) for each in invoices(harness, 230)]
    ran = harness.feed(with_states(harness, records, 10))
    assert ran.states == [{"at": 100}, {"at": 200}, {"at": 230}]


@pytest.mark.usefixtures("short_waits")
def test_state_of_what_is_done_is_out_before_a_run_breaks(harness: Harness) -> None:
    made = invoices(harness, 130)
    records = [harness.record(each, ("121.00", DAY)) for each in made]
    harness.fault(REGISTER, "error", status=401, skip=110)
    ran = harness.feed(with_states(harness, records, 10))
    assert ran.error is not None
    assert ran.states == [{"at": 100}]
    harness.sandbox.clear_faults()
    harness.log_in_again()
    ran = harness.run(*records[100:])
    assert ran.counts == {"registered": 20, "unchanged": 10}
    assert all(len(harness.payments(each)) == 1 for each in made[95:115])
    with harness.store() as store:
        assert store.registered_payments(harness.division).under_way() == []


def test_a_login_that_is_lost_ends_the_run_in_one_line(harness: Harness) -> None:
    harness.fault("invoices.list", "error", status=401)
    ran = harness.run(harness.record(harness.invoice(), ("121.00", DAY)))
    assert "log in again" in str(ran.error)
    assert ran.states == []
    with harness.store() as store:
        last = store.runs.last(1)[0]
    assert (last.plugin, last.outcome) == ("target-teamleader", "failed")


def test_five_hundred_settled_entries_cost_five_looks_and_a_call_each(harness: Harness) -> None:
    records = [harness.record(each, ("121.00", DAY)) for each in invoices(harness, 500)]
    ran = harness.run(*records)
    assert ran.counts == {"registered": 500}
    assert ran.calls == {"invoices.list": 5, REGISTER: 500}
    again = harness.run(*records)
    assert again.counts == {"unchanged": 500}
    assert not again.calls


def test_a_run_without_records_costs_nothing(harness: Harness) -> None:
    harness.run(harness.record(harness.invoice(), ("121.00", DAY)))
    ran = harness.run()
    assert ran.error is None
    assert not ran.calls
    assert "0 registered, 0 rejected" in ran.log


def test_a_run_without_records_and_without_a_division_says_so_too(harness: Harness) -> None:
    ran = harness.run(division=None)
    assert ran.error is None
    assert "0 registered, 0 rejected" in ran.log
