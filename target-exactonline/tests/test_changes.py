"""A document that changed after it was booked: its entry follows while it may, and a person decides when it may not."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Desk

LINES = "salesentry/SalesEntryLines"


def booked(desk: Desk, **changes: Any) -> dict[str, Any]:
    record = desk.invoice(**changes)
    assert desk.run(desk.company(), record).counts["booked"] == 1
    return record


def amount(desk: Desk, record: dict[str, Any]) -> Decimal:
    (entry,) = desk.exact.entries(record["number"])
    found: Decimal = entry["gross"]
    return found


def test_an_open_entry_is_brought_in_line_and_keeps_its_identity(desk: Desk) -> None:
    record = booked(desk, net="100.00")
    before = desk.link(record)
    ran = desk.run(desk.as_version(record, net="150.00"))
    assert ran.counts == {"updated": 1}
    assert amount(desk, record) == Decimal("181.50")
    after = desk.link(record)
    assert (after.exact_id, after.entry_number) == (before.exact_id, before.entry_number)
    assert after.amount == Decimal("181.50")
    assert desk.run(desk.as_version(record, net="150.00")).counts == {"unchanged": 1}


def test_a_changed_header_needs_no_lines(desk: Desk) -> None:
    record = booked(desk)
    desk.exact.forget_calls()
    ran = desk.run(desk.as_version(record, due_date="2026-05-31"))
    assert ran.counts == {"updated": 1}
    assert [call for call in desk.exact.calls() if call[0] != "GET"] == [("PUT", "salesentry/SalesEntries")]


def test_what_does_not_show_in_the_books_costs_no_write(desk: Desk) -> None:
    record = booked(desk)
    line = {**record["lines"][0], "description": "Anders gezegd"}
    desk.exact.forget_calls()
    ran = desk.run(desk.as_version(record, lines=[line]))
    assert ran.counts == {"updated": 1}
    assert [call for call in desk.exact.calls() if call[0] != "GET"] == []


def test_a_matched_entry_is_left_alone_and_the_difference_is_shown(desk: Desk) -> None:
    record = booked(desk, net="100.00")
    desk.exact.do("match_entry", your_ref=record["number"])
    changed = desk.as_version(record, net="150.00")
    ran = desk.run(changed)
    assert ran.counts == {"rejected": 1}
    assert desk.codes() == {record["id"]: "changed_after_booking"}
    assert amount(desk, record) == Decimal("121.00")
    with desk.store() as store:
        kept = store.rejects(desk.division).get("invoice", record["id"])
    assert kept is not None
    assert "121.00 in Exact, 181.50 in Teamleader" in kept.reason
    desk.exact.do("unmatch_entry", your_ref=record["number"])
    assert desk.run().counts == {"updated": 1}
    assert amount(desk, record) == Decimal("181.50")
    assert desk.codes() == {}


def test_a_change_that_is_undone_in_teamleader_is_in_order_again(desk: Desk) -> None:
    record = booked(desk, net="100.00")
    desk.exact.do("process_entry", your_ref=record["number"])
    desk.run(desk.as_version(record, net="150.00"))
    ran = desk.run(desk.as_version(record, net="100.00", updated_at="2026-05-21T09:00:00Z"))
    assert ran.counts["unchanged"] == 1
    assert desk.codes() == {}


def test_a_change_that_exact_refuses_is_not_sent_again_and_again(desk: Desk) -> None:
    record = booked(desk, net="100.00")
    desk.exact.do("refuse_entry_changes")
    try:
        desk.run(desk.as_version(record, due_date="2026-05-31"))
        assert desk.codes() == {record["id"]: "changed_after_booking"}
        desk.exact.forget_calls()
        for _ in range(3):
            desk.run()
        assert [call for call in desk.exact.calls() if call[0] != "GET"] == []
    finally:
        desk.exact.do("refuse_entry_changes", refuse=False)


def test_another_currency_is_for_a_person(desk: Desk) -> None:
    record = booked(desk)
    desk.run(desk.as_version(record, currency="USD", exchange_rate=Decimal("0.9")))
    assert desk.codes() == {record["id"]: "changed_after_booking"}


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "truncated"])
def test_a_change_survives_a_lost_answer(desk: Desk, method: str, kind: str) -> None:
    record = booked(desk, net="100.00")
    desk.exact.fault(match=LINES, method=method, kind=kind, times=1)
    ran = desk.run(desk.as_version(record, net="150.00"))
    assert ran.counts == {"updated": 1}
    assert amount(desk, record) == Decimal("181.50")


@pytest.mark.parametrize("skip", [0, 1, 2, 3])
def test_a_change_that_was_cut_off_goes_on(desk: Desk, skip: int) -> None:
    record = booked(desk, net="100.00")
    changed = desk.as_version(record, net="150.00")
    changed["lines"] = [
        {**changed["lines"][0], "net": Decimal("70.00")},
        {**changed["lines"][0], "net": Decimal("80.00")},
    ]
    desk.exact.fault(match=LINES, kind="error", status=401, skip=skip, times=99)
    ran = desk.run(changed)
    desk.exact.no_faults()
    assert ran.error is not None
    desk.log_in_again()
    assert desk.run(changed).counts == {"updated": 1}
    assert amount(desk, record) == Decimal("181.50")


def test_another_customer_moves_the_open_entry(desk: Desk) -> None:
    record = booked(desk)
    other = desk.company(other=True, email="ander@voorbeeld.example")
    ran = desk.run(other, desk.as_version(record, customer=other["id"]))
    assert ran.counts["updated"] == 1
    (entry,) = desk.exact.entries(record["number"])
    accounts = {account["id"]: account["name"] for account in desk.exact.accounts()}
    assert accounts[entry["customer"]] == other["name"]
