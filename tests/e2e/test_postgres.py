"""Both jobs with their memory in PostgreSQL, as in production: once, idle, and killed half-way."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet

from connector_testing.programs import kill, nothing_is_left, wait_until
from singer_shell.unknown_outcomes import REST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector_store.testing import PostgresServer

SIZE = ("--no-limits", "--customers", "15", "--invoices", "26", "--credit-notes", "6", "--pdf-bytes", "500")
SIXTH_ENTRY = {"service": "exact", "match": "SalesEntries", "method": "POST", "kind": "held", "skip": 5}


@pytest.fixture
def coupling(coupling_with: Callable[..., Any], postgres: PostgresServer) -> Iterator[Any]:
    """Return a coupling whose store is an empty database; the key of what is encrypted comes from the environment."""
    uri = postgres.new_database()
    settings = {"TARGET_EXACTONLINE_STORE_URI": uri, "CONNECTOR_STORE_KEY": Fernet.generate_key().decode()}
    yield coupling_with(*SIZE, settings=settings)
    postgres.drop_database(uri)


def assert_everything_is_booked_once(coupling: Any) -> None:
    entries = Counter(
        (each["kind"], each["number"], each["net"], each["vat"], each["gross"])
        for each in coupling.sandbox.exact_entries()
    )
    documents = Counter(
        (each["kind"], each["number"], each["net"], each["vat"], each["gross"])
        for each in coupling.sandbox.teamleader_documents()
    )
    assert entries == documents
    assert coupling.sandbox.orphan_documents() == []
    assert coupling.sandbox.double_accounts() == []
    assert coupling.rejects() == []


def settle_what_nobody_paid(coupling: Any) -> list[str]:
    """Match in Exact the invoices of which Teamleader has no payment and no credit note; return their numbers."""
    exact = coupling.in_exact()
    untouched = [number for number, side in coupling.in_teamleader().items() if not side[0] and exact[number][1] > 0]
    coupling.sandbox.exact("match_entries", entries=[{"your_ref": each, "journal": "70"} for each in untouched])
    return untouched


def test_everything_is_booked_once_and_the_next_run_is_idle(coupling: Any) -> None:
    first = coupling.documents()

    assert first.code == 0, first.output[-4000:]
    assert_everything_is_booked_once(coupling)
    assert not list(coupling.folder.glob("connector.db*")), "nothing is kept elsewhere"
    with coupling.opened() as store:
        states = store.links(123456).count()
    assert {state for _, state in states} == {"linked"}
    assert sum(number for (kind, _), number in states.items() if kind != "account") == 32
    coupling.sandbox.forget_calls()

    second = coupling.documents()

    calls = coupling.sandbox.calls()
    assert second.code == 0, second.output[-4000:]
    assert_everything_is_booked_once(coupling)
    assert calls["exact"] <= 2
    assert calls["teamleader"] <= 12


def test_a_killed_run_goes_on_where_it_was(coupling: Any) -> None:
    coupling.sandbox.add_faults([SIXTH_ENTRY])
    killed = coupling.start("documents")
    wait_until(lambda: coupling.sandbox.held() > 0)

    assert kill(killed, "target-exactonline")
    coupling.sandbox.clear_faults()

    assert nothing_is_left(killed), "the run left a process behind"
    booked = len(coupling.sandbox.exact_entries())
    assert booked == 6, "what was on its way arrived after the kill"
    coupling.sandbox.advance(REST.total_seconds() + 1)

    ran = coupling.run("--force", "documents")

    assert ran.code == 0, ran.output[-4000:]
    assert_everything_is_booked_once(coupling)


def test_what_is_settled_is_registered_once_and_the_next_run_is_idle(coupling: Any) -> None:
    assert coupling.documents().code == 0
    settled = settle_what_nobody_paid(coupling)
    assert len(settled) >= 5

    first = coupling.payments()

    assert first.code == 0, first.output[-4000:]
    registered = coupling.registered()
    assert all(coupling.in_teamleader()[number] == coupling.in_exact()[number] for number in settled)
    assert all(len(registered[number]) == 1 for number in settled)
    assert not list(coupling.folder.glob("connector.db*")), "nothing is kept elsewhere"
    coupling.sandbox.forget_calls()

    second = coupling.payments()

    calls = coupling.sandbox.calls()
    assert second.code == 0, second.output[-4000:]
    assert coupling.registered() == registered
    assert calls["exact"] <= 4
    assert calls["teamleader"] <= 2
