"""A dry run says what would be done, and does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Desk

DAY = "2026-03-20"


def test_nothing_is_written_and_no_state_is_passed_on(desk: Desk) -> None:
    invoice, other = desk.invoice(), desk.invoice()
    desk.pay_by_hand(other)
    ran = desk.run(desk.record(invoice, ("121.00", DAY)), desk.record(other, ("121.00", DAY)), dry_run=True)
    assert ran.counts == {"registered": 1, "paid already": 1}
    assert ran.states == []
    assert ran.calls == {"invoices.list": 1}
    assert f"payment of {invoice['number']}: would be registered, 121.00 EUR of {DAY}, money" in ran.log
    assert "Dry run, nothing was written: 1 registered" in ran.log
    assert desk.memory(invoice) is None
    assert desk.memory(other) is None


def test_the_real_run_after_it_does_everything(desk: Desk) -> None:
    record = desk.record(desk.invoice(), ("121.00", DAY))
    desk.run(record, dry_run=True)
    assert desk.run(record).counts == {"registered": 1}


def test_what_would_be_taken_back_is_told(desk: Desk) -> None:
    invoice = desk.invoice()
    desk.run(desk.record(invoice, ("121.00", DAY)))
    ran = desk.run(desk.record(invoice), dry_run=True, on_unmatched="remove")
    assert ran.counts == {"taken back": 1}
    assert desk.due(invoice) == 0
    assert desk.memory(invoice).plan is None


def test_what_would_be_rejected_is_told_and_not_kept(desk: Desk) -> None:
    invoice = desk.invoice()
    ran = desk.run(desk.record(invoice, ("121.00", DAY), currency="USD"), dry_run=True)
    assert ran.counts == {"rejected": 1}
    assert desk.codes() == {}


def test_rejects_are_tried_without_being_solved(desk: Desk) -> None:
    invoice = desk.invoice()
    record = desk.record(invoice, ("121.00", DAY))
    desk.fault("registerPayment", "error", status=400, message="No", times=1)
    desk.run(record)
    assert desk.codes() == {invoice["id"]: "payment_refused"}
    assert desk.run(dry_run=True).counts == {"registered": 1}
    assert desk.run(record, dry_run=True).counts["registered"] == 1
    assert desk.codes() == {invoice["id"]: "payment_refused"}
    assert desk.run().counts == {"registered": 1}


def test_what_is_under_way_is_left_as_it_is(desk: Desk) -> None:
    invoice = desk.invoice()
    plan = {"verb": "register", "amount": 1, "paid_at": DAY, "how": "money", "due_before": 121, "settled": 1}
    named = {"exact_id": invoice["entry"], "number": invoice["number"], "currency": "EUR", "entry_number": 1}
    with desk.store() as store:
        store.payments(desk.division).intend(invoice["id"], **named, plan=plan)
    ran = desk.run(desk.record(invoice, ("121.00", DAY)), dry_run=True)
    assert ran.counts == {"unknown": 1}
    assert not ran.calls
    assert desk.memory(invoice).plan == plan
