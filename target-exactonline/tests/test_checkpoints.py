"""State is passed on in small steps, and never ahead of what is durably done."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Harness


def with_states(harness: Harness, count: int, every: int) -> list[str]:
    lines = harness.lines(harness.company())
    for place in range(1, count + 1):
        lines += harness.lines(harness.invoice())
        if place % every == 0:
            lines.append(harness.state(place))
    return lines


def test_state_is_passed_on_every_forty_records(harness: Harness) -> None:
    ran = harness.feed(with_states(harness, 90, 10))
    assert ran.states == [{"at": 40}, {"at": 80}, {"at": 90}]


def test_state_of_what_is_done_is_out_before_a_run_breaks(harness: Harness) -> None:
    harness.exact.fault(match="salesentry/SalesEntries", method="POST", kind="error", status=401, skip=40, times=50)
    ran = harness.feed(with_states(harness, 60, 10))
    assert ran.error is not None
    assert ran.states == [{"at": 40}]
    booked = len(harness.entries())
    assert booked >= 40


def test_all_that_was_acknowledged_is_booked_or_kept(harness: Harness) -> None:
    lines = harness.lines(harness.company())
    records = []
    for place in range(1, 61):
        record = harness.invoice(tax_rate="0.19") if place % 7 == 0 else harness.invoice()
        records.append(record)
        lines += [*harness.lines(record), harness.state(place)]
    harness.exact.fault(match="salesentry/SalesEntries", method="POST", kind="error", status=401, skip=42, times=50)
    ran = harness.feed(lines)
    assert ran.error is not None
    acknowledged = records[: ran.states[-1]["at"]]
    with harness.store() as store:
        for record in acknowledged:
            link = store.links(harness.division).get("invoice", record["id"])
            reject = store.rejects(harness.division).get("invoice", record["id"])
            assert (link is not None and link.state == "linked") or reject is not None


def test_the_next_run_goes_on_where_the_broken_one_stopped(harness: Harness) -> None:
    records = [harness.invoice() for _ in range(10)]
    harness.exact.fault(match="salesentry/SalesEntries", method="POST", kind="error", status=401, skip=4, times=50)
    assert harness.run(harness.company(), *records).error is not None
    harness.exact.no_faults()
    harness.log_in_again()
    ran = harness.run(harness.company(), *records)
    assert ran.counts == {"booked": 6, "unchanged": 4}
    assert all(len(harness.exact.entries(record["number"])) == 1 for record in records)
