"""The write protocol under random use: book, edit, break, retry, delete in Exact, forget, settle.

Invariant after every step: at most one live entry per document. After the dust settles: exactly one, with the amount of
the source's document and at most one document with its files, or a reject that says why not.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from singer_shell import unknown_outcomes

if TYPE_CHECKING:
    from conftest import Harness, SandboxExact

Trouble = tuple[str, str, int]

KINDS = ["reset_before", "reset_after", "truncated", "empty_500", "business"]
PATHS = ["salesentry/SalesEntries", "documents/Documents", "documents/DocumentAttachments", "crm/Accounts"]
TROUBLE = st.tuples(st.sampled_from(KINDS), st.sampled_from(PATHS), st.integers(0, 1))
"""What goes wrong once during a run: the kind of fault, where, and after how many writes there."""
LINE_TROUBLE = st.tuples(st.sampled_from(KINDS), st.just("salesentry/SalesEntryLines"), st.integers(0, 2))
PICK = st.integers(min_value=0, max_value=99)
EXPLAINED = {"conflict", "error_budget", "adopted_differs", "changed_after_booking"}
"""Rejects that may remain, with the entry of another version: of a document that was edited after its link was lost, or
whose entry was adopted then, of a change that Exact refused, and what is spared the error limit for an hour."""


def machine(exact: SandboxExact, make_harness: Any) -> type[RuleBasedStateMachine]:  # noqa: C901 - its methods are the rules
    """Return the machine, bound to a sandbox."""

    class Protocol(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self._folder = TemporaryDirectory()
            self.harness: Harness = make_harness(exact, Path(self._folder.name))
            self.company = self.harness.company()
            self.records: list[dict[str, Any]] = []
            self.deleted: set[str] = set()
            self.versions: dict[str, set[Any]] = {}

        def teardown(self) -> None:
            exact.no_faults()
            self._folder.cleanup()

        def run_amid(self, trouble: Trouble | None, *records: dict[str, Any]) -> None:
            for record in records:
                if "totals" in record:
                    self.versions.setdefault(record["number"], set()).add(record["totals"]["gross"])
            if trouble is not None:
                kind, path, skip = trouble
                for method in ("POST", "PUT", "DELETE"):
                    exact.fault(match=path, method=method, kind=kind, skip=skip, times=1, message="Verplicht: iets")
            self.harness.run(*records)
            exact.no_faults()

        @initialize(trouble=TROUBLE)
        def begin(self, trouble: Trouble) -> None:
            self.book(3, pdf=True, credit=False, trouble=trouble)

        @rule(count=st.integers(1, 3), pdf=st.booleans(), credit=st.booleans(), trouble=TROUBLE)
        def book(self, count: int, *, pdf: bool, credit: bool, trouble: Trouble) -> None:
            make = self.harness.credit_note if credit else self.harness.invoice
            new = [make(pdf=pdf) for _ in range(count)]
            self.records += new
            self.run_amid(trouble, self.company, *new)

        @rule(pick=PICK, cents=st.integers(100, 99_999), trouble=st.none() | LINE_TROUBLE)
        def edit(self, pick: int, cents: int, trouble: Trouble | None) -> None:
            place = pick % len(self.records)
            sign = "-" if self.records[place]["kind"] == "credit_note" else ""
            net = f"{sign}{cents // 100}.{cents % 100:02}"
            self.records[place] = self.harness.as_version(self.records[place], net=net)
            self.run_amid(trouble, self.company, self.records[place])

        @rule()
        def time_passes(self) -> None:
            exact.later()

        @rule(trouble=st.none() | TROUBLE)
        def retry(self, trouble: Trouble | None) -> None:
            self.run_amid(trouble)

        @rule(trouble=TROUBLE)
        def send_all_again(self, trouble: Trouble) -> None:
            self.run_amid(trouble, self.company, *self.records)

        @precondition(lambda self: not self.deleted)
        @rule(pick=PICK)
        def delete_in_exact(self, pick: int) -> None:
            number = self.records[pick % len(self.records)]["number"]
            if exact.entries(number):
                exact.do("delete_entry", your_ref=number)
                self.deleted.add(number)

        @precondition(lambda self: not self.deleted)
        @rule(trouble=TROUBLE)
        def lose_store_and_send_all_again(self, trouble: Trouble) -> None:
            self.harness.lose_store()
            self.send_all_again(trouble)

        @invariant()
        def at_most_one_live_entry(self) -> None:
            numbers = [entry["your_ref"] for entry in self.harness.entries()]
            assert len(numbers) == len(set(numbers))

        @rule()
        def let_the_dust_settle(self) -> None:
            exact.do("forget_errors")
            exact.later()
            for _ in range(2):
                assert self.harness.run(self.company, *self.records).error is None
            codes = self.harness.codes()
            for record in self.records:
                entries = exact.entries(record["number"])
                assert len(exact.documents(record["number"])) <= 1
                if record["number"] in self.deleted:
                    continue
                gross = [entry["gross"] for entry in entries]
                if codes.get(record["id"]) not in EXPLAINED:
                    assert gross == [record["totals"]["gross"]], codes
                assert set(gross) <= self.versions[record["number"]], codes

    return Protocol


@pytest.mark.parametrize(
    ("examples", "steps"),
    [
        pytest.param(8, 8, id="short"),
        pytest.param(300, 15, id="long", marks=[pytest.mark.long, pytest.mark.timeout(3600)]),
    ],
)
def test_the_protocol(
    exact_service: SandboxExact, make_harness: Any, monkeypatch: pytest.MonkeyPatch, examples: int, steps: int
) -> None:
    monkeypatch.setattr(unknown_outcomes, "WAITS", (0.0,))
    run_state_machine_as_test(
        machine(exact_service, make_harness),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            suppress_health_check=list(HealthCheck),
        ),
    )
