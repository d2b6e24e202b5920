"""Line 19: Meltano's state stayed, the store did not. What waited is known again, and nothing is done twice."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SMALL = ("--no-limits", "--customers", "6", "--invoices", "6", "--credit-notes", "2")
NO_FILES = {"TAP_TEAMLEADER_ATTACHMENTS": "[]"}


@pytest.fixture
def coupling(coupling_with: Callable[..., Any]) -> Any:
    """A coupling in which one invoice waits for its VAT code."""
    coupling = coupling_with(*SMALL, settings=NO_FILES)
    coupling.sandbox.teamleader("add_tax_rate", description="15%", rate="0.15")
    coupling.sandbox.add_invoice(lines=[{"unit_price": "100", "tax_rate": "15%"}], number="2026 / 901")
    ran(coupling.documents())
    assert [number for number, _, _ in coupling.rejects()] == ["2026 / 901"]
    return coupling


def ran(done: Any) -> str:
    assert done.code == 0, done.output[-4000:]
    return str(done.output)


def lose(coupling: Any) -> None:
    """The store is gone, its logins with it."""
    for path in coupling.folder.glob("connector.db*"):
        path.unlink()
    coupling.settings.update(coupling.sandbox.logged_in_again())


def copy_of_store(coupling: Any) -> Path:
    copy: Path = coupling.folder / "backup"
    copy.mkdir()
    for path in coupling.folder.glob("connector.db*"):
        shutil.copy(path, copy)
    return copy


def restore(coupling: Any, copy: Path) -> None:
    lose(coupling)
    for path in copy.iterdir():
        shutil.copy(path, coupling.folder)


def messages(coupling: Any) -> list[str]:
    with coupling.opened() as store:
        return [str(run.message) for run in store.runs.last(4)]


def waiting_payment(coupling: Any) -> str:
    """An entry is settled in Exact, and Teamleader refuses to register it; return the invoice's number."""
    number = next(each["number"] for each in coupling.sandbox.exact_entries() if each["kind"] == "invoice")
    coupling.sandbox.exact("match_entry", your_ref=number, journal="70")
    coupling.sandbox.add_faults(
        [{"service": "teamleader", "match": "registerPayment", "kind": "error", "status": 400, "message": "not now"}]
    )
    ran(coupling.payments())
    assert number in [each for each, _, _ in coupling.rejects()]
    coupling.sandbox.clear_faults()
    return str(number)


def test_what_waited_in_a_lost_store_is_told_again_and_follows(coupling: Any) -> None:
    paid = waiting_payment(coupling)
    waiting, entries = coupling.rejects(), coupling.sandbox.exact_entries()
    lose(coupling)

    assert "everything is read again" in ran(coupling.documents())
    ran(coupling.payments())

    assert [each for each in coupling.rejects() if each[0] == "2026 / 901"] == [waiting[0]]
    assert len(coupling.sandbox.exact_entries()) == len(entries)
    assert coupling.in_teamleader()[paid] == coupling.in_exact()[paid]
    assert sum("everything is read again" in each for each in messages(coupling)) == 2

    assert "everything is read again" not in ran(coupling.documents()) + ran(coupling.payments())
    assert len(coupling.sandbox.exact_entries()) == len(entries)


def test_what_changed_after_a_backup_is_read_again_once_it_is_restored(coupling: Any) -> None:
    copy = copy_of_store(coupling)
    later = coupling.sandbox.add_invoice(lines=[{"unit_price": "50"}])
    ran(coupling.documents())
    paid = waiting_payment(coupling)
    entries = coupling.sandbox.exact_entries()
    restore(coupling, copy)

    assert "restored from a backup" in ran(coupling.documents())
    ran(coupling.payments())

    assert later
    assert len(coupling.sandbox.exact_entries()) == len(entries)
    assert [number for number, _, _ in coupling.rejects()] == ["2026 / 901"]
    assert coupling.in_teamleader()[paid] == coupling.in_exact()[paid]
