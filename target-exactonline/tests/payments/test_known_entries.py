"""Line 25: an entry that is known to stand in Exact is never forgotten, and only what this very run sent is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from singer_shell import unknown_outcomes

if TYPE_CHECKING:
    from conftest import Desk

ON = {"book_payments": True, "payment_journal": "90", "payment_gl_account": "499000", "payments_from": "2026-01-01"}
PAID = ("121.00", "2026-05-18")
LINES = "financialtransaction/TransactionLines"


@pytest.fixture
def till(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setattr(unknown_outcomes, "WAITS", (0.0,))
    desk.settings.update(ON)
    return desk


@pytest.fixture
def paid(till: Desk) -> dict[str, Any]:
    record = till.invoice()
    till.run(till.company(), record)
    return till.paid(record, PAID)


@pytest.fixture
def edited(till: Desk, paid: dict[str, Any]) -> str:
    """Return the id of a payment's entry that an accountant recoded, and whose store is lost."""
    till.exact.fault(match="XMLUpload", kind="business", times=1, message="Later")
    till.run(paid)
    (entry,) = till.exact.receipts(paid["number"])
    till.exact.do("edit_general_line", id=entry["entry_id"], line=1, gl_account="440000")
    till.lose_store()
    return str(entry["entry_id"])


def test_an_entry_that_the_accountant_edited_is_left_to_them_after_the_store_was_lost(
    till: Desk, paid: dict[str, Any], edited: str
) -> None:
    for _ in range(2):
        till.run(till.company(), paid)
        (entry,) = till.exact.receipts(paid["number"])
        assert entry["entry_id"] == edited
        assert set(till.codes().values()) == {"payment_differs"}


def test_an_edited_entry_that_is_corrected_is_matched(till: Desk, paid: dict[str, Any], edited: str) -> None:
    """The hint of payment_differs, taken literally."""
    till.run(till.company(), paid)
    till.exact.do("edit_general_line", id=edited, line=1, gl_account="400000")
    till.run()
    assert (till.codes(), till.exact.open_of(paid["number"])) == ({}, 0)
    assert len(till.exact.receipts(paid["number"])) == 1


def test_an_entry_whose_lines_show_late_is_not_booked_again(till: Desk, paid: dict[str, Any]) -> None:
    till.exact.do("show_late", seconds=60, entities=[LINES])
    try:
        for record in ([paid], [paid], []):
            till.run(*record)
            assert len(till.exact.receipts(paid["number"])) == 1
            assert set(till.codes().values()) == {"outcome_unknown"}
    finally:
        till.exact.do("show_late", seconds=0)
    till.exact.wait(61)
    till.run()
    assert (till.codes(), till.exact.open_of(paid["number"])) == ({}, 0)
    assert len(till.exact.receipts(paid["number"])) == 1
