"""Killed at every single step of the protocol, the next run ends where an undisturbed one would have."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Harness

pytestmark = pytest.mark.usefixtures("short_waits")

REMOVE = {"on_unmatched": "remove"}
HAND = "2026-03-05T08:15:00+01:00"
SOME_STEPS = 60


@pytest.fixture
def killed_run(harness: Harness, killed_at: Any) -> Any:
    """Run, killed at a step; tell whether the run came that far."""

    def run(step: int, record: dict[str, Any], **settings: Any) -> bool:
        with killed_at(step) as reached:
            ran = harness.run(record, **settings)
        harness.later()
        assert (ran.error is not None) == reached()
        return bool(reached())

    return run


def test_a_payment_is_registered_once_wherever_the_run_is_killed(harness: Harness, killed_run: Any) -> None:
    for step in range(SOME_STEPS):
        invoice = harness.invoice()
        first, second = ("21.00", "2026-03-20"), ("100.00", "2026-03-25")
        harness.run(harness.record(invoice, first))
        record = harness.record(invoice, first, second)
        was_killed = killed_run(step, record)
        harness.run(record)
        assert harness.payments(invoice) == [(Decimal(amount), day) for amount, day in (first, second)]
        assert len(harness.registered(invoice).registered) == 2
        if not was_killed:
            break
    assert not was_killed
    assert step >= 8
    assert harness.codes() == {}


def test_taking_back_loses_and_doubles_nothing_wherever_the_run_is_killed(harness: Harness, killed_run: Any) -> None:
    for step in range(SOME_STEPS):
        invoice = harness.invoice()
        harness.pay_by_hand(invoice, "21.00", paid_at=HAND)
        harness.run(harness.record(invoice, ("60.00", "2026-03-20")))
        harness.run(harness.record(invoice, ("60.00", "2026-03-20"), ("61.00", "2026-03-25")))
        record = harness.record(invoice, ("60.00", "2026-03-20"))
        was_killed = killed_run(step, record, **REMOVE)
        harness.run(record, **REMOVE)
        assert sorted(harness.payments(invoice)) == [
            (Decimal("21.00"), "2026-03-05"),
            (Decimal("39.00"), "2026-03-20"),
        ]
        assert harness.registered(invoice).plan is None
        if not was_killed:
            break
    assert not was_killed
    assert step >= 15
    assert harness.codes() == {}


def test_a_run_without_records_finishes_what_was_cut_off(harness: Harness, killed_run: Any) -> None:
    invoice = harness.invoice()
    assert killed_run(5, harness.record(invoice, ("121.00", "2026-03-20")))
    assert len(harness.payments(invoice)) == 1
    assert harness.registered(invoice).plan is not None
    ran = harness.run()
    assert ran.counts == {"registered": 1}
    assert harness.registered(invoice).plan is None
