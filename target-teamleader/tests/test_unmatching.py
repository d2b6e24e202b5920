"""A matching that is undone in Exact: kept and reported, or taken back without harm to what others registered."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Harness

REMOVE = {"on_unmatched": "remove"}
HAND = "2026-03-05T08:15:00+01:00"


@pytest.fixture
def paid(harness: Harness) -> dict[str, Any]:
    invoice = harness.invoice()
    harness.run(harness.record(invoice, ("121.00", "2026-03-20")))
    return invoice


def test_by_default_the_invoice_stays_paid_and_is_reported_once(harness: Harness, paid: dict[str, Any]) -> None:
    record = harness.record(paid)
    ran = harness.run(record)
    assert ran.counts == {"rejected": 1}
    assert harness.codes() == {paid["id"]: "unmatched_in_exact"}
    assert harness.due(paid) == 0
    assert harness.run(record).counts == {"unchanged": 1}
    again = harness.run()
    assert (again.counts, again.calls) == ({"unchanged": 1}, {"invoices.list": 1})
    with harness.store() as store:
        assert store.rejects(harness.division).all()[0].attempts == 1


def test_a_new_matching_solves_the_report_and_registers_nothing_twice(harness: Harness, paid: dict[str, Any]) -> None:
    harness.run(harness.record(paid))
    ran = harness.run(harness.record(paid, ("121.00", "2026-05-05")))
    assert ran.counts == {"paid already": 1}
    assert harness.codes() == {}
    assert harness.payments(paid) == [(Decimal("121.00"), "2026-03-20")]


def test_a_partly_new_matching_leaves_the_report(harness: Harness, paid: dict[str, Any]) -> None:
    harness.run(harness.record(paid))
    harness.run(harness.record(paid, ("21.00", "2026-05-05")))
    assert harness.codes() == {paid["id"]: "unmatched_in_exact"}
    assert len(harness.payments(paid)) == 1
    harness.run(harness.record(paid, ("21.00", "2026-05-05"), ("100.00", "2026-05-06")))
    assert harness.codes() == {}
    assert len(harness.payments(paid)) == 1


def test_a_new_matching_is_registered_when_a_person_removed_the_payment_meanwhile(
    harness: Harness, paid: dict[str, Any]
) -> None:
    harness.run(harness.record(paid))
    harness.remove_by_hand(paid)
    harness.run(harness.record(paid, ("21.00", "2026-05-05")))
    assert harness.payments(paid) == [(Decimal("21.00"), "2026-05-05")]
    assert harness.codes() == {}
    harness.run(harness.record(paid, ("21.00", "2026-05-05"), ("100.00", "2026-05-06")))
    assert harness.due(paid) == 0


def test_the_report_goes_when_a_person_removed_the_payment(harness: Harness, paid: dict[str, Any]) -> None:
    """Line 27: the second hint of unmatched_in_exact, taken literally."""
    harness.run(harness.record(paid))
    harness.remove_by_hand(paid)
    harness.run()
    assert harness.codes() == {}
    harness.run(harness.record(paid, ("121.00", "2026-05-05")))
    assert harness.payments(paid) == [(Decimal("121.00"), "2026-05-05")]


FIRST, SECOND = ("60.00", "2026-03-20"), ("61.00", "2026-03-21")
"""Two receipts of one invoice, which one run registers as one payment."""


@pytest.fixture
def paid_by_two(harness: Harness) -> dict[str, Any]:
    """An invoice of which the second of two matchings was undone and reported."""
    invoice = harness.invoice()
    harness.run(harness.record(invoice, FIRST, SECOND))
    harness.run(harness.record(invoice, FIRST))
    assert harness.codes() == {invoice["id"]: "unmatched_in_exact"}
    return invoice


def test_what_is_settled_still_is_registered_when_a_person_removed_all(
    harness: Harness, paid_by_two: dict[str, Any]
) -> None:
    harness.remove_by_hand(paid_by_two)
    harness.run()
    assert harness.payments(paid_by_two) == [(Decimal("60.00"), "2026-03-20")]
    assert harness.codes() == {}
    harness.run(harness.record(paid_by_two, FIRST, ("61.00", "2026-05-05")))
    assert harness.payments(paid_by_two)[1:] == [(Decimal("61.00"), "2026-05-05")]


def test_all_is_registered_when_a_person_removed_all_and_another_matched_again(
    harness: Harness, paid_by_two: dict[str, Any]
) -> None:
    harness.remove_by_hand(paid_by_two)
    harness.run(harness.record(paid_by_two, FIRST, ("61.00", "2026-05-05")))
    assert harness.payments(paid_by_two) == [(Decimal("121.00"), "2026-05-05")]
    assert harness.codes() == {}


def test_what_a_person_entered_again_by_hand_is_not_registered_beside_it(
    harness: Harness, paid_by_two: dict[str, Any]
) -> None:
    harness.remove_by_hand(paid_by_two)
    harness.pay_by_hand(paid_by_two, "60.00")
    harness.run()
    assert [amount for amount, _ in harness.payments(paid_by_two)] == [Decimal("60.00")]
    assert harness.codes() == {}


def test_a_payment_that_stands_is_not_registered_again_for_an_invoice_that_became_higher_meanwhile(
    harness: Harness, paid_by_two: dict[str, Any]
) -> None:
    """Its entry is matched, so that it stays at 121.00 while 242.00 is asked in Teamleader."""
    harness.sandbox.teamleader("edit_invoice", id=paid_by_two["id"], lines=[{"unit_price": "200.00"}])
    assert harness.due(paid_by_two) == 121
    harness.run()
    harness.run(harness.record(paid_by_two, FIRST, ("61.00", "2026-05-05")))
    assert harness.payments(paid_by_two) == [(Decimal("121.00"), "2026-03-21")]


def test_the_report_of_a_deleted_entry_goes_as_well(harness: Harness, paid: dict[str, Any]) -> None:
    harness.run(harness.deleted(paid))
    harness.remove_by_hand(paid)
    harness.run()
    assert harness.codes() == {}


def test_the_report_stays_while_a_part_of_the_payment_does(harness: Harness, paid: dict[str, Any]) -> None:
    harness.run(harness.record(paid))
    harness.remove_by_hand(paid)
    harness.pay_by_hand(paid, "30.00")
    harness.run()
    assert harness.codes() == {paid["id"]: "unmatched_in_exact"}


def test_a_new_matching_whose_first_try_fails_is_registered_by_the_next_run(
    harness: Harness, paid: dict[str, Any]
) -> None:
    """Line 24: what was reported is a fact of the payment, whatever the reject says by then."""
    harness.run(harness.record(paid))
    harness.remove_by_hand(paid)
    harness.fault("invoices.registerPayment", "error", status=400, message="Period is locked", times=1)
    harness.run(harness.record(paid, ("121.00", "2026-05-05")))
    assert harness.codes() == {paid["id"]: "payment_refused"}
    harness.run()
    assert harness.payments(paid) == [(Decimal("121.00"), "2026-05-05")]
    assert harness.codes() == {}


def test_an_undone_matching_of_an_invoice_that_is_gone_asks_for_nothing(harness: Harness, paid: dict[str, Any]) -> None:
    harness.sandbox.teamleader("delete_document", id=paid["id"])
    harness.run(harness.record(paid))
    assert harness.codes() == {}


def test_a_deleted_entry_is_reported_like_an_undone_matching(harness: Harness, paid: dict[str, Any]) -> None:
    ran = harness.run(harness.deleted(paid))
    assert ran.counts == {"rejected": 1}
    assert harness.codes() == {paid["id"]: "unmatched_in_exact"}
    assert harness.due(paid) == 0


def test_a_deleted_entry_of_which_nothing_was_registered_is_no_news(harness: Harness) -> None:
    invoice = harness.invoice()
    ran = harness.run(harness.deleted(invoice))
    assert ran.counts == {"unchanged": 1}
    assert not ran.calls


def test_what_was_registered_is_taken_back_on_demand(harness: Harness, paid: dict[str, Any]) -> None:
    ran = harness.run(harness.record(paid), **REMOVE)
    assert ran.counts == {"taken back": 1}
    assert harness.payments(paid) == []
    assert harness.due(paid) == 121
    assert harness.codes() == {}
    assert not harness.run(harness.record(paid), **REMOVE).calls


def test_a_payment_by_hand_survives_with_its_moment(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.pay_by_hand(invoice, "21.00", paid_at=HAND)
    harness.run(harness.record(invoice, ("121.00", "2026-03-20")))
    before = harness.call("invoices.info", {"id": invoice["id"]})["payments"][0]
    ran = harness.run(harness.record(invoice), **REMOVE)
    assert ran.counts == {"taken back": 1}
    assert harness.call("invoices.info", {"id": invoice["id"]})["payments"] == [before]
    assert harness.due(invoice) == 100


def test_only_what_is_open_again_is_taken_back(harness: Harness) -> None:
    invoice = harness.invoice()
    first, second = ("40.00", "2026-03-20"), ("81.00", "2026-03-25")
    harness.run(harness.record(invoice, first))
    harness.run(harness.record(invoice, first, second))
    harness.run(harness.record(invoice, first), **REMOVE)
    assert harness.payments(invoice) == [(Decimal("40.00"), "2026-03-20")]
    harness.run(harness.record(invoice, ("10.00", "2026-03-20")), **REMOVE)
    assert harness.payments(invoice) == [(Decimal("10.00"), "2026-03-20")]
    assert harness.due(invoice) == 111


def test_after_taking_back_a_new_matching_is_registered(harness: Harness, paid: dict[str, Any]) -> None:
    harness.run(harness.record(paid), **REMOVE)
    harness.run(harness.record(paid, ("121.00", "2026-05-05")), **REMOVE)
    assert harness.payments(paid) == [(Decimal("121.00"), "2026-05-05")]


def test_a_deleted_entry_takes_back_all_of_ours_and_no_more(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.pay_by_hand(invoice, "21.00", paid_at=HAND)
    harness.run(harness.record(invoice, ("121.00", "2026-03-20")))
    ran = harness.run(harness.deleted(invoice), **REMOVE)
    assert ran.counts == {"taken back": 1}
    assert harness.payments(invoice) == [(Decimal("21.00"), "2026-03-05")]


def test_what_a_person_registered_alone_is_never_removed(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.pay_by_hand(invoice)
    harness.run(harness.record(invoice, ("121.00", "2026-03-20")), **REMOVE)
    ran = harness.run(harness.record(invoice), **REMOVE)
    assert ran.counts == {"nothing of ours": 1}
    assert ran.calls["invoices.removePayments"] == 0
    assert harness.due(invoice) == 0


def test_what_a_person_removed_already_is_not_taken_back_again(harness: Harness, paid: dict[str, Any]) -> None:
    harness.remove_by_hand(paid)
    harness.pay_by_hand(paid, "30.00")
    ran = harness.run(harness.record(paid), **REMOVE)
    assert ran.counts == {"nothing of ours": 1}
    assert [amount for amount, _ in harness.payments(paid)] == [Decimal("30.00")]
    assert harness.registered(paid).registered == ()


def test_a_setting_that_changes_to_remove_solves_what_was_reported(harness: Harness, paid: dict[str, Any]) -> None:
    harness.run(harness.record(paid))
    ran = harness.run(**REMOVE)
    assert ran.counts == {"taken back": 1}
    assert harness.codes() == {}
    assert harness.due(paid) == 121


def test_an_invoice_below_zero_is_taken_back_as_well(harness: Harness) -> None:
    invoice = harness.invoice("-100.00")
    harness.run(harness.record(invoice, ("-121.00", "2026-03-20")))
    harness.run(harness.record(invoice, ("-21.00", "2026-03-20")), **REMOVE)
    assert harness.payments(invoice) == [(Decimal("-21.00"), "2026-03-20")]


def test_an_entry_that_took_the_place_of_a_deleted_one_is_followed(harness: Harness, paid: dict[str, Any]) -> None:
    gone = dict(paid)
    harness.run(harness.deleted(gone), **REMOVE)
    paid["entry"] = "11111111-2222-4333-8444-555555555555"
    harness.link(paid)
    assert harness.run(harness.record(paid, ("121.00", "2026-06-01")), **REMOVE).counts == {"registered": 1}
    ran = harness.run(harness.deleted(gone), **REMOVE)
    assert ran.counts == {"not from Teamleader": 1}
    assert harness.due(paid) == 0


@pytest.mark.usefixtures("short_waits")
def test_a_payment_that_teamleader_does_not_take_back_is_shown_until_it_stands(harness: Harness) -> None:
    invoice = harness.invoice()
    harness.pay_by_hand(invoice, "21.00", paid_at=HAND)
    harness.run(harness.record(invoice, ("121.00", "2026-03-20")))
    harness.fault("registerPayment", "error", status=400, message="No")
    record = harness.record(invoice)
    ran = harness.run(record, **REMOVE)
    assert ran.counts == {"rejected": 1}
    assert harness.codes() == {invoice["id"]: "payments_not_restored"}
    with harness.store() as store:
        assert "21.00 EUR of 2026-03-05" in store.rejects(harness.division).all()[0].reason
    harness.run(**REMOVE)
    assert harness.codes() == {invoice["id"]: "payments_not_restored"}
    harness.run(record, **REMOVE)
    assert harness.codes() == {invoice["id"]: "payments_not_restored"}
    harness.sandbox.clear_faults()
    assert harness.run(**REMOVE).counts["taken back"] == 1
    assert harness.payments(invoice) == [(Decimal("21.00"), "2026-03-05")]
    assert harness.codes() == {}


# After the store was lost, or an older copy put back

BOTH = ("121.00", "2026-03-20")


@pytest.fixture
def forgotten(harness: Harness) -> dict[str, Any]:
    """Return an invoice that was paid and un-matched, of which a new store knows only what stands in Exact."""
    invoice = harness.unlinked_invoice()
    harness.pay_by_hand(invoice)
    harness.link(invoice, how="adopted")
    return invoice


def test_what_was_un_matched_before_the_store_was_lost_is_told_once(
    harness: Harness, forgotten: dict[str, Any]
) -> None:
    record = harness.record(forgotten)
    ran = harness.run(record)
    assert (ran.counts, harness.codes()) == ({"rejected": 1}, {forgotten["id"]: "paid_without_settlement"})
    assert harness.run(record).counts == {"unchanged": 1}
    again = harness.run()
    assert (again.counts, again.calls) == ({"unchanged": 1}, {"invoices.list": 1})
    assert harness.due(forgotten) == 0


def test_a_part_of_it_that_is_matched_again_leaves_the_rest_told(harness: Harness, forgotten: dict[str, Any]) -> None:
    harness.run(harness.record(forgotten))
    harness.run(harness.record(forgotten, ("21.00", "2026-05-05")))
    assert harness.codes() == {forgotten["id"]: "paid_without_settlement"}
    harness.run(harness.record(forgotten, ("21.00", "2026-05-05"), ("100.00", "2026-05-06")))
    assert (harness.codes(), len(harness.payments(forgotten))) == ({}, 1)


def test_of_an_invoice_that_is_gone_meanwhile_nothing_is_told(harness: Harness, forgotten: dict[str, Any]) -> None:
    harness.run(harness.record(forgotten))
    harness.sandbox.teamleader("delete_document", id=forgotten["id"])
    harness.run()
    assert harness.codes() == {}


def test_a_credit_note_that_teamleader_deducted_is_no_payment_that_nobody_knows(harness: Harness) -> None:
    invoice = harness.unlinked_invoice()
    harness.sandbox.add_credit_note(invoice=invoice["id"])
    harness.link(invoice, how="adopted")
    assert harness.run(harness.record(invoice)).counts == {"paid already": 1}
    assert harness.codes() == {}


def test_what_an_older_copy_of_the_store_holds_is_looked_at_again(harness: Harness, paid: dict[str, Any]) -> None:
    """The copy knows an invoice that was paid and un-matched since only as it was before both."""
    other = harness.invoice()
    harness.pay_by_hand(other)
    assert harness.run(harness.record(other), harness.record(paid, BOTH)).counts == {"unchanged": 2}
    with harness.store() as store:
        store.renew_identity()
    ran = harness.run(harness.record(other), harness.record(paid, BOTH))
    assert ran.counts == {"rejected": 1, "paid already": 1}
    assert harness.codes() == {other["id"]: "paid_without_settlement"}
    assert harness.run(harness.record(paid, BOTH)).counts == {"unchanged": 2}
