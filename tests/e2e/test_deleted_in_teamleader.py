"""Line 11: what was deleted in Teamleader is not booked any more, and its number is free for another document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

EMPTY = ("--no-limits", "--customers", "6", "--invoices", "0", "--credit-notes", "0")
NO_FILES = {"TAP_TEAMLEADER_ATTACHMENTS": "[]"}


def ran(coupling: Any) -> None:
    done = coupling.documents()
    assert done.code == 0, done.output[-4000:]


def test_the_live_invoice_is_booked_and_the_dead_ones_are_told(coupling_with: Callable[..., Any]) -> None:
    coupling = coupling_with(*EMPTY, settings=NO_FILES)
    sandbox = coupling.sandbox
    sandbox.teamleader("add_tax_rate", description="15%", rate="0.15")
    booked = sandbox.add_invoice(lines=[{"unit_price": "100"}], number="2026 / 801")["id"]
    waiting = sandbox.add_invoice(lines=[{"unit_price": "200", "tax_rate": "15%"}], number="2026 / 802")["id"]
    ran(coupling)
    assert [(entry["number"], entry["gross"]) for entry in sandbox.exact_entries()] == [("2026 / 801", 121)]

    for each in (waiting, booked):
        sandbox.teamleader("delete_document", id=each)
    sandbox.add_invoice(lines=[{"unit_price": "300"}], number="2026 / 801")
    sandbox.add_invoice(lines=[{"unit_price": "400"}], number="2026 / 802")
    ran(coupling)

    entries = [(entry["number"], entry["gross"]) for entry in sandbox.exact_entries()]
    assert sorted(entries) == [("2026 / 801", 121), ("2026 / 801", 363), ("2026 / 802", 484)]
    told = [("2026 / 801", "rejected", "source_deleted"), ("2026 / 802", "excluded", "source_deleted")]
    assert sorted(coupling.rejects()) == told
    ran(coupling)
    assert len(sandbox.exact_entries()) == 3
