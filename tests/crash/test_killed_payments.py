"""Kill real runs of the reverse job at drawn moments, break answers at random, and find every payment exactly once.

Meanwhile the accountant goes on: matches in whole and in part, and undoes some of it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector_testing.killing import Killer, seeded
from connector_testing.programs import end, kill, wait_until
from singer_shell.unknown_outcomes import REST

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

pytestmark = pytest.mark.timeout(3600)

PROGRAMS = ("target-teamleader", "tap-exactonline", "teamleader-exactonline-mappers")
SIZE = ("--no-limits", "--customers", "15", "--invoices", "0", "--credit-notes", "0")
SETTINGS = {"TAP_TEAMLEADER_ATTACHMENTS": "[]", "TARGET_TEAMLEADER_ON_UNMATCHED": "remove"}
WRITES = ("invoices.registerPayment", "invoices.removePayments")
MOMENTS = [
    {"service": "teamleader", "match": "invoices.registerPayment"},
    {"service": "teamleader", "match": "invoices.re(gister|move)Payment"},
    {"service": "teamleader", "match": "invoices.info"},
    {"service": "exact", "match": "/api/v1/", "method": "GET"},
]
# A tenth of the answers is lost or broken.
BROKEN = [
    {"service": "teamleader", "match": write, "kind": kind, "probability": 0.025}
    for kind in ("reset_before", "reset_after", "empty_500", "truncated")
    for write in WRITES
] + [
    {"service": "teamleader", "match": "invoices.info", "kind": "error", "status": 500, "probability": 0.02},
    {"service": "exact", "match": "/api/v1/", "method": "GET", "kind": "empty_500", "probability": 0.02},
]


class Accountant:
    """Matches a batch of entries after the other, and undoes the matching of some that were settled before."""

    def __init__(self, coupling: Any, draw: random.Random) -> None:
        self._coupling = coupling
        self._draw = draw

    def works(self, entries: int) -> None:
        """Settle so many entries, in whole or in part, and take one in five of the settled ones back."""
        sides = self._coupling.in_exact()
        due = sorted(number for number, (_, left) in sides.items() if left)
        settled = sorted(number for number, (paid, _) in sides.items() if paid)
        undone = self._draw.sample(settled, len(settled) // 5)
        chosen = self._draw.sample(due, min(entries, len(due)))
        self._tell("unmatch_entries", [{"your_ref": number} for number in undone])
        self._tell("match_entries", [self._match(number, sides[number][1]) for number in chosen])

    def _match(self, number: str, left: Decimal) -> dict[str, Any]:
        day = f"2026-{self._draw.randint(1, 10):02}-{self._draw.randint(1, 28):02}"
        match = {"your_ref": number, "date": day, "how": self._draw.choice(("money", "money", "write_off"))}
        if self._draw.random() < 0.4 and left > 1:
            match["amount"] = str((left * Decimal(self._draw.randint(10, 90)) / 100).quantize(Decimal("0.01")))
        return match

    def _tell(self, verb: str, entries: list[dict[str, Any]]) -> None:
        if entries:
            self._coupling.sandbox.exact(verb, entries=[{"journal": "70", **each} for each in entries])


def assert_settled(coupling: Any) -> None:
    """Let the dust settle without faults, then compare both sides invoice by invoice, and payment by payment."""
    coupling.sandbox.clear_faults()
    coupling.sandbox.advance(REST.total_seconds() + 1)
    for _ in range(2):
        ran = coupling.run("--force", "payments")
        assert ran.code == 0, ran.output[-4000:]
    assert coupling.in_teamleader() == coupling.in_exact()
    # What is due does not go below zero: a payment that stands there twice only shows in the payments themselves.
    registered = {number: sum(amount for amount, _ in paid) for number, paid in coupling.registered().items()}
    assert registered == {number: paid for number, (paid, _) in coupling.in_exact().items() if paid}
    with coupling.opened() as store:
        assert store.registered_payments(123456).under_way() == []
    assert coupling.rejects() == []


def booked(coupling: Any, invoices: int) -> Any:
    """Book so many invoices in Exact, so that the accountant has something to match."""
    coupling.sandbox.add_invoices(invoices)
    ran = coupling.documents()
    assert ran.code == 0, ran.output[-4000:]
    return coupling


def crashed(coupling: Any, kills: int) -> None:
    accountant = Accountant(coupling, seeded())
    killer = Killer(coupling, "payments", programs=PROGRAMS, moments=MOMENTS, most=8, faults=BROKEN)
    killer.kill_runs(kills, before_each=lambda: accountant.works(entries=12), when_done=lambda: None)
    assert_settled(coupling)


def test_a_few_kills(coupling_with: Callable[..., Any]) -> None:
    crashed(booked(coupling_with(*SIZE, settings=SETTINGS), 40), kills=3)


@pytest.mark.long
def test_thirty_kills_while_the_accountant_goes_on(coupling_with: Callable[..., Any]) -> None:
    crashed(booked(coupling_with(*SIZE, settings=SETTINGS), 150), kills=30)


def test_two_runs_at_the_same_moment(coupling_with: Callable[..., Any]) -> None:
    coupling = booked(coupling_with(*SIZE, settings=SETTINGS), 30)
    Accountant(coupling, seeded()).works(entries=25)

    runs = [
        coupling.start("--force", "--state-id-suffix", name, "payments", system_folder=name) for name in ("one", "two")
    ]
    for run in runs:
        end(run)

    assert_settled(coupling)


def test_the_store_is_deleted_half_way(coupling_with: Callable[..., Any]) -> None:
    """Without memory, what Teamleader shows as due tells what was registered before."""
    settings = {**SETTINGS, "TARGET_TEAMLEADER_ON_UNMATCHED": "keep"}
    coupling = booked(coupling_with(*SIZE, settings=settings), 30)
    Accountant(coupling, seeded()).works(entries=25)
    coupling.sandbox.add_faults([{"service": "teamleader", "match": WRITES[0], "kind": "held", "skip": 6}])
    run = coupling.start("--force", "payments")
    wait_until(lambda: coupling.sandbox.held() > 0)
    kill(run, "everything")
    coupling.sandbox.clear_faults()
    end(run)
    for name in ("connector.db*", "meltano.db*"):
        for path in coupling.folder.glob(name):
            path.unlink()
    coupling.settings |= coupling.sandbox.logged_in_again()
    assert coupling.documents().code == 0

    assert_settled(coupling)
