"""Line 28: payments of before somebody chose to have them booked are not booked, whatever happens to their invoices."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Harness

ON = {"book_payments": True, "payment_journal": "90", "payment_gl_account": "499000"}
OLD = "2026-05-18"


@pytest.fixture
def today() -> str:
    return datetime.now(timezone.utc).date().isoformat()


def booked(harness: Harness) -> dict[str, Any]:
    record = harness.invoice()
    harness.run(harness.company(), record)
    return record


def test_a_payment_of_before_the_setting_was_on_is_never_booked(harness: Harness) -> None:
    """Neither by the first run nor when its invoice is touched later; it costs no call."""
    record = harness.paid(booked(harness), ("121.00", OLD))
    harness.run(record)
    for later in ("2026-06-01T09:00:00Z", "2026-07-01T09:00:00Z"):
        harness.exact.forget_calls()
        ran = harness.run({**record, "updated_at": later}, **ON)
        assert (ran.error, harness.codes(), harness.exact.booked_payments(record["number"])) == (None, {}, [])
        assert ("GET", "cashflow/Receivables") not in harness.exact.calls()


def test_what_is_paid_since_is_booked_and_no_more_than_that(harness: Harness, today: str) -> None:
    record = booked(harness)
    both = harness.paid(record, ("50.00", OLD), ("71.00", today))
    harness.run(both, **ON, on_closed_period="next_open")
    assert [each["lines"][1]["amount"] for each in harness.exact.booked_payments(record["number"])] == [71]


def test_the_day_it_was_first_on_is_kept_when_it_is_switched_off_and_on(harness: Harness) -> None:
    record = booked(harness)
    first = harness.run(**ON)
    assert "Set payments_from for another day" in first.log
    with harness.store() as store:
        yesterday = (datetime.now(timezone.utc) - timedelta(days=1)).date().isoformat()
        store.set_position(harness.division, "book_payments", yesterday)
    harness.run()
    again = harness.run(harness.paid(record, ("121.00", yesterday)), **ON)
    assert "payments_from" not in again.log
    assert len(harness.exact.booked_payments(record["number"])) == 1


def test_another_first_day_can_be_set(harness: Harness) -> None:
    record = booked(harness)
    paid = harness.paid(record, ("50.00", "2026-05-17"), ("71.00", OLD))
    harness.run(paid, **ON, payments_from=OLD)
    assert [each["lines"][1]["amount"] for each in harness.exact.booked_payments(record["number"])] == [71]
    assert harness.exact.open_of(record["number"]) == Decimal("50.00")


def test_a_dry_run_chooses_no_day(harness: Harness) -> None:
    harness.run(harness.company(), harness.invoice(), **ON, dry_run=True)
    with harness.store() as store:
        assert store.position(harness.division, "book_payments") is None


def test_a_first_day_that_is_none_ends_the_run_with_a_line(harness: Harness) -> None:
    assert "payments_from must be a date such as 2026-03-31" in str(harness.run(**ON, payments_from="soon").error)
