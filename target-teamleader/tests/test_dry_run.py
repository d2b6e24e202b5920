"""A dry run says what would be done, and does nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from connector_store import Paid, RegisterPlan

if TYPE_CHECKING:
    from conftest import Coupling

DAY = "2026-03-20"


def test_nothing_is_written_and_no_state_is_passed_on(coupling: Coupling) -> None:
    invoice, other = coupling.invoice(), coupling.invoice()
    coupling.pay_by_hand(other)
    ran = coupling.run(coupling.record(invoice, ("121.00", DAY)), coupling.record(other, ("121.00", DAY)), dry_run=True)
    assert ran.counts == {"registered": 1, "paid already": 1}
    assert ran.states == []
    assert ran.calls == {"invoices.list": 1}
    assert f"payment of {invoice['number']}: would be registered, 121.00 EUR of {DAY}, money" in ran.log
    assert "Dry run, nothing was written: 1 registered" in ran.log
    assert coupling.registered(invoice) is None
    assert coupling.registered(other) is None


def test_the_real_run_after_it_does_everything(coupling: Coupling) -> None:
    record = coupling.record(coupling.invoice(), ("121.00", DAY))
    coupling.run(record, dry_run=True)
    assert coupling.run(record).counts == {"registered": 1}


def test_what_would_be_taken_back_is_told(coupling: Coupling) -> None:
    invoice = coupling.invoice()
    coupling.run(coupling.record(invoice, ("121.00", DAY)))
    ran = coupling.run(coupling.record(invoice), dry_run=True, on_unmatched="remove")
    assert ran.counts == {"taken back": 1}
    assert coupling.due(invoice) == 0
    assert coupling.registered(invoice).plan is None


def test_what_would_be_rejected_is_told_and_not_kept(coupling: Coupling) -> None:
    invoice = coupling.invoice()
    ran = coupling.run(coupling.record(invoice, ("121.00", DAY), currency="USD"), dry_run=True)
    assert ran.counts == {"rejected": 1}
    assert coupling.codes() == {}


def test_rejects_are_tried_without_being_solved(coupling: Coupling) -> None:
    invoice = coupling.invoice()
    record = coupling.record(invoice, ("121.00", DAY))
    coupling.fault("registerPayment", "error", status=400, message="No", times=1)
    coupling.run(record)
    assert coupling.codes() == {invoice["id"]: "payment_refused"}
    assert coupling.run(dry_run=True).counts == {"registered": 1}
    assert coupling.run(record, dry_run=True).counts["registered"] == 1
    assert coupling.codes() == {invoice["id"]: "payment_refused"}
    assert coupling.run().counts == {"registered": 1}


def test_what_is_under_way_is_left_as_it_is(coupling: Coupling) -> None:
    invoice = coupling.invoice()
    plan = RegisterPlan(paid=Paid(Decimal(1), DAY, "money"), due_before=Decimal(121), settled=Decimal(1))
    named = {"exact_id": invoice["entry"], "number": invoice["number"], "currency": "EUR", "entry_number": 1}
    with coupling.store() as store:
        store.registered_payments(coupling.division).intend(invoice["id"], **named, plan=plan)
    ran = coupling.run(coupling.record(invoice, ("121.00", DAY)), dry_run=True)
    assert ran.counts == {"waiting": 1}
    assert not ran.calls
    assert coupling.registered(invoice).plan == plan
