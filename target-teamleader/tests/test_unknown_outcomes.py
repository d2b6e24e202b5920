"""Answers that do not come: nothing is registered twice, and nothing is lost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from target_teamleader.errors import RunEnded

if TYPE_CHECKING:
    from conftest import Desk

DAY = "2026-03-20"
REGISTER, REMOVE_ALL = "invoices.registerPayment", "invoices.removePayments"
REMOVE = {"on_unmatched": "remove"}
HAND = "2026-03-05T08:15:00+01:00"

pytestmark = pytest.mark.usefixtures("in_a_hurry")


def test_a_payment_whose_answer_is_lost_is_found_again_in_the_same_run(desk: Desk) -> None:
    invoice = desk.invoice()
    desk.fault(REGISTER, "reset_after", times=1)
    ran = desk.run(desk.record(invoice, ("121.00", DAY)))
    assert ran.counts == {"registered": 1}
    assert ran.calls[REGISTER] == 1
    assert desk.payments(invoice) == [(Decimal("121.00"), DAY)]


def test_an_answer_that_is_cut_short_is_no_doubt(desk: Desk) -> None:
    invoice = desk.invoice()
    desk.fault(REGISTER, "truncated", times=1)
    assert desk.run(desk.record(invoice, ("121.00", DAY))).counts == {"registered": 1}
    assert len(desk.payments(invoice)) == 1


@pytest.mark.parametrize("kind", ["reset_before", "empty_500"])
def test_a_payment_that_may_not_have_been_taken_waits_for_the_next_run(desk: Desk, kind: str) -> None:
    invoice = desk.invoice()
    desk.fault(REGISTER, kind, times=1)
    ran = desk.run(desk.record(invoice, ("121.00", DAY)))
    assert ran.error is None
    assert ran.counts == {"unknown": 1}
    assert ran.calls[REGISTER] == 1
    assert desk.codes() == {invoice["id"]: "outcome_unknown"}
    ran = desk.run()
    assert ran.counts == {"registered": 1}
    assert desk.payments(invoice) == [(Decimal("121.00"), DAY)]
    assert desk.codes() == {}


def test_a_payment_that_shows_late_is_confirmed_by_the_next_run(desk: Desk) -> None:
    invoice = desk.invoice()
    desk.fault(REGISTER, "reset_before", times=1)
    desk.run(desk.record(invoice, ("121.00", DAY)))
    desk.pay_by_hand(invoice, "121.00", paid_at=f"{DAY}T12:00:00+00:00")
    ran = desk.run()
    assert ran.counts == {"registered": 1}
    assert ran.calls == {"invoices.info": 1}
    assert len(desk.payments(invoice)) == 1
    assert desk.codes() == {}


def test_a_payment_by_hand_meanwhile_is_not_taken_for_ours(desk: Desk) -> None:
    invoice = desk.invoice()
    desk.fault(REGISTER, "reset_before", times=1)
    desk.run(desk.record(invoice, ("121.00", DAY)))
    desk.pay_by_hand(invoice, "21.00", paid_at=HAND)
    desk.run()
    assert sorted(desk.payments(invoice)) == [(Decimal("21.00"), "2026-03-05"), (Decimal("100.00"), DAY)]


def test_a_newer_record_of_an_invoice_in_doubt_waits_with_it(desk: Desk) -> None:
    invoice = desk.invoice()
    desk.fault(REGISTER, "reset_before", times=1)
    desk.run(desk.record(invoice, ("21.00", DAY)))
    desk.fault("invoices.info", "error", status=404, message="Not found", times=1)
    newer = desk.record(invoice, ("21.00", DAY), ("100.00", "2026-03-25"))
    desk.run(newer)
    assert sum(amount for amount, _ in desk.payments(invoice)) == 121


def test_when_teamleader_stays_silent_the_run_ends_and_the_next_one_goes_on(desk: Desk) -> None:
    invoices = [desk.invoice() for _ in range(6)]
    records = [desk.record(invoice, ("121.00", DAY)) for invoice in invoices]
    desk.fault(REGISTER, "reset_before", times=100)
    ran = desk.run(*records)
    assert isinstance(ran.error, RunEnded)
    assert ran.calls[REGISTER] == 3
    assert ran.states == []
    desk.sandbox.clear_faults()
    ran = desk.run(*records)
    assert ran.counts == {"registered": 6}
    assert all(len(desk.payments(invoice)) == 1 for invoice in invoices)
    assert desk.codes() == {}


@pytest.fixture
def mixed(desk: Desk) -> dict[str, Any]:
    """An invoice with one payment by hand and two of ours."""
    invoice = desk.invoice()
    desk.pay_by_hand(invoice, "21.00", paid_at=HAND)
    desk.run(desk.record(invoice, ("60.00", DAY)))
    desk.run(desk.record(invoice, ("60.00", DAY), ("61.00", "2026-03-25")))
    assert desk.due(invoice) == 0
    return invoice


LEFT = [(Decimal("21.00"), "2026-03-05"), (Decimal("39.00"), DAY)]


@pytest.mark.parametrize("action", [REMOVE_ALL, REGISTER])
@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "empty_500", "truncated"])
@pytest.mark.parametrize("skip", [0, 1])
def test_taking_back_through_any_doubt_leaves_what_has_to_stand(
    desk: Desk, mixed: dict[str, Any], action: str, kind: str, skip: int
) -> None:
    desk.fault(action, kind, times=1, skip=skip)
    desk.run(desk.record(mixed, ("60.00", DAY)), **REMOVE)
    desk.run(**REMOVE)
    assert sorted(desk.payments(mixed)) == LEFT
    assert desk.codes() == {}
    assert desk.memory(mixed).plan is None
    assert desk.memory(mixed).registered == [{"amount": Decimal("39.00"), "paid_at": DAY, "how": "money"}]


def test_a_refused_removal_is_kept_and_tried_again(desk: Desk, mixed: dict[str, Any]) -> None:
    desk.fault(REMOVE_ALL, "error", status=400, message="Period is locked", times=1)
    ran = desk.run(desk.record(mixed, ("60.00", DAY)), **REMOVE)
    assert ran.counts == {"rejected": 1}
    assert desk.codes() == {mixed["id"]: "payment_refused"}
    assert desk.run(**REMOVE).counts == {"taken back": 1}
    assert sorted(desk.payments(mixed)) == LEFT


def test_what_a_person_restores_between_two_runs_is_not_doubled(desk: Desk, mixed: dict[str, Any]) -> None:
    desk.fault(REGISTER, "empty_500", times=1)
    desk.run(desk.record(mixed, ("60.00", DAY)), **REMOVE)
    assert desk.payments(mixed) == []
    desk.pay_by_hand(mixed, "21.00", paid_at=HAND)
    desk.run(**REMOVE)
    assert sorted(desk.payments(mixed)) == LEFT
