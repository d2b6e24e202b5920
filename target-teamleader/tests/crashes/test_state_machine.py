"""The protocol under random use: settle, un-match, pay by hand, break, kill, forget, go on.

After every undisturbed run: what people registered stands there, ours is at most what Exact has settled, and where
nobody interfered Teamleader has due what Exact has open.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

if TYPE_CHECKING:
    from conftest import Harness
    from sandbox.testing import SandboxProcess

PLACE = st.integers(0, 1)
CENTS = st.integers(1, 12_100)
KINDS = ["reset_before", "reset_after", "empty_500", "truncated"]
ACTIONS = ["invoices.registerPayment", "invoices.removePayments", "invoices.info", "invoices.list"]
FAULT = st.tuples(st.sampled_from(KINDS), st.sampled_from(ACTIONS), st.integers(0, 2))
TROUBLE = st.none() | FAULT | st.integers(0, 30)
"""Nothing, an answer that goes wrong once after so many others, or the step at which the process is killed."""
GROSS = Decimal("121.00")


def machine(  # noqa: C901 - the rules of one machine
    sandbox: SandboxProcess, make_harness: Any, killed_at: Any, *, remove: bool
) -> type[RuleBasedStateMachine]:
    """Return the machine, bound to a sandbox."""

    class Protocol(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self._folder = TemporaryDirectory()
            self.harness: Harness = make_harness(sandbox, Path(self._folder.name))
            self.harness.settings["on_unmatched"] = "remove" if remove else "keep"
            self.invoices = [self.harness.invoice(), self.harness.unlinked_invoice()]
            self.settled: list[list[tuple[str, str]]] = [[], []]
            self.highest = [Decimal(0)] * 2
            self.hands: list[list[tuple[Decimal, str]]] = [[], []]
            self.is_simple = [True] * 2
            self.unsent: set[int] = set()
            self.day = 0

        def teardown(self) -> None:
            sandbox.clear_faults()
            try:
                self.let_the_dust_settle()
            finally:
                self._folder.cleanup()

        def next_day(self) -> str:
            self.day += 1
            return f"2026-{1 + self.day // 28:02}-{1 + self.day % 28:02}"

        def total(self, place: int) -> Decimal:
            return sum((Decimal(amount) for amount, _ in self.settled[place]), Decimal(0))

        def say(self, place: int, trouble: Any) -> None:
            """Let the tap bring what changed, as often as it was not acknowledged."""
            self.unsent.add(place)
            self.highest[place] = max(self.highest[place], self.total(place))
            records = [self.harness.record(self.invoices[each], *self.settled[each]) for each in sorted(self.unsent)]
            self.go(trouble, *records)

        def go(self, trouble: Any, *records: dict[str, Any]) -> None:
            if isinstance(trouble, int):
                with killed_at(trouble):
                    ran = self.harness.run(*records)
            else:
                if trouble is not None:
                    kind, action, skip = trouble
                    self.harness.fault(action, kind, times=1, skip=skip)
                ran = self.harness.run(*records)
            sandbox.clear_faults()
            if ran.error is None and records:
                self.unsent.clear()

        @initialize(by_hand=st.integers(0, 5000), cents=CENTS, trouble=TROUBLE)
        def begin(self, by_hand: int, cents: int, trouble: Any) -> None:
            self.pay_by_hand(0, by_hand)
            self.settle(0, cents, trouble)

        @rule(place=PLACE, cents=CENTS, trouble=TROUBLE)
        def settle(self, place: int, cents: int, trouble: Any) -> None:
            amount = min(Decimal(cents) / 100, GROSS - self.total(place))
            if amount:
                self.settled[place].append((str(amount), self.next_day()))
                self.say(place, trouble)

        @rule(place=PLACE, trouble=TROUBLE)
        def settle_all(self, place: int, trouble: Any) -> None:
            self.settle(place, 12_100, trouble)

        @rule(place=PLACE, kept=st.integers(0, 2), trouble=TROUBLE)
        def unmatch(self, place: int, kept: int, trouble: Any) -> None:
            if len(self.settled[place]) > kept:
                del self.settled[place][kept:]
                if not remove:
                    self.is_simple[place] = False
                self.say(place, trouble)

        @rule(place=PLACE, cents=CENTS)
        def pay_by_hand(self, place: int, cents: int) -> None:
            invoice = self.invoices[place]
            amount = min(Decimal(cents) / 100, self.harness.due(invoice))
            if amount:
                day = self.next_day()
                self.harness.pay_by_hand(invoice, str(amount), paid_at=f"{day}T09:30:00+00:00")
                self.hands[place].append((amount, day))
                self.is_simple[place] = False

        @rule(trouble=TROUBLE)
        def run_without_records(self, trouble: Any) -> None:
            self.go(trouble)

        @rule(trouble=TROUBLE)
        def send_all_again(self, trouble: Any) -> None:
            self.unsent |= {0, 1}
            self.say(0, trouble)

        @rule()
        def time_passes(self) -> None:
            self.harness.later()

        @rule()
        def lose_store(self) -> None:
            if self.under_way():  # payments of others may be removed for the moment: two disasters at once
                return
            self.harness.lose_store()
            self.harness.link(self.invoices[0])
            self.unsent.add(0)
            for place, invoice in enumerate(self.invoices):
                self.hands[place] = self.harness.payments(invoice)
                self.highest[place] = max(self.highest[place], GROSS)
                self.is_simple[place] = False

        def under_way(self) -> list[Any]:
            with self.harness.store() as store:
                return store.registered_payments(self.harness.division).under_way()

        @invariant()
        def never_more_than_was_settled_and_paid_by_hand(self) -> None:
            for place, invoice in enumerate(self.invoices):
                paid = sum((amount for amount, _ in self.harness.payments(invoice)), Decimal(0))
                by_hand = sum((amount for amount, _ in self.hands[place]), Decimal(0))
                assert paid <= self.highest[place] + by_hand
                assert paid <= GROSS

        def let_the_dust_settle(self) -> None:
            self.unsent |= {0, 1}
            self.harness.later()
            for _ in range(2):
                self.say(0, None)
            assert not self.unsent
            assert not self.under_way()
            for place, invoice in enumerate(self.invoices):
                payments = Counter(self.harness.payments(invoice))
                assert Counter(self.hands[place]) <= payments
                others = payments - Counter(self.hands[place])
                ours = sum((amount * count for (amount, _), count in others.items()), Decimal(0))
                assert ours <= (self.total(place) if remove else self.highest[place])
                if self.is_simple[place]:
                    assert self.harness.due(invoice) == GROSS - self.total(place)

    return Protocol


@pytest.mark.parametrize("remove", [True, False], ids=["remove", "keep"])
@pytest.mark.parametrize(
    ("examples", "steps"),
    [
        pytest.param(8, 10, id="short"),
        pytest.param(400, 25, id="long", marks=[pytest.mark.long, pytest.mark.timeout(3600)]),
    ],
)
@pytest.mark.usefixtures("short_waits")
def test_the_protocol(
    sandbox_service: SandboxProcess, make_harness: Any, killed_at: Any, examples: int, steps: int, *, remove: bool
) -> None:
    run_state_machine_as_test(
        machine(sandbox_service, make_harness, killed_at, remove=remove),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            phases=[Phase.generate],  # to shrink what fails takes longer than a test may
            suppress_health_check=list(HealthCheck),
        ),
    )
