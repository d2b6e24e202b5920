"""Answers that do not come: nothing is registered twice, and nothing is lost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import Paid
from singer_shell.endings import RunEnded

if TYPE_CHECKING:
    from conftest import Harness

DAY = "2026-03-20"
REGISTER, REMOVE_ALL = "invoices.registerPayment", "invoices.removePayments"
REMOVE = {"on_unmatched": "remove"}
HAND = "2026-03-05T08:15:00+01:00"

pytestmark = pytest.mark.usefixtures("short_waits")


def test_a_payment_whose_answer_is_lost_is_found_again_in_the_same_run(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.fault(REGISTER, "reset_after", times=1)
    ran = harness.run(harness.record(invoice, ("121.00", DAY)))
    assert ran.counts == {"registered": 1}
    assert ran.calls[REGISTER] == 1
    assert harness.payments(invoice) == [(Decimal("121.00"), DAY)]


def test_an_answer_that_is_cut_short_is_no_doubt(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.fault(REGISTER, "truncated", times=1)
    assert harness.run(harness.record(invoice, ("121.00", DAY))).counts == {"registered": 1}
    assert len(harness.payments(invoice)) == 1


@pytest.mark.parametrize("kind", ["reset_before", "empty_500"])
def test_a_payment_that_may_not_have_been_taken_waits_for_the_next_run(harness: Harness, kind: str) -> None:
    invoice = harness.invoice()
    harness.fault(REGISTER, kind, times=1)
    ran = harness.run(harness.record(invoice, ("121.00", DAY)))
    assert ran.error is None
    assert ran.counts == {"unknown": 1}
    assert ran.calls[REGISTER] == 1
    assert harness.codes() == {invoice["id"]: "outcome_unknown"}
    harness.later()
    ran = harness.run()
    assert ran.counts == {"registered": 1}
    assert harness.payments(invoice) == [(Decimal("121.00"), DAY)]
    assert harness.codes() == {}


def test_a_payment_that_shows_late_is_confirmed_by_the_next_run(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.fault(REGISTER, "reset_before", times=1)
    harness.run(harness.record(invoice, ("121.00", DAY)))
    harness.pay_by_hand(invoice, "121.00", paid_at=f"{DAY}T12:00:00+00:00")
    ran = harness.run()
    assert ran.counts == {"registered": 1}
    assert ran.calls == {"invoices.info": 1}
    assert len(harness.payments(invoice)) == 1
    assert harness.codes() == {}


def test_a_payment_by_hand_meanwhile_is_not_taken_for_ours(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.fault(REGISTER, "reset_before", times=1)
    harness.run(harness.record(invoice, ("121.00", DAY)))
    harness.pay_by_hand(invoice, "21.00", paid_at=HAND)
    harness.later()
    harness.run()
    assert sorted(harness.payments(invoice)) == [(Decimal("21.00"), "2026-03-05"), (Decimal("100.00"), DAY)]


def test_a_newer_record_of_an_invoice_in_doubt_waits_with_it(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.fault(REGISTER, "reset_before", times=1)
    harness.run(harness.record(invoice, ("21.00", DAY)))
    harness.fault("invoices.info", "error", status=404, message="Not found", times=1)
    newer = harness.record(invoice, ("21.00", DAY), ("100.00", "2026-03-25"))
    assert harness.run(newer).counts == {"waiting": 1}
    assert harness.codes() == {invoice["id"]: "outcome_awaited"}
    harness.later()
    harness.run()
    assert sum(amount for amount, _ in harness.payments(invoice)) == 121


def test_when_teamleader_stays_silent_the_run_ends_and_the_next_one_goes_on(harness: Harness) -> None:
    invoices = [harness.invoice() for _ in range(6)]
    records = [harness.record(invoice, ("121.00", DAY)) for invoice in invoices]
    harness.fault(REGISTER, "reset_before", times=100)
    ran = harness.run(*records)
    assert isinstance(ran.error, RunEnded)
    assert ran.calls[REGISTER] == 3
    assert ran.states == []
    harness.sandbox.clear_faults()
    harness.later()
    ran = harness.run(*records)
    assert ran.counts == {"registered": 6}
    assert all(len(harness.payments(invoice)) == 1 for invoice in invoices)
    assert harness.codes() == {}


@pytest.fixture
def mixed(harness: Harness) -> dict[str, Any]:
    """An invoice with one payment by hand and two of ours."""
    invoice = harness.invoice()
    harness.pay_by_hand(invoice, "21.00", paid_at=HAND)
    harness.run(harness.record(invoice, ("60.00", DAY)))
    harness.run(harness.record(invoice, ("60.00", DAY), ("61.00", "2026-03-25")))
    assert harness.due(invoice) == 0
    return invoice


LEFT = [(Decimal("21.00"), "2026-03-05"), (Decimal("39.00"), DAY)]


@pytest.mark.parametrize("action", [REMOVE_ALL, REGISTER])
@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "empty_500", "truncated"])
@pytest.mark.parametrize("skip", [0, 1])
def test_taking_back_through_any_doubt_leaves_what_has_to_stand(
    harness: Harness, mixed: dict[str, Any], action: str, kind: str, skip: int
) -> None:
    harness.fault(action, kind, times=1, skip=skip)
    harness.run(harness.record(mixed, ("60.00", DAY)), **REMOVE)
    harness.later()
    harness.run(**REMOVE)
    assert sorted(harness.payments(mixed)) == LEFT
    assert harness.codes() == {}
    assert harness.registered(mixed).plan is None
    assert harness.registered(mixed).registered == (Paid(Decimal("39.00"), DAY, "money"),)


def test_a_refused_removal_is_kept_and_tried_again(harness: Harness, mixed: dict[str, Any]) -> None:
    harness.fault(REMOVE_ALL, "error", status=400, message="Period is locked", times=1)
    ran = harness.run(harness.record(mixed, ("60.00", DAY)), **REMOVE)
    assert ran.counts == {"rejected": 1}
    assert harness.codes() == {mixed["id"]: "payment_refused"}
    assert harness.run(**REMOVE).counts == {"taken back": 1}
    assert sorted(harness.payments(mixed)) == LEFT


def test_what_a_person_restores_between_two_runs_is_not_doubled(harness: Harness, mixed: dict[str, Any]) -> None:
    harness.fault(REGISTER, "empty_500", times=1)
    harness.run(harness.record(mixed, ("60.00", DAY)), **REMOVE)
    assert harness.payments(mixed) == []
    harness.pay_by_hand(mixed, "21.00", paid_at=HAND)
    harness.later()
    harness.run(**REMOVE)
    assert sorted(harness.payments(mixed)) == LEFT


@pytest.mark.parametrize("seconds", [20, 200])
def test_a_request_that_teamleader_finishes_after_we_left_is_registered_once(harness: Harness, seconds: int) -> None:
    """Line 9: an orphaned request is carried out while, or after, later runs look for it; others go on meanwhile."""
    invoice, other = harness.invoice(), harness.invoice()
    harness.fault(REGISTER, "orphaned", seconds=seconds, times=1)
    harness.run(harness.record(invoice, ("121.00", DAY)))
    ran = harness.run(harness.record(invoice, ("121.00", DAY)), harness.record(other, ("121.00", DAY)))
    assert ran.counts == {"waiting": 1, "registered": 1}
    harness.run()
    harness.later()
    harness.run()
    assert harness.payments(invoice) == [(Decimal("121.00"), DAY)]
    assert harness.codes() == {}


def test_a_removal_that_teamleader_finishes_after_we_left_loses_nothing(
    harness: Harness, mixed: dict[str, Any]
) -> None:
    """Line 9: were it given up too early, it would remove what was registered since."""
    harness.fault(REMOVE_ALL, "orphaned", seconds=100, times=1)
    harness.run(harness.record(mixed, ("60.00", DAY)), **REMOVE)
    harness.run(**REMOVE)
    harness.later()
    harness.run(**REMOVE)
    assert sorted(harness.payments(mixed)) == LEFT
    assert harness.codes() == {}
