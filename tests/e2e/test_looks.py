"""`bridge run --only-news` through a day, in this process: few calls, and nothing a full run would find stays unseen.

Time is the sandbox's. A look asks as the command does; a full run is both jobs, as Meltano would join them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bridge.project import JOBS, PLUGINS, Project
from bridge.project import Coupling as Settings
from bridge.run import news
from connector_store import DivisionStore
from connector_store.columns import utc_now
from connector_testing.in_process import CYCLE, DIVISION, DOCUMENTS, PAYMENTS, Coupling, coupled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CYCLES = 96


class Looking:
    """The command on a coupling: looks, and full runs where one is due."""

    def __init__(self, coupling: Coupling, company: str) -> None:
        self.coupling = coupling
        self.company = company
        """Id of the customer of every invoice."""
        self.sandbox = coupling.sandbox
        self._settings = Settings(Project(coupling.folder, coupling.folder / "meltano"), None)
        self._settings.take_settings({plugin: coupling.config_of(plugin) for plugin in PLUGINS if plugin != "bridge"})

    def call(self) -> str | None:
        """Look, and run when there is something; return why it ran."""
        with self.coupling.store() as store:
            told = news.look(self._settings, DivisionStore(store, DIVISION), utc_now())
        if told.reason is not None:
            began = utc_now()
            worked = self.coupling.run(DOCUMENTS) and self.coupling.run(PAYMENTS)
            # Nothing else happens in the moment of a run.
            self.coupling.let_pass(timedelta(seconds=1))
            with self.coupling.store() as store:
                memory = DivisionStore(store, DIVISION)
                news.note_run(self._settings, memory, tuple(JOBS), began, told, worked=worked)
        return told.reason

    def note_failure(self, memory: DivisionStore) -> None:
        """A run that did not work."""
        news.note_run(self._settings, memory, tuple(JOBS), utc_now(), news.News("asked for"), worked=False)

    def calls(self, times: int) -> list[str]:
        """Call so often, a quarter of an hour apart; return why it ran, each time that it did."""
        reasons = []
        for _ in range(times):
            self.coupling.let_pass(CYCLE)
            reasons.append(self.call())
        return [reason for reason in reasons if reason is not None]

    def rest(self) -> None:
        """Call until there is nothing to do any more, and for as long as what was done may look like news."""
        self.calls(12)


@pytest.fixture
def looking(tmp_path: Path) -> Iterator[Looking]:
    with coupled(tmp_path, 11) as coupling:
        coupling.settings["tap-teamleader"] = {"attachments": []}
        company = coupling.sandbox.teamleader("add_company", name="Gewoon")["id"]
        coupling.sandbox.add_invoices(6, customer=f"company:{company}", lines=[{"unit_price": "100.00"}])
        coupling.let_pass(timedelta(minutes=30))
        made = Looking(coupling, company)
        assert made.call() == "no full run worked yet"
        made.rest()
        yield made


def test_a_day_without_news_is_one_full_run_and_few_calls(looking: Looking) -> None:
    looking.sandbox.forget_calls()
    assert looking.calls(CYCLES) == ["the last full run is a day old"]
    calls = looking.sandbox.calls()
    assert calls["exact"] <= 250, calls
    assert calls["teamleader"] <= 400, calls


def the_newest(looking: Looking) -> Any:
    return looking.sandbox.teamleader_documents()[-1]


def booked_invoice(looking: Looking) -> None:
    looking.sandbox.add_invoice(customer=f"company:{looking.company}", lines=[{"unit_price": "50.00"}])


def edited_invoice(looking: Looking) -> None:
    looking.sandbox.teamleader("edit_invoice", id=the_newest(looking)["id"], lines=[{"unit_price": "77.00"}])


def deleted_invoice(looking: Looking) -> None:
    looking.sandbox.teamleader("delete_document", id=the_newest(looking)["id"])


def settled_invoice(looking: Looking) -> None:
    looking.sandbox.match({"your_ref": the_newest(looking)["number"], "journal": "70"})


def deleted_entry(looking: Looking) -> None:
    looking.sandbox.exact("delete_entry", your_ref=the_newest(looking)["number"])


def moved_customer(looking: Looking) -> None:
    changes = {"website": "https://gewoon.example"}
    looking.sandbox.teamleader("edit_customers", type="company", ids=[looking.company], changes=changes)


NOTICED: dict[str, tuple[Callable[[Looking], None], str, int]] = {
    "a new invoice": (booked_invoice, "documents changed in Teamleader", 1),
    "a changed invoice": (edited_invoice, "documents changed in Teamleader", 1),
    "a settled invoice": (settled_invoice, "payment terms changed in Exact", 1),
    "an invoice deleted in Teamleader": (deleted_invoice, "documents were deleted in Teamleader", 8),
    "an entry deleted in Exact": (deleted_entry, "something was deleted in Exact", 4),
    "a customer that changed alone": (moved_customer, "customers changed in Teamleader", 4),
}


@pytest.mark.parametrize("name", NOTICED)
def test_what_a_full_run_would_find_is_noticed_in_time(looking: Looking, name: str) -> None:
    happen, reason, calls = NOTICED[name]
    happen(looking)
    found: list[str] = []
    while not found and calls:
        found, calls = looking.calls(1), calls - 1
    assert found == [reason]


def test_purchases_are_no_news(looking: Looking) -> None:
    looking.sandbox.fill(payables=5)
    assert looking.calls(8) == []


def test_what_waits_for_a_person_has_a_full_run_every_hour(looking: Looking) -> None:
    looking.sandbox.teamleader("add_tax_rate", description="19%", rate="0.19")
    lines = [{"unit_price": "50.00", "tax_rate": "19%"}]
    looking.sandbox.add_invoice(customer=f"company:{looking.company}", lines=lines)
    assert looking.calls(1) == ["documents changed in Teamleader"]
    looking.rest()
    assert looking.calls(12) == ["something waits"] * 3


def test_a_full_run_that_did_not_work_is_tried_again_at_the_next_call(looking: Looking) -> None:
    with looking.coupling.store() as store:
        memory = DivisionStore(store, DIVISION)
        looking.note_failure(memory)
    assert looking.calls(2) == ["the last run did not work"]


def test_what_a_run_by_hand_read_of_exact_and_could_not_bring_over_is_noticed(looking: Looking) -> None:
    settled_invoice(looking)
    looking.sandbox.add_faults([{"kind": "error", "status": 503, "service": "teamleader", "times": 50}])
    assert not looking.coupling.run(PAYMENTS)
    looking.sandbox.clear_faults()

    assert looking.calls(1) == ["payment terms changed in Exact"]
    assert the_newest(looking)["due"] == 0


def test_what_another_coupling_of_the_administration_read_is_noticed_by_this_one(looking: Looking) -> None:
    settled_invoice(looking)
    other = Coupling(looking.coupling.folder, looking.sandbox, looking.coupling.clock)
    other.settings["target-teamleader"] = {"register_payments": False}
    assert other.run(PAYMENTS)

    assert looking.calls(1) == ["payment terms changed in Exact"]
    assert the_newest(looking)["due"] == 0
