"""A backlog longer than the day's calls: entries first, their files after them, and nothing lost wherever it is cut."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from connector_testing.in_process import CYCLE, DOCUMENTS, Coupling, coupled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INVOICES = 12


@pytest.fixture
def backlog(tmp_path: Path) -> Iterator[Coupling]:
    with coupled(tmp_path, 11) as coupling:
        coupling.sandbox.add_invoices(2)
        coupling.let_pass(timedelta(minutes=1))
        assert coupling.run(DOCUMENTS)
        coupling.sandbox.add_invoices(INVOICES)
        coupling.let_pass(timedelta(minutes=1))
        yield coupling


def writes(coupling: Coupling) -> list[str]:
    return [path.rsplit("/", 1)[1] for method, path in coupling.sandbox.call_list("exact") if method == "POST"]


def is_whole(coupling: Coupling) -> bool:
    """Tell whether each invoice is booked once, with its file."""
    ledger = coupling.sandbox.ledger()
    numbers = [entry["your_ref"] for entry in ledger["entries"]]
    with_file = [entry for entry in ledger["entries"] if entry["document"]]
    return len(numbers) == len(set(numbers)) == len(with_file) == INVOICES + 2


def test_entries_go_first_when_files_go_after_them(backlog: Coupling) -> None:
    backlog.settings["target-exactonline"] = {"files": "after"}
    backlog.sandbox.forget_calls()
    assert backlog.run(DOCUMENTS)
    sent = [each for each in writes(backlog) if each in {"SalesEntries", "DocumentAttachments"}]
    assert sent == ["SalesEntries"] * INVOICES + ["DocumentAttachments"] * INVOICES
    assert is_whole(backlog)
    assert backlog.sandbox.orphan_documents() == []


def test_files_go_after_entries_by_themselves_when_less_than_half_of_the_day_is_left(backlog: Coupling) -> None:
    backlog.sandbox.exact("set_limits", minute=None, day=80)
    backlog.sandbox.forget_calls()
    backlog.run(DOCUMENTS)
    sent = writes(backlog)
    assert sent.count("SalesEntries") == INVOICES
    assert 0 < sent.count("DocumentAttachments") < INVOICES
    backlog.let_pass(timedelta(days=1))
    assert backlog.run(DOCUMENTS)
    assert is_whole(backlog)
    assert backlog.sandbox.orphan_documents() == []


@pytest.mark.parametrize("first_cut", [0, 1, 2, 3])
def test_a_run_that_is_killed_anywhere_leaves_no_file_without_its_entry(backlog: Coupling, first_cut: int) -> None:
    backlog.settings["target-exactonline"] = {"files": "after"}
    for cut in range(30 + 7 * first_cut, 260, 28):
        backlog.run(DOCUMENTS, kill_at=cut)
        backlog.let_pass(CYCLE)
    for _ in range(3):
        backlog.run(DOCUMENTS)
        if backlog.asks_for_login():  # killed between the exchange of a token and its answer
            backlog.log_in_again()
        backlog.let_pass(CYCLE)
    assert is_whole(backlog)
    assert backlog.sandbox.orphan_documents() == []
