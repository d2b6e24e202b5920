"""The write protocol under random use: book, edit, break, retry, delete in Exact, forget, settle.

Invariants after every step: at most one live entry per document, and what the memory calls linked is in Exact.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from target_exactonline.writing import settle

if TYPE_CHECKING:
    from conftest import Desk, Exact

KINDS = ["reset_before", "reset_after", "truncated", "empty_500", "business"]
PATHS = ["salesentry/SalesEntries", "salesentry/SalesEntryLines", "documents/", "crm/Accounts"]
PLACES = st.integers(min_value=0, max_value=3)


def machine(exact: Exact, make_desk: Any) -> type[RuleBasedStateMachine]:
    """Return the machine, bound to a sandbox."""

    class Protocol(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self._folder = TemporaryDirectory()
            self.desk: Desk = make_desk(exact, Path(self._folder.name))
            self.company = self.desk.company()
            self.records = [
                self.desk.invoice(pdf=True),
                self.desk.invoice(),
                self.desk.credit_note(),
                self.desk.invoice(),
            ]
            self.sent: set[int] = set()
            self.deleted: set[int] = set()

        def teardown(self) -> None:
            exact.no_faults()
            self._folder.cleanup()

        @rule(place=PLACES)
        def book(self, place: int) -> None:
            self.sent.add(place)
            self.desk.run(self.company, self.records[place])

        @rule(place=PLACES, cents=st.integers(min_value=100, max_value=99_999))
        def edit(self, place: int, cents: int) -> None:
            sign = "-" if self.records[place]["kind"] == "credit_note" else ""
            net = f"{sign}{cents // 100}.{cents % 100:02}"
            self.records[place] = self.desk.as_version(self.records[place], net=net)

        @rule(kind=st.sampled_from(KINDS), path=st.sampled_from(PATHS), skip=st.integers(0, 2), times=st.integers(1, 2))
        def break_something(self, kind: str, path: str, skip: int, times: int) -> None:
            for method in ("POST", "PUT", "DELETE"):
                exact.fault(match=path, method=method, kind=kind, skip=skip, times=times, message="Verplicht: iets")

        @rule()
        def mend(self) -> None:
            exact.no_faults()

        @rule()
        def retry(self) -> None:
            self.desk.run()

        @rule(place=PLACES)
        def delete_in_exact(self, place: int) -> None:
            if exact.entries(self.records[place]["number"]):
                exact.do("delete_entry", your_ref=self.records[place]["number"])
                self.deleted.add(place)

        @precondition(lambda self: not self.deleted)
        @rule()
        def lose_memory(self) -> None:
            self.desk.lose_memory()

        @invariant()
        def at_most_one_live_entry(self) -> None:
            for place, record in enumerate(self.records):
                live = len(exact.entries(record["number"]))
                assert live <= (1 if place in self.sent else 0), record["number"]

        @rule()
        def settle_everything(self) -> None:
            """After the dust settles every document is in Exact once, or its reject says why not."""
            exact.no_faults()
            exact.do("forget_errors")
            for _ in range(2):
                ran = self.desk.run(self.company, *(self.records[place] for place in sorted(self.sent)))
                assert ran.error is None
            codes = self.desk.codes()
            for place in self.sent:
                record = self.records[place]
                entries = exact.entries(record["number"])
                if place in self.deleted:
                    assert len(entries) <= 1
                    continue
                if codes.get(record["id"]) in {"conflict", "refused_by_exact", "error_budget"}:
                    continue
                assert [str(entry["gross"]) for entry in entries] == [str(record["totals"]["gross"])], codes
                assert len(exact.documents(record["number"])) <= 1

    return Protocol


@pytest.mark.parametrize("examples", [12])
def test_the_protocol(exact_service: Exact, make_desk: Any, examples: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settle, "WAITS", (0.0,))
    monkeypatch.setattr(settle, "GRACE_SECONDS", 0.0)
    run_state_machine_as_test(
        machine(exact_service, make_desk),
        settings=settings(
            max_examples=examples,
            stateful_step_count=12,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
