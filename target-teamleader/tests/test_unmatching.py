"""A matching that is undone in Exact: kept and reported, or taken back without harm to what others registered."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Desk

REMOVE = {"on_unmatched": "remove"}
HAND = "2026-03-05T08:15:00+01:00"


@pytest.fixture
def paid(desk: Desk) -> dict[str, Any]:
    invoice = desk.invoice()
    desk.run(desk.record(invoice, ("121.00", "2026-03-20")))
    return invoice


def test_by_default_the_invoice_stays_paid_and_is_reported_once(desk: Desk, paid: dict[str, Any]) -> None:
    record = desk.record(paid)
    ran = desk.run(record)
    assert ran.counts == {"rejected": 1}
    assert not ran.calls
    assert desk.codes() == {paid["id"]: "unmatched_in_exact"}
    assert desk.due(paid) == 0
    assert desk.run(record).counts == {"unchanged": 1}
    assert desk.run().counts == {}
    with desk.store() as store:
        assert store.rejects(desk.division).all()[0].attempts == 1


def test_a_new_matching_solves_the_report_and_registers_nothing_twice(desk: Desk, paid: dict[str, Any]) -> None:
    desk.run(desk.record(paid))
    ran = desk.run(desk.record(paid, ("121.00", "2026-05-05")))
    assert ran.counts == {"paid already": 1}
    assert desk.codes() == {}
    assert desk.payments(paid) == [(Decimal("121.00"), "2026-03-20")]


def test_a_partly_new_matching_leaves_the_report(desk: Desk, paid: dict[str, Any]) -> None:
    desk.run(desk.record(paid))
    desk.run(desk.record(paid, ("21.00", "2026-05-05")))
    assert desk.codes() == {paid["id"]: "unmatched_in_exact"}
    assert len(desk.payments(paid)) == 1
    desk.run(desk.record(paid, ("21.00", "2026-05-05"), ("100.00", "2026-05-06")))
    assert desk.codes() == {}
    assert len(desk.payments(paid)) == 1


def test_a_new_matching_is_registered_when_a_person_removed_the_payment_meanwhile(
    desk: Desk, paid: dict[str, Any]
) -> None:
    desk.run(desk.record(paid))
    desk.remove_by_hand(paid)
    desk.run(desk.record(paid, ("21.00", "2026-05-05")))
    assert desk.payments(paid) == [(Decimal("21.00"), "2026-05-05")]
    assert desk.codes() == {}
    desk.run(desk.record(paid, ("21.00", "2026-05-05"), ("100.00", "2026-05-06")))
    assert desk.due(paid) == 0


def test_a_deleted_entry_is_reported_like_an_undone_matching(desk: Desk, paid: dict[str, Any]) -> None:
    ran = desk.run(desk.deleted(paid))
    assert ran.counts == {"rejected": 1}
    assert desk.codes() == {paid["id"]: "unmatched_in_exact"}
    assert desk.due(paid) == 0


def test_a_deleted_entry_of_which_nothing_was_registered_is_no_news(desk: Desk) -> None:
    invoice = desk.invoice()
    ran = desk.run(desk.deleted(invoice))
    assert ran.counts == {"unchanged": 1}
    assert not ran.calls


def test_what_was_registered_is_taken_back_on_demand(desk: Desk, paid: dict[str, Any]) -> None:
    ran = desk.run(desk.record(paid), **REMOVE)
    assert ran.counts == {"taken back": 1}
    assert desk.payments(paid) == []
    assert desk.due(paid) == 121
    assert desk.codes() == {}
    assert not desk.run(desk.record(paid), **REMOVE).calls


def test_a_payment_by_hand_survives_with_its_moment(desk: Desk) -> None:
    invoice = desk.invoice()
    desk.pay_by_hand(invoice, "21.00", paid_at=HAND)
    desk.run(desk.record(invoice, ("121.00", "2026-03-20")))
    before = desk.call("invoices.info", {"id": invoice["id"]})["payments"][0]
    ran = desk.run(desk.record(invoice), **REMOVE)
    assert ran.counts == {"taken back": 1}
    assert desk.call("invoices.info", {"id": invoice["id"]})["payments"] == [before]
    assert desk.due(invoice) == 100


def test_only_what_is_open_again_is_taken_back(desk: Desk) -> None:
    invoice = desk.invoice()
    first, second = ("40.00", "2026-03-20"), ("81.00", "2026-03-25")
    desk.run(desk.record(invoice, first))
    desk.run(desk.record(invoice, first, second))
    desk.run(desk.record(invoice, first), **REMOVE)
    assert desk.payments(invoice) == [(Decimal("40.00"), "2026-03-20")]
    desk.run(desk.record(invoice, ("10.00", "2026-03-20")), **REMOVE)
    assert desk.payments(invoice) == [(Decimal("10.00"), "2026-03-20")]
    assert desk.due(invoice) == 111


def test_after_taking_back_a_new_matching_is_registered(desk: Desk, paid: dict[str, Any]) -> None:
    desk.run(desk.record(paid), **REMOVE)
    desk.run(desk.record(paid, ("121.00", "2026-05-05")), **REMOVE)
    assert desk.payments(paid) == [(Decimal("121.00"), "2026-05-05")]


def test_a_deleted_entry_takes_back_all_of_ours_and_no_more(desk: Desk) -> None:
    invoice = desk.invoice()
    desk.pay_by_hand(invoice, "21.00", paid_at=HAND)
    desk.run(desk.record(invoice, ("121.00", "2026-03-20")))
    ran = desk.run(desk.deleted(invoice), **REMOVE)
    assert ran.counts == {"taken back": 1}
    assert desk.payments(invoice) == [(Decimal("21.00"), "2026-03-05")]


def test_what_a_person_registered_alone_is_never_removed(desk: Desk) -> None:
    invoice = desk.invoice()
    desk.pay_by_hand(invoice)
    desk.run(desk.record(invoice, ("121.00", "2026-03-20")), **REMOVE)
    ran = desk.run(desk.record(invoice), **REMOVE)
    assert ran.counts == {"nothing of ours": 1}
    assert ran.calls["invoices.removePayments"] == 0
    assert desk.due(invoice) == 0


def test_what_a_person_removed_already_is_not_taken_back_again(desk: Desk, paid: dict[str, Any]) -> None:
    desk.remove_by_hand(paid)
    desk.pay_by_hand(paid, "30.00")
    ran = desk.run(desk.record(paid), **REMOVE)
    assert ran.counts == {"nothing of ours": 1}
    assert [amount for amount, _ in desk.payments(paid)] == [Decimal("30.00")]
    assert desk.memory(paid).registered == []


def test_a_setting_that_changes_to_remove_solves_what_was_reported(desk: Desk, paid: dict[str, Any]) -> None:
    desk.run(desk.record(paid))
    ran = desk.run(**REMOVE)
    assert ran.counts == {"taken back": 1}
    assert desk.codes() == {}
    assert desk.due(paid) == 121


def test_an_invoice_below_zero_is_taken_back_as_well(desk: Desk) -> None:
    invoice = desk.invoice("-100.00")
    desk.run(desk.record(invoice, ("-121.00", "2026-03-20")))
    desk.run(desk.record(invoice, ("-21.00", "2026-03-20")), **REMOVE)
    assert desk.payments(invoice) == [(Decimal("-21.00"), "2026-03-20")]


def test_an_entry_that_took_the_place_of_a_deleted_one_is_followed(desk: Desk, paid: dict[str, Any]) -> None:
    gone = dict(paid)
    desk.run(desk.deleted(gone), **REMOVE)
    paid["entry"] = "11111111-2222-4333-8444-555555555555"
    desk.link(paid)
    assert desk.run(desk.record(paid, ("121.00", "2026-06-01")), **REMOVE).counts == {"registered": 1}
    ran = desk.run(desk.deleted(gone), **REMOVE)
    assert ran.counts == {"not from Teamleader": 1}
    assert desk.due(paid) == 0


@pytest.mark.usefixtures("in_a_hurry")
def test_a_payment_that_teamleader_does_not_take_back_is_shown_until_it_stands(desk: Desk) -> None:
    invoice = desk.invoice()
    desk.pay_by_hand(invoice, "21.00", paid_at=HAND)
    desk.run(desk.record(invoice, ("121.00", "2026-03-20")))
    desk.fault("registerPayment", "error", status=400, message="No")
    record = desk.record(invoice)
    ran = desk.run(record, **REMOVE)
    assert ran.counts == {"rejected": 1}
    assert desk.codes() == {invoice["id"]: "payments_not_restored"}
    with desk.store() as store:
        assert "21.00 EUR of 2026-03-05" in store.rejects(desk.division).all()[0].reason
    desk.run(**REMOVE)
    assert desk.codes() == {invoice["id"]: "payments_not_restored"}
    desk.run(record, **REMOVE)
    assert desk.codes() == {invoice["id"]: "payments_not_restored"}
    desk.sandbox.clear_faults()
    assert desk.run(**REMOVE).counts["taken back"] == 1
    assert desk.payments(invoice) == [(Decimal("21.00"), "2026-03-05")]
    assert desk.codes() == {}
