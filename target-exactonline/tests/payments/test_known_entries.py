"""Line 25: an entry that is known to stand in Exact is never forgotten, and only what this very run sent is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from singer_shell import unknown_outcomes

if TYPE_CHECKING:
    from conftest import Harness

ON = {"book_payments": True, "payment_journal": "90", "payment_gl_account": "499000", "payments_from": "2026-01-01"}
PAID = ("121.00", "2026-05-18")
LINES = "financialtransaction/TransactionLines"


@pytest.fixture
def paying(harness: Harness, monkeypatch: pytest.MonkeyPatch) -> Harness:
    monkeypatch.setattr(unknown_outcomes, "WAITS", (0.0,))
    harness.settings.update(ON)
    return harness


@pytest.fixture
def paid(paying: Harness) -> dict[str, Any]:
    record = paying.invoice()
    paying.run(paying.company(), record)
    return paying.paid(record, PAID)


@pytest.fixture
def edited(paying: Harness, paid: dict[str, Any]) -> str:
    """Return the id of a payment's entry that an accountant recoded, and whose store is lost."""
    paying.exact.fault(match="XMLUpload", kind="business", times=1, message="Later")
    paying.run(paid)
    (entry,) = paying.exact.booked_payments(paid["number"])
    paying.exact.do("edit_general_line", id=entry["entry_id"], line=1, gl_account="440000")
    paying.lose_store()
    return str(entry["entry_id"])


def test_an_entry_that_the_accountant_edited_is_left_to_them_after_the_store_was_lost(
    paying: Harness, paid: dict[str, Any], edited: str
) -> None:
    for _ in range(2):
        paying.run(paying.company(), paid)
        (entry,) = paying.exact.booked_payments(paid["number"])
        assert entry["entry_id"] == edited
        assert set(paying.codes().values()) == {"payment_differs"}


def test_an_edited_entry_that_is_corrected_is_matched(paying: Harness, paid: dict[str, Any], edited: str) -> None:
    """The hint of payment_differs, taken literally."""
    paying.run(paying.company(), paid)
    paying.exact.do("edit_general_line", id=edited, line=1, gl_account="400000")
    paying.run()
    assert (paying.codes(), paying.exact.open_of(paid["number"])) == ({}, 0)
    assert len(paying.exact.booked_payments(paid["number"])) == 1


def test_an_entry_whose_lines_show_late_is_not_booked_again(paying: Harness, paid: dict[str, Any]) -> None:
    paying.exact.do("show_late", seconds=60, entities=[LINES])
    try:
        for record in ([paid], [paid], []):
            paying.run(*record)
            assert len(paying.exact.booked_payments(paid["number"])) == 1
            assert set(paying.codes().values()) == {"outcome_unknown"}
    finally:
        paying.exact.do("show_late", seconds=0)
    paying.exact.wait(61)
    paying.run()
    assert (paying.codes(), paying.exact.open_of(paid["number"])) == ({}, 0)
    assert len(paying.exact.booked_payments(paid["number"])) == 1
