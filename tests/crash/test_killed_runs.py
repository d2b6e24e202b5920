"""Kill real runs at drawn moments, break answers at random, and find every document in Exact exactly once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from connector_testing.killing import Killer
from connector_testing.programs import end
from singer_shell.unknown_outcomes import REST

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.timeout(3600)

PROGRAMS = ("target-exactonline", "tap-teamleader", "teamleader-exactonline-mappers")
MOMENTS = [
    {"service": "exact", "match": "/api/v1/", "method": "POST"},
    {"service": "exact", "match": "/api/v1/", "method": "POST"},
    {"service": "exact", "match": "/api/v1/", "method": "GET"},
    {"service": "teamleader", "match": ".info"},
]
# A tenth of the answers is lost or broken.
BROKEN = [
    {"service": "exact", "match": "/api/v1/", "method": "POST", "kind": kind, "probability": 0.02}
    for kind in ("reset_before", "reset_after", "empty_500", "truncated")
] + [
    {"service": "exact", "match": "/api/v1/", "method": "GET", "kind": "empty_500", "probability": 0.02},
    {"service": "teamleader", "match": ".info", "kind": "error", "status": 500, "probability": 0.01},
    {"service": "teamleader", "match": ".download", "kind": "truncated", "probability": 0.01},
]


def killer(coupling: Any, faults: list[dict[str, Any]]) -> Killer:
    return Killer(coupling, "documents", programs=PROGRAMS, moments=MOMENTS, most=15, faults=faults)


def assert_settled(coupling: Any) -> None:
    """Let the dust settle without faults, then compare both sides document by document."""
    coupling.sandbox.clear_faults()
    coupling.sandbox.advance(REST.total_seconds() + 1)
    for _ in range(2):
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
    # Meltano makes its own database at its first start, and cannot go on when it is killed at that.
    assert coupling.run("payments").code == 0
    killer(coupling, BROKEN).kill_runs(
        kills, before_each=lambda: None, when_done=lambda: coupling.sandbox.add_invoices(10)
    )
    assert_settled(coupling)


def test_a_few_kills(coupling_with: Callable[..., Any]) -> None:
    crashed(coupling_with("--no-limits", "--customers", "20", "--invoices", "32", "--credit-notes", "8"), kills=3)


@pytest.mark.long
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
def test_the_store_is_deleted_half_way(coupling_with: Callable[..., Any], kills: int) -> None:
    coupling = coupling_with("--no-limits", "--customers", "20", "--invoices", str(15 * kills), "--credit-notes", "5")
    killing = killer(coupling, [])
    for _ in range(kills):
        killing.kill_runs(1, before_each=lambda: None, when_done=lambda: coupling.sandbox.add_invoices(10))
        for name in ("connector.db*", "meltano.db*"):
            for path in coupling.folder.glob(name):
                path.unlink()
        coupling.settings |= coupling.sandbox.logged_in_again()

    assert_settled(coupling)
