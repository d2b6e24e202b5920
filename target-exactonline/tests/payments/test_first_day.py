"""Line 28: payments of before somebody chose to have them booked are not booked, whatever happens to their invoices."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Desk

ON = {"book_payments": True, "payment_journal": "90", "payment_gl_account": "499000"}
OLD = "2026-05-18"


@pytest.fixture
def today() -> str:
    return datetime.now(timezone.utc).date().isoformat()


def booked(desk: Desk) -> dict[str, Any]:
    record = desk.invoice()
    desk.run(desk.company(), record)
    return record


def test_a_payment_of_before_the_setting_was_on_is_never_booked(desk: Desk) -> None:
    """Neither by the first run nor when its invoice is touched later; it costs no call."""
    record = desk.paid(booked(desk), ("121.00", OLD))
    desk.run(record)
    for later in ("2026-06-01T09:00:00Z", "2026-07-01T09:00:00Z"):
        desk.exact.forget_calls()
        ran = desk.run({**record, "updated_at": later}, **ON)
        assert (ran.error, desk.codes(), desk.exact.receipts(record["number"])) == (None, {}, [])
        assert ("GET", "cashflow/Receivables") not in desk.exact.calls()


def test_what_is_paid_since_is_booked_and_no_more_than_that(desk: Desk, today: str) -> None:
    record = booked(desk)
    both = desk.paid(record, ("50.00", OLD), ("71.00", today))
    desk.run(both, **ON, on_closed_period="next_open")
    assert [each["lines"][1]["amount"] for each in desk.exact.receipts(record["number"])] == [71]


def test_the_day_it_was_first_on_is_kept_when_it_is_switched_off_and_on(desk: Desk) -> None:
    record = booked(desk)
    first = desk.run(**ON)
    assert "Set payments_from for another day" in first.log
    with desk.store() as store:
        yesterday = (datetime.now(timezone.utc) - timedelta(days=1)).date().isoformat()
        store.set_position(desk.division, "book_payments", yesterday)
    desk.run()
    again = desk.run(desk.paid(record, ("121.00", yesterday)), **ON)
    assert "payments_from" not in again.log
    assert len(desk.exact.receipts(record["number"])) == 1


def test_another_first_day_can_be_set(desk: Desk) -> None:
    record = booked(desk)
    paid = desk.paid(record, ("50.00", "2026-05-17"), ("71.00", OLD))
    desk.run(paid, **ON, payments_from=OLD)
    assert [each["lines"][1]["amount"] for each in desk.exact.receipts(record["number"])] == [71]
    assert desk.exact.open_of(record["number"]) == Decimal("50.00")


def test_a_dry_run_chooses_no_day(desk: Desk) -> None:
    desk.run(desk.company(), desk.invoice(), **ON, dry_run=True)
    with desk.store() as store:
        assert store.position(desk.division, "book_payments") is None


def test_a_first_day_that_is_none_ends_the_run_with_a_line(desk: Desk) -> None:
    assert "payments_from must be a date such as 2026-03-31" in str(desk.run(**ON, payments_from="soon").error)
