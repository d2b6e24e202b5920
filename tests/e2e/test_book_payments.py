"""What a user sees of `meltano run documents payments` with book_payments: paid first on either side, equal on both."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

SETTINGS = {
    "TAP_TEAMLEADER_ATTACHMENTS": "[]",
    "TARGET_EXACTONLINE_BOOK_PAYMENTS": "true",
    "TARGET_EXACTONLINE_PAYMENT_JOURNAL": "90",
    "TARGET_EXACTONLINE_PAYMENT_GL_ACCOUNT": "499000",
    "TARGET_EXACTONLINE_PAYMENTS_FROM": "2026-01-01",
}
EMPTY = ("--no-limits", "--customers", "12", "--invoices", "0", "--credit-notes", "0")


def ran_both(coupling: Any) -> None:
    ran = coupling.run("documents", "payments")
    assert ran.code == 0, ran.output[-4000:]


def test_payments_of_both_sides_reach_the_other_once(coupling_with: Callable[..., Any]) -> None:
    coupling = coupling_with(*EMPTY, settings=SETTINGS)
    sandbox = coupling.sandbox
    at_the_till, partly, at_the_bank, partly_at_the_bank = (sandbox.add_invoice() for _ in range(4))
    ran_both(coupling)

    sandbox.pay(at_the_till["id"], day="2026-03-02")
    sandbox.pay(partly["id"], "50.00", day="2026-03-03")
    for invoice, part in ((at_the_bank, {}), (partly_at_the_bank, {"amount": "40.00"})):
        sandbox.exact("match_entry", your_ref=invoice["number"], journal="70", date="2026-03-04", **part)
    ran_both(coupling)
    ran_both(coupling)

    assert coupling.in_teamleader() == coupling.in_exact()
    assert coupling.rejects() == []
    booked = {each["description"].split(" · ")[0]: each for each in sandbox.ledger()["general_journal"]}
    assert {text: (each["date"], each["lines"][1]["amount"], each["open"]) for text, each in booked.items()} == {
        f"Betaling {at_the_till['number']}": ("2026-03-02", at_the_till["gross"], 0),
        f"Betaling {partly['number']}": ("2026-03-03", Decimal("50.00"), 0),
    }
    assert coupling.registered()[at_the_bank["number"]] == [(at_the_bank["gross"], "2026-03-04")]

    before = (coupling.registered(), sandbox.ledger()["general_journal"])
    sandbox.forget_calls()
    ran_both(coupling)
    assert (coupling.registered(), sandbox.ledger()["general_journal"]) == before
    assert sandbox.writes("exact") == 0
