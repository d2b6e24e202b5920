"""What `bridge status` shows of payments, in both directions."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Bridge

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


def test_payments_of_another_division_are_not_shown(bridge: Bridge) -> None:
    bridge.registered("a", "2026 / 1")
    assert '"documents": []' in bridge.does("status", "--division", "999", "--output", "json")


@pytest.mark.parametrize("command", [("unlink", "a"), ("resend", "a"), ("match", "a", ENTRY)])
def test_a_payment_is_not_helped_along_by_hand(bridge: Bridge, command: tuple[str, ...]) -> None:
    bridge.registered("a", "2026 / 1")
    verb, *rest = command
    assert "meltano run payments" in bridge.refuses(verb, "payment", *rest, code=2)
