"""A dry run says what would be done, and does nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from connector_store import Paid, RegisterPlan

if TYPE_CHECKING:
    from conftest import Harness

DAY = "2026-03-20"


def test_nothing_is_written_and_no_state_is_passed_on(harness: Harness) -> None:
    invoice, other = harness.invoice(), harness.invoice()
    harness.pay_by_hand(other)
    ran = harness.run(harness.record(invoice, ("121.00", DAY)), harness.record(other, ("121.00", DAY)), dry_run=True)
    assert ran.counts == {"registered": 1, "paid already": 1}
    assert ran.states == []
    assert ran.calls == {"invoices.list": 1}
    assert f"payment of {invoice['number']}: would be registered, 121.00 EUR of {DAY}, money" in ran.log
    assert "Dry run, nothing was written: 1 registered" in ran.log
    assert harness.registered(invoice) is None
    assert harness.registered(other) is None


def test_the_real_run_after_it_does_everything(harness: Harness) -> None:
    record = harness.record(harness.invoice(), ("121.00", DAY))
    harness.run(record, dry_run=True)
    assert harness.run(record).counts == {"registered": 1}


def test_what_would_be_taken_back_is_told(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.run(harness.record(invoice, ("121.00", DAY)))
    ran = harness.run(harness.record(invoice), dry_run=True, on_unmatched="remove")
    assert ran.counts == {"taken back": 1}
    assert harness.due(invoice) == 0
    assert harness.registered(invoice).plan is None


def test_what_would_be_rejected_is_told_and_not_kept(harness: Harness) -> None:
    invoice = harness.invoice()
    ran = harness.run(harness.record(invoice, ("121.00", DAY), currency="USD"), dry_run=True)
    assert ran.counts == {"rejected": 1}
    assert harness.codes() == {}


def test_rejects_are_tried_without_being_solved(harness: Harness) -> None:
    invoice = harness.invoice()
    record = harness.record(invoice, ("121.00", DAY))
    harness.fault("registerPayment", "error", status=400, message="No", times=1)
    harness.run(record)
    assert harness.codes() == {invoice["id"]: "payment_refused"}
    assert harness.run(dry_run=True).counts == {"registered": 1}
    assert harness.run(record, dry_run=True).counts["registered"] == 1
    assert harness.codes() == {invoice["id"]: "payment_refused"}
    assert harness.run().counts == {"registered": 1}


def test_what_is_under_way_is_left_as_it_is(harness: Harness) -> None:
    invoice = harness.invoice()
    plan = RegisterPlan(paid=Paid(Decimal(1), DAY, "money"), due_before=Decimal(121), settled=Decimal(1))
    named = {"exact_id": invoice["entry"], "number": invoice["number"], "currency": "EUR", "entry_number": 1}
    with harness.store() as store:
        store.registered_payments(harness.division).intend(invoice["id"], **named, plan=plan)
    ran = harness.run(harness.record(invoice, ("121.00", DAY)), dry_run=True)
    assert ran.counts == {"waiting": 1}
    assert not ran.calls
    assert harness.registered(invoice).plan == plan
