"""A matching that is undone in Exact: kept and reported, or taken back without harm to what others registered."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Coupling

REMOVE = {"on_unmatched": "remove"}
HAND = "2026-03-05T08:15:00+01:00"


@pytest.fixture
def paid(coupling: Coupling) -> dict[str, Any]:
    invoice = coupling.invoice()
    coupling.run(coupling.record(invoice, ("121.00", "2026-03-20")))
    return invoice


def test_by_default_the_invoice_stays_paid_and_is_reported_once(coupling: Coupling, paid: dict[str, Any]) -> None:
    record = coupling.record(paid)
    ran = coupling.run(record)
    assert ran.counts == {"rejected": 1}
    assert coupling.codes() == {paid["id"]: "unmatched_in_exact"}
    assert coupling.due(paid) == 0
    assert coupling.run(record).counts == {"unchanged": 1}
    again = coupling.run()
    assert (again.counts, again.calls) == ({"unchanged": 1}, {"invoices.list": 1})
    with coupling.store() as store:
        assert store.rejects(coupling.division).all()[0].attempts == 1


def test_a_new_matching_solves_the_report_and_registers_nothing_twice(coupling: Coupling, paid: dict[str, Any]) -> None:
    coupling.run(coupling.record(paid))
    ran = coupling.run(coupling.record(paid, ("121.00", "2026-05-05")))
    assert ran.counts == {"paid already": 1}
    assert coupling.codes() == {}
    assert coupling.payments(paid) == [(Decimal("121.00"), "2026-03-20")]


def test_a_partly_new_matching_leaves_the_report(coupling: Coupling, paid: dict[str, Any]) -> None:
    coupling.run(coupling.record(paid))
    coupling.run(coupling.record(paid, ("21.00", "2026-05-05")))
    assert coupling.codes() == {paid["id"]: "unmatched_in_exact"}
    assert len(coupling.payments(paid)) == 1
    coupling.run(coupling.record(paid, ("21.00", "2026-05-05"), ("100.00", "2026-05-06")))
    assert coupling.codes() == {}
    assert len(coupling.payments(paid)) == 1


def test_a_new_matching_is_registered_when_a_person_removed_the_payment_meanwhile(
    coupling: Coupling, paid: dict[str, Any]
) -> None:
    coupling.run(coupling.record(paid))
    coupling.remove_by_hand(paid)
    coupling.run(coupling.record(paid, ("21.00", "2026-05-05")))
    assert coupling.payments(paid) == [(Decimal("21.00"), "2026-05-05")]
    assert coupling.codes() == {}
    coupling.run(coupling.record(paid, ("21.00", "2026-05-05"), ("100.00", "2026-05-06")))
    assert coupling.due(paid) == 0


def test_the_report_goes_when_a_person_removed_the_payment(coupling: Coupling, paid: dict[str, Any]) -> None:
    """Line 27: the second hint of unmatched_in_exact, taken literally."""
    coupling.run(coupling.record(paid))
    coupling.remove_by_hand(paid)
    coupling.run()
    assert coupling.codes() == {}
    coupling.run(coupling.record(paid, ("121.00", "2026-05-05")))
    assert coupling.payments(paid) == [(Decimal("121.00"), "2026-05-05")]


def test_the_report_of_a_deleted_entry_goes_as_well(coupling: Coupling, paid: dict[str, Any]) -> None:
    coupling.run(coupling.deleted(paid))
    coupling.remove_by_hand(paid)
    coupling.run()
    assert coupling.codes() == {}


def test_the_report_stays_while_a_part_of_the_payment_does(coupling: Coupling, paid: dict[str, Any]) -> None:
    coupling.run(coupling.record(paid))
    coupling.remove_by_hand(paid)
    coupling.pay_by_hand(paid, "30.00")
    coupling.run()
    assert coupling.codes() == {paid["id"]: "unmatched_in_exact"}


def test_a_new_matching_whose_first_try_fails_is_registered_by_the_next_run(
    coupling: Coupling, paid: dict[str, Any]
) -> None:
    """Line 24: what was reported is a fact of the payment, whatever the reject says by then."""
    coupling.run(coupling.record(paid))
    coupling.remove_by_hand(paid)
    coupling.fault("invoices.registerPayment", "error", status=400, message="Period is locked", times=1)
    coupling.run(coupling.record(paid, ("121.00", "2026-05-05")))
    assert coupling.codes() == {paid["id"]: "payment_refused"}
    coupling.run()
    assert coupling.payments(paid) == [(Decimal("121.00"), "2026-05-05")]
    assert coupling.codes() == {}


def test_an_undone_matching_of_an_invoice_that_is_gone_asks_for_nothing(
    coupling: Coupling, paid: dict[str, Any]
) -> None:
    coupling.sandbox.teamleader("delete_document", id=paid["id"])
    coupling.run(coupling.record(paid))
    assert coupling.codes() == {}


def test_a_deleted_entry_is_reported_like_an_undone_matching(coupling: Coupling, paid: dict[str, Any]) -> None:
    ran = coupling.run(coupling.deleted(paid))
    assert ran.counts == {"rejected": 1}
    assert coupling.codes() == {paid["id"]: "unmatched_in_exact"}
    assert coupling.due(paid) == 0


def test_a_deleted_entry_of_which_nothing_was_registered_is_no_news(coupling: Coupling) -> None:
    invoice = coupling.invoice()
    ran = coupling.run(coupling.deleted(invoice))
    assert ran.counts == {"unchanged": 1}
    assert not ran.calls


def test_what_was_registered_is_taken_back_on_demand(coupling: Coupling, paid: dict[str, Any]) -> None:
    ran = coupling.run(coupling.record(paid), **REMOVE)
    assert ran.counts == {"taken back": 1}
    assert coupling.payments(paid) == []
    assert coupling.due(paid) == 121
    assert coupling.codes() == {}
    assert not coupling.run(coupling.record(paid), **REMOVE).calls


def test_a_payment_by_hand_survives_with_its_moment(coupling: Coupling) -> None:
    invoice = coupling.invoice()
    coupling.pay_by_hand(invoice, "21.00", paid_at=HAND)
    coupling.run(coupling.record(invoice, ("121.00", "2026-03-20")))
    before = coupling.call("invoices.info", {"id": invoice["id"]})["payments"][0]
    ran = coupling.run(coupling.record(invoice), **REMOVE)
    assert ran.counts == {"taken back": 1}
    assert coupling.call("invoices.info", {"id": invoice["id"]})["payments"] == [before]
    assert coupling.due(invoice) == 100


def test_only_what_is_open_again_is_taken_back(coupling: Coupling) -> None:
    invoice = coupling.invoice()
    first, second = ("40.00", "2026-03-20"), ("81.00", "2026-03-25")
    coupling.run(coupling.record(invoice, first))
    coupling.run(coupling.record(invoice, first, second))
    coupling.run(coupling.record(invoice, first), **REMOVE)
    assert coupling.payments(invoice) == [(Decimal("40.00"), "2026-03-20")]
    coupling.run(coupling.record(invoice, ("10.00", "2026-03-20")), **REMOVE)
    assert coupling.payments(invoice) == [(Decimal("10.00"), "2026-03-20")]
    assert coupling.due(invoice) == 111


def test_after_taking_back_a_new_matching_is_registered(coupling: Coupling, paid: dict[str, Any]) -> None:
    coupling.run(coupling.record(paid), **REMOVE)
    coupling.run(coupling.record(paid, ("121.00", "2026-05-05")), **REMOVE)
    assert coupling.payments(paid) == [(Decimal("121.00"), "2026-05-05")]


def test_a_deleted_entry_takes_back_all_of_ours_and_no_more(coupling: Coupling) -> None:
    invoice = coupling.invoice()
    coupling.pay_by_hand(invoice, "21.00", paid_at=HAND)
    coupling.run(coupling.record(invoice, ("121.00", "2026-03-20")))
    ran = coupling.run(coupling.deleted(invoice), **REMOVE)
    assert ran.counts == {"taken back": 1}
    assert coupling.payments(invoice) == [(Decimal("21.00"), "2026-03-05")]


def test_what_a_person_registered_alone_is_never_removed(coupling: Coupling) -> None:
    invoice = coupling.invoice()
    coupling.pay_by_hand(invoice)
    coupling.run(coupling.record(invoice, ("121.00", "2026-03-20")), **REMOVE)
    ran = coupling.run(coupling.record(invoice), **REMOVE)
    assert ran.counts == {"nothing of ours": 1}
    assert ran.calls["invoices.removePayments"] == 0
    assert coupling.due(invoice) == 0


def test_what_a_person_removed_already_is_not_taken_back_again(coupling: Coupling, paid: dict[str, Any]) -> None:
    coupling.remove_by_hand(paid)
    coupling.pay_by_hand(paid, "30.00")
    ran = coupling.run(coupling.record(paid), **REMOVE)
    assert ran.counts == {"nothing of ours": 1}
    assert [amount for amount, _ in coupling.payments(paid)] == [Decimal("30.00")]
    assert coupling.registered(paid).registered == ()


def test_a_setting_that_changes_to_remove_solves_what_was_reported(coupling: Coupling, paid: dict[str, Any]) -> None:
    coupling.run(coupling.record(paid))
    ran = coupling.run(**REMOVE)
    assert ran.counts == {"taken back": 1}
    assert coupling.codes() == {}
    assert coupling.due(paid) == 121


def test_an_invoice_below_zero_is_taken_back_as_well(coupling: Coupling) -> None:
    invoice = coupling.invoice("-100.00")
    coupling.run(coupling.record(invoice, ("-121.00", "2026-03-20")))
    coupling.run(coupling.record(invoice, ("-21.00", "2026-03-20")), **REMOVE)
    assert coupling.payments(invoice) == [(Decimal("-21.00"), "2026-03-20")]


def test_an_entry_that_took_the_place_of_a_deleted_one_is_followed(coupling: Coupling, paid: dict[str, Any]) -> None:
    gone = dict(paid)
    coupling.run(coupling.deleted(gone), **REMOVE)
    paid["entry"] = "11111111-2222-4333-8444-555555555555"
    coupling.link(paid)
    assert coupling.run(coupling.record(paid, ("121.00", "2026-06-01")), **REMOVE).counts == {"registered": 1}
    ran = coupling.run(coupling.deleted(gone), **REMOVE)
    assert ran.counts == {"not from Teamleader": 1}
    assert coupling.due(paid) == 0


@pytest.mark.usefixtures("short_waits")
def test_a_payment_that_teamleader_does_not_take_back_is_shown_until_it_stands(coupling: Coupling) -> None:
    invoice = coupling.invoice()
    coupling.pay_by_hand(invoice, "21.00", paid_at=HAND)
    coupling.run(coupling.record(invoice, ("121.00", "2026-03-20")))
    coupling.fault("registerPayment", "error", status=400, message="No")
    record = coupling.record(invoice)
    ran = coupling.run(record, **REMOVE)
    assert ran.counts == {"rejected": 1}
    assert coupling.codes() == {invoice["id"]: "payments_not_restored"}
    with coupling.store() as store:
        assert "21.00 EUR of 2026-03-05" in store.rejects(coupling.division).all()[0].reason
    coupling.run(**REMOVE)
    assert coupling.codes() == {invoice["id"]: "payments_not_restored"}
    coupling.run(record, **REMOVE)
    assert coupling.codes() == {invoice["id"]: "payments_not_restored"}
    coupling.sandbox.clear_faults()
    assert coupling.run(**REMOVE).counts["taken back"] == 1
    assert coupling.payments(invoice) == [(Decimal("21.00"), "2026-03-05")]
    assert coupling.codes() == {}
