"""Kill real runs at random moments, break answers at random, and find every document in Exact exactly once.

The draws are seeded; a failing seed is printed and can be given back by `CRASH_SEED`.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from connector_testing.programs import end, kill
from singer_shell.unknown_outcomes import REST

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

pytestmark = pytest.mark.timeout(900)

SEED = int(os.environ.get("CRASH_SEED", "20261121"))
VICTIMS = ("target-exactonline", "tap-teamleader", "teamleader-exactonline-mappers", "meltano", "everything")
# Each write takes a while, so that a backlog outlives many kills; a tenth of the answers is lost or broken.
SLOW = {"service": "exact", "match": "/api/v1/", "method": "POST", "kind": "slow", "seconds": 0.08}
BROKEN = [
    {"service": "exact", "match": "/api/v1/", "method": "POST", "kind": kind, "probability": 0.02}
    for kind in ("reset_before", "reset_after", "empty_500", "truncated")
] + [
    {"service": "exact", "match": "/api/v1/", "method": "GET", "kind": "empty_500", "probability": 0.02},
    {"service": "teamleader", "match": ".info", "kind": "error", "status": 500, "probability": 0.01},
    {"service": "teamleader", "match": ".download", "kind": "truncated", "probability": 0.01},
]


def wait_until_it_writes(coupling: Any, run: subprocess.Popen[str]) -> None:
    """Return once the run has written something in Exact, or has ended."""
    before = coupling.sandbox.writes("exact")
    deadline = time.monotonic() + 60
    while run.poll() is None and time.monotonic() < deadline and coupling.sandbox.writes("exact") == before:
        time.sleep(0.02)


def kill_runs(coupling: Any, draw: random.Random, kills: int) -> Counter[str]:
    """Start runs and kill them until so many kills hit; return the victims."""
    killed: Counter[str] = Counter()
    while killed.total() < kills:
        run = coupling.start("--force", "documents")
        if draw.random() < 0.8:
            wait_until_it_writes(coupling, run)
            time.sleep(draw.random() * 1.5)
        else:
            time.sleep(draw.random() * 6)
        if run.poll() is None:
            victim = draw.choice(VICTIMS)
            if not kill(run, victim):
                victim = "everything"  # the one that was drawn had done its work already
                kill(run, victim)
            killed[victim] += 1
        elif len(coupling.sandbox.exact_entries()) >= len(coupling.sandbox.teamleader_documents()):
            coupling.sandbox.add_invoices(10)  # nothing was left to be killed at
        end(run)
    return killed


def assert_settled(coupling: Any) -> None:
    """Let the dust settle without faults, then compare both sides document by document."""
    coupling.sandbox.clear_faults()
    coupling.sandbox.advance(REST.total_seconds() + 1)
    for _ in range(3):
        ran = coupling.run("--force", "documents")
        assert ran.code == 0, ran.output[-4000:]
    entries = Counter((each["kind"], each["number"]) for each in coupling.sandbox.exact_entries())
    documents = {(each["kind"], each["number"]): each for each in coupling.sandbox.teamleader_documents()}
    assert [each for each, times in entries.items() if times > 1] == [], "booked more than once"
    assert documents.keys() - entries.keys() == set(), "lost"
    for entry in coupling.sandbox.exact_entries():
        document = documents[entry["kind"], entry["number"]]
        assert (entry["net"], entry["vat"], entry["gross"]) == (document["net"], document["vat"], document["gross"])
    assert coupling.sandbox.orphan_documents() == [], "PDFs that no entry points to"
    assert coupling.sandbox.double_accounts() == [], "customers made twice"
    assert coupling.rejects() == []


def crashed(coupling: Any, kills: int) -> None:
    draw = random.Random(SEED)  # noqa: S311 - a reproducible draw, not a secret
    # Meltano makes its own database at its first start, and cannot go on when it is killed at that.
    assert coupling.run("payments").code == 0
    coupling.sandbox.add_faults([SLOW, *BROKEN])
    killed = kill_runs(coupling, draw, kills)
    assert killed.total() >= kills
    assert_settled(coupling)


def test_a_few_kills(coupling_with: Callable[..., Any]) -> None:
    crashed(coupling_with("--no-limits", "--customers", "20", "--invoices", "32", "--credit-notes", "8"), kills=5)


@pytest.mark.long
@pytest.mark.timeout(3000)
def test_fifty_kills_over_a_backlog_of_three_hundred(coupling_with: Callable[..., Any]) -> None:
    crashed(coupling_with("--no-limits", "--customers", "160", "--invoices", "270", "--credit-notes", "30"), kills=50)


def run_twice_at_once(coupling: Any) -> None:
    """Start two runs at the same moment and let both end."""
    runs = [
        coupling.start("--force", "--state-id-suffix", name, "documents", system_folder=name) for name in ("one", "two")
    ]
    for run in runs:
        end(run)


def test_two_runs_at_the_same_moment(coupling_with: Callable[..., Any]) -> None:
    coupling = coupling_with("--no-limits", "--customers", "20", "--invoices", "32", "--credit-notes", "8")

    run_twice_at_once(coupling)

    assert_settled(coupling)


@pytest.mark.parametrize("kills", [2, pytest.param(12, marks=pytest.mark.long)])
@pytest.mark.timeout(1800)
def test_the_store_is_deleted_half_way(coupling_with: Callable[..., Any], kills: int) -> None:
    coupling = coupling_with("--no-limits", "--customers", "20", "--invoices", str(15 * kills), "--credit-notes", "5")
    draw = random.Random(SEED)  # noqa: S311 - a reproducible draw, not a secret
    coupling.sandbox.add_faults([SLOW])
    for _ in range(kills):
        kill_runs(coupling, draw, 1)
        for path in coupling.folder.glob("connector.db*"):
            path.unlink()
        for path in coupling.folder.glob("meltano.db*"):
            path.unlink()
        coupling.settings |= coupling.sandbox.logged_in_again()

    assert_settled(coupling)
