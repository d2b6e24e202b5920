"""Answers that do not come: nothing is registered twice, and nothing is lost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import Paid
from singer_shell.endings import RunEnded

if TYPE_CHECKING:
    from conftest import Coupling

DAY = "2026-03-20"
REGISTER, REMOVE_ALL = "invoices.registerPayment", "invoices.removePayments"
REMOVE = {"on_unmatched": "remove"}
HAND = "2026-03-05T08:15:00+01:00"

pytestmark = pytest.mark.usefixtures("short_waits")


def test_a_payment_whose_answer_is_lost_is_found_again_in_the_same_run(coupling: Coupling) -> None:
    invoice = coupling.invoice()
    coupling.fault(REGISTER, "reset_after", times=1)
    ran = coupling.run(coupling.record(invoice, ("121.00", DAY)))
    assert ran.counts == {"registered": 1}
    assert ran.calls[REGISTER] == 1
    assert coupling.payments(invoice) == [(Decimal("121.00"), DAY)]


def test_an_answer_that_is_cut_short_is_no_doubt(coupling: Coupling) -> None:
    invoice = coupling.invoice()
    coupling.fault(REGISTER, "truncated", times=1)
    assert coupling.run(coupling.record(invoice, ("121.00", DAY))).counts == {"registered": 1}
    assert len(coupling.payments(invoice)) == 1


@pytest.mark.parametrize("kind", ["reset_before", "empty_500"])
def test_a_payment_that_may_not_have_been_taken_waits_for_the_next_run(coupling: Coupling, kind: str) -> None:
    invoice = coupling.invoice()
    coupling.fault(REGISTER, kind, times=1)
    ran = coupling.run(coupling.record(invoice, ("121.00", DAY)))
    assert ran.error is None
    assert ran.counts == {"unknown": 1}
    assert ran.calls[REGISTER] == 1
    assert coupling.codes() == {invoice["id"]: "outcome_unknown"}
    coupling.later()
    ran = coupling.run()
    assert ran.counts == {"registered": 1}
    assert coupling.payments(invoice) == [(Decimal("121.00"), DAY)]
    assert coupling.codes() == {}


def test_a_payment_that_shows_late_is_confirmed_by_the_next_run(coupling: Coupling) -> None:
    invoice = coupling.invoice()
    coupling.fault(REGISTER, "reset_before", times=1)
    coupling.run(coupling.record(invoice, ("121.00", DAY)))
    coupling.pay_by_hand(invoice, "121.00", paid_at=f"{DAY}T12:00:00+00:00")
    ran = coupling.run()
    assert ran.counts == {"registered": 1}
    assert ran.calls == {"invoices.info": 1}
    assert len(coupling.payments(invoice)) == 1
    assert coupling.codes() == {}


def test_a_payment_by_hand_meanwhile_is_not_taken_for_ours(coupling: Coupling) -> None:
    invoice = coupling.invoice()
    coupling.fault(REGISTER, "reset_before", times=1)
    coupling.run(coupling.record(invoice, ("121.00", DAY)))
    coupling.pay_by_hand(invoice, "21.00", paid_at=HAND)
    coupling.later()
    coupling.run()
    assert sorted(coupling.payments(invoice)) == [(Decimal("21.00"), "2026-03-05"), (Decimal("100.00"), DAY)]


def test_a_newer_record_of_an_invoice_in_doubt_waits_with_it(coupling: Coupling) -> None:
    invoice = coupling.invoice()
    coupling.fault(REGISTER, "reset_before", times=1)
    coupling.run(coupling.record(invoice, ("21.00", DAY)))
    coupling.fault("invoices.info", "error", status=404, message="Not found", times=1)
    newer = coupling.record(invoice, ("21.00", DAY), ("100.00", "2026-03-25"))
    assert coupling.run(newer).counts == {"waiting": 1}
    assert coupling.codes() == {invoice["id"]: "outcome_awaited"}
    coupling.later()
    coupling.run()
    assert sum(amount for amount, _ in coupling.payments(invoice)) == 121


def test_when_teamleader_stays_silent_the_run_ends_and_the_next_one_goes_on(coupling: Coupling) -> None:
    invoices = [coupling.invoice() for _ in range(6)]
    records = [coupling.record(invoice, ("121.00", DAY)) for invoice in invoices]
    coupling.fault(REGISTER, "reset_before", times=100)
    ran = coupling.run(*records)
    assert isinstance(ran.error, RunEnded)
    assert ran.calls[REGISTER] == 3
    assert ran.states == []
    coupling.sandbox.clear_faults()
    coupling.later()
    ran = coupling.run(*records)
    assert ran.counts == {"registered": 6}
    assert all(len(coupling.payments(invoice)) == 1 for invoice in invoices)
    assert coupling.codes() == {}


@pytest.fixture
def mixed(coupling: Coupling) -> dict[str, Any]:
    """An invoice with one payment by hand and two of ours."""
    invoice = coupling.invoice()
    coupling.pay_by_hand(invoice, "21.00", paid_at=HAND)
    coupling.run(coupling.record(invoice, ("60.00", DAY)))
    coupling.run(coupling.record(invoice, ("60.00", DAY), ("61.00", "2026-03-25")))
    assert coupling.due(invoice) == 0
    return invoice


LEFT = [(Decimal("21.00"), "2026-03-05"), (Decimal("39.00"), DAY)]


@pytest.mark.parametrize("action", [REMOVE_ALL, REGISTER])
@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "empty_500", "truncated"])
@pytest.mark.parametrize("skip", [0, 1])
def test_taking_back_through_any_doubt_leaves_what_has_to_stand(
    coupling: Coupling, mixed: dict[str, Any], action: str, kind: str, skip: int
) -> None:
    coupling.fault(action, kind, times=1, skip=skip)
    coupling.run(coupling.record(mixed, ("60.00", DAY)), **REMOVE)
    coupling.later()
    coupling.run(**REMOVE)
    assert sorted(coupling.payments(mixed)) == LEFT
    assert coupling.codes() == {}
    assert coupling.registered(mixed).plan is None
    assert coupling.registered(mixed).registered == (Paid(Decimal("39.00"), DAY, "money"),)


def test_a_refused_removal_is_kept_and_tried_again(coupling: Coupling, mixed: dict[str, Any]) -> None:
    coupling.fault(REMOVE_ALL, "error", status=400, message="Period is locked", times=1)
    ran = coupling.run(coupling.record(mixed, ("60.00", DAY)), **REMOVE)
    assert ran.counts == {"rejected": 1}
    assert coupling.codes() == {mixed["id"]: "payment_refused"}
    assert coupling.run(**REMOVE).counts == {"taken back": 1}
    assert sorted(coupling.payments(mixed)) == LEFT


def test_what_a_person_restores_between_two_runs_is_not_doubled(coupling: Coupling, mixed: dict[str, Any]) -> None:
    coupling.fault(REGISTER, "empty_500", times=1)
    coupling.run(coupling.record(mixed, ("60.00", DAY)), **REMOVE)
    assert coupling.payments(mixed) == []
    coupling.pay_by_hand(mixed, "21.00", paid_at=HAND)
    coupling.later()
    coupling.run(**REMOVE)
    assert sorted(coupling.payments(mixed)) == LEFT


@pytest.mark.parametrize("seconds", [20, 200])
def test_a_request_that_teamleader_finishes_after_we_left_is_registered_once(coupling: Coupling, seconds: int) -> None:
    """Line 9: an orphaned request is carried out while, or after, later runs look for it; others go on meanwhile."""
    invoice, other = coupling.invoice(), coupling.invoice()
    coupling.fault(REGISTER, "orphaned", seconds=seconds, times=1)
    coupling.run(coupling.record(invoice, ("121.00", DAY)))
    ran = coupling.run(coupling.record(invoice, ("121.00", DAY)), coupling.record(other, ("121.00", DAY)))
    assert ran.counts == {"waiting": 1, "registered": 1}
    coupling.run()
    coupling.later()
    coupling.run()
    assert coupling.payments(invoice) == [(Decimal("121.00"), DAY)]
    assert coupling.codes() == {}


def test_a_removal_that_teamleader_finishes_after_we_left_loses_nothing(
    coupling: Coupling, mixed: dict[str, Any]
) -> None:
    """Line 9: were it given up too early, it would remove what was registered since."""
    coupling.fault(REMOVE_ALL, "orphaned", seconds=100, times=1)
    coupling.run(coupling.record(mixed, ("60.00", DAY)), **REMOVE)
    coupling.run(**REMOVE)
    coupling.later()
    coupling.run(**REMOVE)
    assert sorted(coupling.payments(mixed)) == LEFT
    assert coupling.codes() == {}
