"""What `bridge status` shows of payments, in both directions."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import time_machine

from connector_store import Paid
from connector_store.columns import utc_now

if TYPE_CHECKING:
    from conftest import Bridge
    from connector_store import RegisteredPayments

DIVISION = 123456
ENTRY = "aaaaaaaa-0000-4000-8000-000000000001"


def test_what_teamleader_was_told_is_a_payment_beside_its_invoice(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.registered("a", "2026 / 1")

    rows = bridge.status()["documents"]

    assert [(row["kind"], row["source_id"], row["number"], row["status"]) for row in rows] == [
        ("invoice", "a", "2026 / 1", "linked"),
        ("payment", "a", "2026 / 1", "linked"),
    ]
    payment = rows[1]
    assert (payment["amount"], payment["currency"]) == (Decimal(50), "EUR")
    assert (payment["exact_id"], payment["entry_number"], payment["code"]) == (ENTRY, 26700001, None)
    assert list(payment) == list(rows[0])


def test_a_registration_that_was_cut_off_is_unknown_until_the_next_run(bridge: Bridge) -> None:
    bridge.registers("a", "2026 / 1")

    row = bridge.row("a")

    assert (row["status"], row["code"]) == ("unknown", "outcome_unknown")
    assert "in Teamleader" in row["hint"]


def test_an_unmatched_entry_is_shown_with_its_entry(bridge: Bridge) -> None:
    bridge.registered("a", "2026 / 1")
    bridge.refused("a", "2026 / 1", kind="payment", code="unmatched_in_exact", amount=None, currency=None)

    row = bridge.row("a")

    assert (row["kind"], row["status"], row["code"]) == ("payment", "rejected", "unmatched_in_exact")
    assert (row["exact_id"], row["entry_number"], row["amount"]) == (ENTRY, 26700001, Decimal(50))


def test_a_refused_payment_of_which_nothing_stands_is_shown_once(bridge: Bridge) -> None:
    bridge.refused("a", "2026 / 1", kind="payment", code="payment_refused")

    row = bridge.row("a")

    assert (row["kind"], row["code"], row["exact_id"], row["amount"]) == (
        "payment",
        "payment_refused",
        None,
        Decimal("12.10"),
    )


def test_a_payment_that_teamleader_had_first_goes_from_unknown_to_waiting_to_linked(bridge: Bridge) -> None:
    receipts = bridge.memory.store.booked_payments(DIVISION)
    bridge.books("a/1", "2026 / 1")
    assert (bridge.row("a/1")["kind"], bridge.row("a/1")["status"]) == ("payment", "unknown")

    receipts.confirm(
        "a/1", exact_id=ENTRY, entry_number=26900001, name=("2026", "3", "90", "26900001"), amount_dc=Decimal(20)
    )
    assert (bridge.row("a/1")["status"], bridge.row("a/1")["code"]) == ("waiting", "payment_not_matched")

    bridge.refused("a/1", "2026 / 1", kind="receipt", code="payment_not_matched", hint="Match it by hand.")
    row = bridge.row("a/1")
    assert (row["kind"], row["status"], row["hint"]) == ("payment", "rejected", "Match it by hand.")
    assert (row["exact_id"], row["entry_number"]) == (ENTRY, 26900001)

    receipts.matched("a/1")
    assert (bridge.row("a/1")["status"], bridge.row("a/1")["amount"]) == ("linked", Decimal(20))


def test_payments_count_among_all_and_have_a_line_of_their_own(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.registered("a", "2026 / 1")
    bridge.books("b/1", "2026 / 2")

    assert bridge.status()["counts"] == {"rejected": 0, "unknown": 1, "waiting": 0, "excluded": 0, "linked": 2}
    text = bridge.does("status", "--all")
    assert "payment 2026 / 1" in text
    assert "payment 2026 / 2" in text


def paid_in_full(bridge: Bridge, invoice_id: str, number: str) -> RegisteredPayments:
    """An invoice of 121.00 that a run registered as paid."""
    bridge.linked(invoice_id, number)
    bridge.registers(invoice_id, number)
    payments = bridge.memory.store.registered_payments(DIVISION)
    payments.confirm(invoice_id, settled=Decimal(121), registered=[Paid(Decimal(121), "2026-03-02", "money")])
    return payments


def test_an_invoice_that_a_run_registered_as_paid_became_paid(bridge: Bridge) -> None:
    paid_in_full(bridge, "a", "2026 / 1")

    (row,) = bridge.status()["paid"]

    assert (row["number"], row["amount"], row["paid_at"]) == ("2026 / 1", Decimal(121), "2026-03-02")


def test_an_invoice_whose_matching_was_undone_is_not_told_as_paid(bridge: Bridge) -> None:
    payments = paid_in_full(bridge, "a", "2026 / 1")
    payments.report("a", Decimal(0))
    assert bridge.status()["paid"] == []


def test_an_invoice_that_was_paid_long_ago_does_not_become_paid_by_another_look_at_it(bridge: Bridge) -> None:
    with time_machine.travel(utc_now() - timedelta(days=30), tick=False):
        payments = paid_in_full(bridge, "a", "2026 / 1")
    assert bridge.status()["paid"] == []

    named = {"exact_id": ENTRY, "number": "2026 / 1", "currency": "EUR", "entry_number": 26700001}
    payments.note("a", **named, settled=Decimal(121))

    assert bridge.status()["paid"] == []


def test_payments_of_another_division_are_not_shown(bridge: Bridge) -> None:
    bridge.registered("a", "2026 / 1")
    assert '"documents": []' in bridge.does("status", "--division", "999", "--output", "json")


@pytest.mark.parametrize("command", [("unlink", "a"), ("resend", "a"), ("match", "a", ENTRY)])
def test_a_payment_is_not_helped_along_by_hand(bridge: Bridge, command: tuple[str, ...]) -> None:
    bridge.registered("a", "2026 / 1")
    verb, *rest = command
    assert "meltano run payments" in bridge.refuses(verb, "payment", *rest, code=2)
