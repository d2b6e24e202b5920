"""What is remembered of payments in both directions."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import (
    BookedPaymentDetail,
    BookedState,
    How,
    Paid,
    RegisterPlan,
    RemovalStep,
    RemovePlan,
    SettledPart,
    StoreError,
)

if TYPE_CHECKING:
    from connector_store import ConnectorStore

HUNDRED = Decimal("100.00")
NAMED: dict[str, Any] = {"exact_id": "entry", "number": "2026 / 1", "currency": "EUR", "entry_number": 26700001}
PAID = Paid(HUNDRED, "2026-11-20", "money")
PLAN = RegisterPlan(PAID, due_before=HUNDRED, settled=HUNDRED)
REMOVAL = RemovePlan(amount=HUNDRED, settled=Decimal(0), before=(PAID,), again=(PAID, PAID))
SETTLED: dict[str, Any] = {"settled": HUNDRED, "settlements": (SettledPart(HUNDRED, "2026-11-20"),)}
REGISTERED = (PAID,)
SENT = datetime(2026, 11, 20, 12, 0, tzinfo=timezone.utc)


def reject(store: ConnectorStore, kind: str, source_id: str) -> None:
    store.rejects(1).put(kind, source_id, code="code", reason="reason", hint="hint", payload={"id": source_id})


def test_a_payment_is_intended_carried_out_and_confirmed(store: ConnectorStore) -> None:
    payments = store.registered_payments(1)
    reject(store, "payment", "invoice")
    payments.intend("invoice", **NAMED, plan=PLAN)

    [under_way] = payments.under_way()
    assert (under_way.plan, under_way.settled, under_way.registered) == (PLAN, 0, ())

    payments.confirm("invoice", **SETTLED, registered=REGISTERED)

    payment = payments.get("invoice")
    assert payment is not None
    assert (payment.settled, payment.registered, payment.plan) == (HUNDRED, REGISTERED, None)
    assert payment.settlements == SETTLED["settlements"]
    assert (payment.exact_id, payment.number, payment.entry_number) == ("entry", "2026 / 1", 26700001)
    assert payments.under_way() == []
    assert store.rejects(1).get("payment", "invoice") is None
    events = [line.event for line in store.audit_trail(kind="payment")]
    assert events[1:3] == ["payment.intended", "payment.confirmed"]


def test_what_asks_for_nothing_is_noted_and_keeps_what_is_registered(store: ConnectorStore) -> None:
    payments = store.registered_payments(1)
    payments.intend("invoice", **NAMED, plan=PLAN)
    payments.confirm("invoice", **SETTLED, registered=REGISTERED)
    payments.note("invoice", **NAMED, settled=Decimal("120.00"), settlements=[])

    payment = payments.get("invoice")
    assert payment is not None
    assert (payment.settled, payment.registered) == (Decimal("120.00"), REGISTERED)


def test_a_payment_that_was_not_carried_out_is_withdrawn(store: ConnectorStore) -> None:
    payments = store.registered_payments(1)
    payments.intend("invoice", **NAMED, plan=PLAN)
    payments.withdraw("invoice")
    payments.withdraw("unknown")

    assert payments.under_way() == []
    with pytest.raises(StoreError):
        payments.progress("invoice", sent_at=SENT, step=RemovalStep.RESTORE)
    with pytest.raises(StoreError):
        payments.confirm("unknown", **SETTLED, registered=[])


def test_payments_are_found_by_invoice_and_by_entry(store: ConnectorStore) -> None:
    payments = store.registered_payments(1)
    for number in range(1200):
        payments.note(f"invoice {number}", **{**NAMED, "exact_id": f"entry {number}"}, **SETTLED)

    wanted = [f"entry {number}" for number in range(0, 1200, 2)]
    assert set(payments.by_entries([*wanted, "unknown"])) == set(wanted)
    assert set(payments.get_many(["invoice 7", "unknown"])) == {"invoice 7"}
    assert len(list(payments.all())) == 1200
    assert store.registered_payments(2).get("invoice 7") is None


def test_a_removal_notes_how_far_it_came(store: ConnectorStore) -> None:
    payments = store.registered_payments(1)
    payments.intend("invoice", **NAMED, plan=REMOVAL)
    payments.progress("invoice", sent_at=SENT, step=RemovalStep.RESTORE)

    [under_way] = payments.under_way()
    assert under_way.plan == dataclasses.replace(REMOVAL, step=RemovalStep.RESTORE, sent_at=SENT)

    payments.intend("invoice", **NAMED, plan=PLAN)
    with pytest.raises(StoreError, match="No such payment"):
        payments.progress("invoice", sent_at=SENT, step=RemovalStep.RESTORE)


def test_when_a_payment_was_sent_is_noted_until_its_outcome_is_known(store: ConnectorStore) -> None:
    payments = store.registered_payments(1)
    payments.intend("invoice", **NAMED, plan=PLAN)
    payments.progress("invoice", sent_at=SENT)

    [under_way] = payments.under_way()
    assert under_way.plan == dataclasses.replace(PLAN, sent_at=SENT)


def test_a_payment_of_teamleader_is_intended_booked_and_matched(store: ConnectorStore) -> None:
    payments = store.booked_payments(1)
    given: dict[str, Any] = {"invoice_id": "invoice", "number": "2026 / 1", "amount": HUNDRED, "currency": "EUR"}
    given |= {"paid_at": "2026-11-20", "detail": BookedPaymentDetail(paid=HUNDRED, journal="90")}
    payments.intend("invoice/1", **given)
    found_by = BookedPaymentDetail(paid=HUNDRED, journal="90", text="text", gl_account="400000")
    payments.progress("invoice/1", detail=found_by)
    [under_way] = payments.under_way()
    assert (under_way.state, under_way.detail) == (BookedState.INTENT, found_by)

    name = ("2026", "3", "90", "26900001")
    payments.confirm("invoice/1", exact_id="entry", entry_number=26900001, name=name, amount_dc=HUNDRED, is_whole=False)
    reject(store, "receipt", "invoice/1")
    [booked] = payments.of("invoice")
    assert (booked.state, booked.exact_id, booked.amount) == (BookedState.BOOKED, "entry", HUNDRED)
    assert booked.detail == BookedPaymentDetail(
        paid=HUNDRED, journal="90", name=name, amount_dc=HUNDRED, is_whole=False
    )

    payments.matched("invoice/1")
    assert [each.state for each in payments.all()] == [BookedState.MATCHED]
    assert store.rejects(1).get("receipt", "invoice/1") is None
    with pytest.raises(StoreError, match="is matched already"):
        payments.intend("invoice/1", **given)


def test_a_payment_of_teamleader_that_was_not_booked_is_withdrawn(store: ConnectorStore) -> None:
    payments = store.booked_payments(1)
    detail = BookedPaymentDetail(paid=HUNDRED)
    named: dict[str, Any] = {"invoice_id": "invoice", "number": None, "amount": HUNDRED, "currency": "EUR"}
    payments.intend("invoice/1", **named, paid_at="2026-11-20", detail=detail)
    assert payments.withdraw("invoice/1")
    assert not payments.withdraw("invoice/1")
    assert payments.of("invoice") == []
    with pytest.raises(StoreError, match="knows no booking"):
        payments.matched("invoice/1")


def test_pending_rejects_can_be_read_by_kind(store: ConnectorStore) -> None:
    for kind in ("invoice", "payment", "receipt"):
        reject(store, kind, f"of {kind}")

    rejects = store.rejects(1)
    assert [each.kind for each in rejects.pending()] == ["invoice", "payment", "receipt"]
    assert [each.source_id for each in rejects.pending(("payment",))] == ["of payment"]


def test_links_are_found_by_many_entries_at_once(store: ConnectorStore) -> None:
    links = store.links(1)
    for number in range(600):
        links.confirm("invoice", f"i{number}", exact_id=f"e{number}", fingerprint="f", how=How.POSTED)
    links.confirm("account", "a", exact_id="e5", fingerprint="f", how=How.POSTED)

    found = links.find_exact_many("invoice", [f"e{number}" for number in range(0, 600, 5)])
    assert len(found) == 120
    assert found["e5"].source_id == "i5"


def test_what_was_reported_is_kept_until_both_sides_are_in_line_again(store: ConnectorStore) -> None:
    """Line 24: whatever becomes of the reject."""
    payments = store.registered_payments(1)
    payments.note("invoice", **NAMED, **SETTLED)
    payments.report("invoice", Decimal("20.00"))
    payments.intend("invoice", **NAMED, plan=PLAN)
    payments.withdraw("invoice")
    [known] = payments.all()
    assert (known.reported, known.settled) == (Decimal("20.00"), HUNDRED)

    payments.confirm("invoice", **SETTLED, registered=REGISTERED)

    [known] = payments.all()
    assert known.reported is None


def test_nothing_is_reported_of_an_unknown_payment(store: ConnectorStore) -> None:
    with pytest.raises(StoreError, match="no payment"):
        store.registered_payments(1).report("invoice", HUNDRED)


def test_a_payment_is_forgotten_with_its_reject_unless_it_is_under_way(store: ConnectorStore) -> None:
    payments = store.registered_payments(1)
    payments.note("invoice", **NAMED, **SETTLED)
    reject(store, "payment", "invoice")
    assert payments.forget("invoice")
    assert (list(payments.all()), store.rejects(1).all(), payments.forget("invoice")) == ([], [], False)
    payments.intend("invoice", **NAMED, plan=PLAN)
    with pytest.raises(StoreError, match="under way"):
        payments.forget("invoice")
