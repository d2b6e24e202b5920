"""The four switches through real runs: what one leaves out is told with its reason, and is no difference."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from connector_testing.coupling import Coupling

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

SWITCHES = {
    "TARGET_EXACTONLINE_ONLY_SENT": "true",
    "TARGET_EXACTONLINE_BOOK_CREDIT_NOTES": "false",
    "TARGET_EXACTONLINE_GL_ACCOUNTS_BY_TAX_RATE": '{"21%": "701000", "6%": "702000"}',
    "TARGET_TEAMLEADER_REGISTER_PAYMENTS": "false",
}


def reconciled(coupling: Coupling) -> dict[str, Any]:
    ran = coupling.bridge("reconcile", "--from", "2026-01-01", "--output", "json")
    told: dict[str, Any] = json.loads(ran.stdout, parse_float=Decimal)
    assert ran.returncode == (0 if told["equal"] else 1), ran.stderr
    return told


def booked(coupling: Coupling) -> dict[str, list[tuple[str, Decimal]]]:
    """Return ledger account and net of each line by the document's number."""
    return {
        entry["number"]: sorted((line["gl_account"], line["net"]) for line in entry["lines"])
        for entry in coupling.sandbox.exact_entries()
    }


def test_the_four_switches_do_what_they_say_and_leave_no_difference(coupling_with: Callable[..., Coupling]) -> None:
    arguments = ("--no-limits", "--customers", "4", "--invoices", "0", "--credit-notes", "0")
    coupling = coupling_with(*arguments, settings=SWITCHES)
    sandbox = coupling.sandbox
    lines = [
        {"unit_price": "100", "tax_rate": "21%", "category": None},
        {"unit_price": "10", "tax_rate": "6%", "category": None},
        {"unit_price": "40", "tax_rate": "21%", "category": "Diensten"},
        {"unit_price": "2", "tax_rate": "0% Export", "category": None},
    ]
    settled, credited, unsent = (sandbox.add_invoice(lines=lines) for _ in range(3))
    sandbox.teamleader("edit_invoice", id=unsent["id"], sent=False)
    note = sandbox.add_credit_note(invoice=credited["id"])

    ran = coupling.documents()
    assert ran.code == 0, ran.output
    # The default where no account stands for the rate, one for each rate, and that of the category, which goes first.
    by_account = [("700000", "2"), ("701000", "100"), ("702000", "10"), ("704000", "40")]
    as_booked = [(account, Decimal(net)) for account, net in by_account]
    assert booked(coupling) == {settled["number"]: as_booked, credited["number"]: as_booked}
    assert sorted(coupling.rejects()) == sorted(
        [(unsent["number"], "waiting", "not_sent"), (note["number"], "excluded", "credit_notes_off")]
    )

    sandbox.match({"your_ref": settled["number"]})
    ran = coupling.payments()
    assert ran.code == 0, ran.output
    assert "left out: register_payments is off" in ran.output
    assert coupling.registered() == {}

    told = reconciled(coupling)
    assert (told["equal"], told["differences"]) == (True, [])
    standings = {name: count for name, count in told["standings"].items() if count}
    assert standings == {"booked": 2, "waiting": 1, "excluded": 1}
    held = {each["number"]: (each["standing"], each["code"], each["reason"]) for each in told["held"]}
    assert held == {
        unsent["number"]: ("waiting", "not_sent", "The invoice was not sent from Teamleader yet"),
        note["number"]: ("excluded", "credit_notes_off", "Credit notes are not booked: book_credit_notes is off"),
    }
    (open_one,) = told["unregistered"]
    assert (open_one["number"], open_one["teamleader"], open_one["exact"]) == (
        settled["number"],
        settled["gross"],
        Decimal(0),
    )

    # An invoice follows by itself when it is sent.
    sandbox.teamleader("edit_invoice", id=unsent["id"], sent=True)
    ran = coupling.documents()
    assert ran.code == 0, ran.output
    assert booked(coupling).keys() == {settled["number"], credited["number"], unsent["number"]}
    told = reconciled(coupling)
    assert (told["equal"], told["standings"]["booked"], told["standings"]["excluded"]) == (True, 3, 1)
