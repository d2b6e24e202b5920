"""State is passed on in small steps, and never ahead of what is durably done."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Desk


def with_states(desk: Desk, count: int, every: int) -> list[str]:
    lines = desk.lines(desk.company())
    for place in range(1, count + 1):
        lines += desk.lines(desk.invoice())
        if place % every == 0:
            lines.append(desk.state(place))
    return lines


def test_state_is_passed_on_every_forty_records(desk: Desk) -> None:
    ran = desk.feed(with_states(desk, 90, 10))
    assert ran.states == [{"at": 40}, {"at": 80}, {"at": 90}]


def test_state_of_what_is_done_is_out_before_a_run_breaks(desk: Desk) -> None:
    desk.exact.fault(match="salesentry/SalesEntries", method="POST", kind="error", status=401, skip=40, times=50)
    ran = desk.feed(with_states(desk, 60, 10))
    assert ran.error is not None
    assert ran.states == [{"at": 40}]
    booked = len(desk.entries())
    assert booked >= 40


def test_all_that_was_acknowledged_is_booked_or_kept(desk: Desk) -> None:
    lines = desk.lines(desk.company())
    records = []
    for place in range(1, 61):
        record = desk.invoice(tax_rate="0.19") if place % 7 == 0 else desk.invoice()
        records.append(record)
        lines += [*desk.lines(record), desk.state(place)]
    desk.exact.fault(match="salesentry/SalesEntries", method="POST", kind="error", status=401, skip=42, times=50)
    ran = desk.feed(lines)
    assert ran.error is not None
    acknowledged = records[: ran.states[-1]["at"]]
    with desk.store() as store:
        for record in acknowledged:
            link = store.links(desk.division).get("invoice", record["id"])
            reject = store.rejects(desk.division).get("invoice", record["id"])
            assert (link is not None and link.state == "linked") or reject is not None


def test_the_next_run_goes_on_where_the_broken_one_stopped(desk: Desk) -> None:
    records = [desk.invoice() for _ in range(10)]
    desk.exact.fault(match="salesentry/SalesEntries", method="POST", kind="error", status=401, skip=4, times=50)
    assert desk.run(desk.company(), *records).error is not None
    desk.exact.no_faults()
    desk.log_in_again()
    ran = desk.run(desk.company(), *records)
    assert ran.counts == {"booked": 6, "unchanged": 4}
    assert all(len(desk.exact.entries(record["number"])) == 1 for record in records)
