"""Line 23: credit notes that Teamleader deducts itself: an invoice is paid there exactly when it is paid in Exact."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Harness

MONEY, CREDIT = ("81.70", "2026-03-25"), ("60.50", "2026-03-20", "credit_note")


@pytest.fixture
def credited(harness: Harness) -> dict[str, Any]:
    """Example 3 of the accountants' page: an invoice of 142.20 and a credit note of 60.50 on it."""
    invoice = harness.invoice(
        lines=[{"quantity": "2", "unit_price": "50.00"}, {"unit_price": "20.00", "tax_rate": "6%"}]
    )
    assert invoice["gross"] == Decimal("142.20")
    harness.sandbox.add_credit_note(invoice=invoice["id"], lines=[{"unit_price": "50.00"}])
    assert harness.due(invoice) == Decimal("81.70")
    return invoice


@pytest.mark.parametrize(
    "said",
    [
        pytest.param([[MONEY]], id="never-matched"),
        pytest.param([[MONEY], [MONEY, CREDIT]], id="matched-after-the-money"),
        pytest.param([[CREDIT], [CREDIT, MONEY]], id="matched-before-the-money"),
        pytest.param([[CREDIT, MONEY]], id="matched-with-the-money"),
        pytest.param(
            [[("40.00", "2026-03-24")], [("40.00", "2026-03-24"), ("41.70", "2026-03-25")]], id="in-two-parts"
        ),
    ],
)
def test_what_the_customer_pays_beside_a_credit_note_is_registered_once(
    harness: Harness, credited: dict[str, Any], said: list[list[tuple[str, str]]]
) -> None:
    for settlements in said:
        harness.run(harness.record(credited, *settlements))
    assert harness.due(credited) == 0
    assert sum(amount for amount, _ in harness.payments(credited)) == Decimal("81.70")
    assert harness.codes() == {}


def test_a_payment_in_part_is_not_taken_for_the_rest(harness: Harness, credited: dict[str, Any]) -> None:
    harness.run(harness.record(credited, ("40.00", "2026-03-24"), CREDIT))
    assert harness.due(credited) == Decimal("41.70")


def test_a_write_off_beside_an_unmatched_credit_note_is_registered(harness: Harness, credited: dict[str, Any]) -> None:
    harness.run(harness.record(credited, ("0.07", "2026-03-25", "write_off")))
    assert harness.due(credited) == Decimal("81.63")


@pytest.mark.parametrize("on_unmatched", ["remove", "keep"])
def test_a_credit_note_that_is_unmatched_takes_no_payment_back_and_is_no_problem(
    harness: Harness, credited: dict[str, Any], on_unmatched: str
) -> None:
    harness.run(harness.record(credited, CREDIT, MONEY))
    harness.run(harness.record(credited, MONEY), on_unmatched=on_unmatched)
    assert harness.codes() == {}
    assert harness.payments(credited) == [(Decimal("81.70"), "2026-03-25")]


def test_the_entry_of_a_credit_note_is_passed_over_without_a_call(harness: Harness) -> None:
    note = {"id": "note", "entry": "entry-of-the-note", "number": "2026/7", "gross": "-60.50", "currency": "EUR"}
    with harness.store() as store:
        store.links(harness.division).confirm(
            "credit_note", "note", exact_id=note["entry"], fingerprint="-", how="posted", number=note["number"]
        )
    ran = harness.run(harness.record(note, ("-60.50", "2026-03-20")))
    assert not ran.calls
    assert harness.codes() == {}
