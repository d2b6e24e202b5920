"""A payment is booked at most once and never beyond what is open, wherever a run is cut off, whatever Exact says."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from connector_store import BookedPayments, Paid, RegisterPlan
from connector_store.links import Links
from connector_store.rejects import Rejects
from connector_testing.cutting import cut_off
from exactonline_api import ExactClient
from singer_shell import unknown_outcomes

if TYPE_CHECKING:
    from conftest import Harness, SandboxExact

ON = {"book_payments": True, "payment_journal": "90", "payment_gl_account": "499000", "payments_from": "2026-01-01"}
GENERAL = "generaljournalentry/GeneralJournalEntries"
MATCH = "docs/XMLUpload.aspx"
STEPS = (
    (ExactClient, "post"),
    (ExactClient, "upload"),
    (ExactClient, "delete"),
    (ExactClient, "rows"),
    (BookedPayments, "intend"),
    (BookedPayments, "confirm"),
    (BookedPayments, "matched"),
    (BookedPayments, "withdraw"),
    (Links, "progress"),
    (Rejects, "put"),
    (Rejects, "resolve"),
)
HALF = Decimal("60.50")
GROSS = Decimal("121.00")


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_outcomes, "WAITS", (0.0,))


@pytest.mark.parametrize(("comes_with_its_payment", "stride"), [(True, 5), (False, 1)])
def test_a_run_that_is_cut_off_at_any_moment_is_made_good_by_the_next(
    harness: Harness, *, comes_with_its_payment: bool, stride: int
) -> None:
    harness.settings.update(ON)
    company = harness.company()
    harness.run(company, harness.invoice())
    for step in range(0, 200, stride):
        record = harness.invoice()
        if not comes_with_its_payment:
            harness.run(company, record)
        paid = harness.paid(record, (str(HALF), "2026-05-18"), (str(HALF), "2026-05-18"))
        with cut_off(STEPS, step) as passed:
            ran = harness.run(company, paid)
        assert (ran.error is None) is (passed[0] <= step)
        harness.exact.later()
        harness.run(company, paid)
        payments = harness.exact.booked_payments(record["number"])
        assert [each["lines"][1]["amount"] for each in payments] == [HALF, HALF], f"cut off at moment {step}"
        assert (harness.exact.open_of(record["number"]), harness.codes()) == (0, {}), f"cut off at moment {step}"
        if passed[0] <= step:
            break
    assert step > 20


@pytest.mark.parametrize("kind", ["reset_before", "business"])
def test_a_retry_that_is_cut_off_at_any_moment_is_made_good_by_the_next(harness: Harness, kind: str) -> None:
    harness.settings.update(ON)
    company = harness.company()
    for step in range(0, 200, 2 if kind == "business" else 3):
        record = harness.paid(harness.invoice(), (str(GROSS), "2026-05-18"))
        path = GENERAL if step % 4 else MATCH
        harness.exact.fault(match=path, method="POST", kind=kind, times=1, message="Verplicht: iets")
        harness.run(company, record)
        harness.exact.later()
        harness.ask_for_all()
        with cut_off(STEPS, step) as passed:
            harness.run()
        harness.exact.later()
        for _ in range(2):
            harness.ask_for_all()
            harness.run()
        assert len(harness.exact.booked_payments(record["number"])) == 1, f"cut off at moment {step}"
        assert (harness.exact.open_of(record["number"]), harness.codes()) == (0, {}), f"cut off at moment {step}"
        if passed[0] < step - 6:
            break
    assert step > 5


# Random use

KINDS = ["reset_before", "reset_after", "truncated", "empty_500", "business"]
TROUBLE = st.none() | st.tuples(
    st.sampled_from(KINDS), st.sampled_from([GENERAL, MATCH, "salesentry/SalesEntries"]), st.integers(0, 1)
)
CUT = st.none() | st.integers(0, 70)
PICK = st.integers(0, 9)
SHARE = st.sampled_from([Decimal("0.25"), Decimal("0.5"), Decimal(1)])
CENT = Decimal("0.01")


class Invoice:
    """What happened to one invoice, on both sides."""

    def __init__(self, record: dict[str, Any]) -> None:
        self.record = record
        self.by_hand: list[tuple[str, str]] = []
        self.from_exact: list[tuple[str, str]] = []
        self.at_the_bank = Decimal(0)
        self.version = 0

    @property
    def due(self) -> Decimal:
        return GROSS - sum((Decimal(amount) for amount, _ in [*self.by_hand, *self.from_exact]), Decimal(0))


def machine(exact: SandboxExact, make_harness: Any) -> type[RuleBasedStateMachine]:  # noqa: C901 - its methods are the rules
    """Return the machine, bound to a sandbox."""

    class PaymentsMachine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self._folder = TemporaryDirectory()
            self.harness: Harness = make_harness(exact, Path(self._folder.name), dict(ON))
            self.company = self.harness.company()
            self.invoices: list[Invoice] = []

        def teardown(self) -> None:
            exact.no_faults()
            self._folder.cleanup()

        def run_amid(self, trouble: Any, cut: int | None, *invoices: Invoice) -> None:
            if trouble is not None:
                kind, path, skip = trouble
                exact.fault(
                    match=path, method="POST", kind=kind, skip=skip, times=1, message="Verplicht: iets", status=500
                )
            with cut_off(STEPS, cut):
                self.harness.run(self.company, *(self.told(each) for each in invoices))
            exact.no_faults()

        def told(self, invoice: Invoice) -> dict[str, Any]:
            at = f"2026-05-20T{invoice.version // 60:02}:{invoice.version % 60:02}:00Z"
            return self.harness.paid(invoice.record, *invoice.by_hand, *invoice.from_exact, updated_at=at)

        def open_in_exact(self, invoice: Invoice) -> Decimal | None:
            entries = exact.entries(invoice.record["number"])
            return Decimal(entries[0]["open"]) if entries else None

        def booked(self, invoice: Invoice) -> list[Decimal]:
            return [Decimal(each["lines"][1]["amount"]) for each in exact.booked_payments(invoice.record["number"])]

        @initialize()
        def begin(self) -> None:
            self.new_invoice(paid=True, trouble=None, cut=None)

        @rule(paid=st.booleans(), trouble=TROUBLE, cut=CUT)
        def new_invoice(self, *, paid: bool, trouble: Any, cut: int | None) -> None:
            invoice = Invoice(self.harness.invoice())
            invoice.by_hand += [(str(HALF), "2026-05-18")] if paid else []
            self.invoices.append(invoice)
            self.run_amid(trouble, cut, invoice)

        @rule(pick=PICK, share=SHARE, same_day=st.booleans(), trouble=TROUBLE, cut=CUT)
        def pay_by_hand(self, pick: int, share: Decimal, *, same_day: bool, trouble: Any, cut: int | None) -> None:
            invoice = self.invoices[pick % len(self.invoices)]
            amount = (invoice.due * share).quantize(CENT)
            if amount > 0:
                invoice.version += 1
                invoice.by_hand.append((str(amount), "2026-05-18" if same_day else f"2026-05-{10 + pick}"))
            self.run_amid(trouble, cut, invoice)

        @rule(pick=PICK, share=SHARE, registers=st.booleans())
        def pay_at_the_bank(self, pick: int, share: Decimal, *, registers: bool) -> None:
            """Match money in Exact, and maybe let the payments job register it in Teamleader."""
            invoice = self.invoices[pick % len(self.invoices)]
            left = self.open_in_exact(invoice)
            if left is None:
                return
            waiting = sum(
                (Decimal(each["open"]) for each in exact.booked_payments(invoice.record["number"])), Decimal(0)
            )
            amount = (min(left - waiting, invoice.due) * share).quantize(CENT)
            if amount <= 0:
                return
            exact.do("match_entry", your_ref=invoice.record["number"], amount=str(amount))
            invoice.at_the_bank += amount
            link = self.harness.link(invoice.record)
            if registers and link is not None and link.exact_id:
                invoice.version += 1
                invoice.from_exact.append((str(amount), "2026-05-18"))
                named = {"exact_id": link.exact_id, "number": None, "currency": "EUR", "entry_number": None}
                listed = [Paid(Decimal(each), day, "money") for each, day in invoice.from_exact]
                plan = RegisterPlan(paid=listed[-1], due_before=invoice.at_the_bank, settled=invoice.at_the_bank)
                with self.harness.store() as store:
                    payments = store.registered_payments(self.harness.division)
                    payments.intend(invoice.record["id"], **named, plan=plan)
                    payments.confirm(invoice.record["id"], settled=invoice.at_the_bank, registered=listed)

        @rule(trouble=TROUBLE, cut=CUT)
        def send_all_again(self, trouble: Any, cut: int | None) -> None:
            self.run_amid(trouble, cut, *self.invoices)

        @rule(trouble=TROUBLE, cut=CUT)
        def retry(self, trouble: Any, cut: int | None) -> None:
            self.run_amid(trouble, cut)

        @rule()
        def time_passes(self) -> None:
            exact.later()

        @rule()
        def lose_store_and_send_all_again(self) -> None:
            if any(invoice.from_exact for invoice in self.invoices):
                return  # then the gap alone decides, which the other tests show
            self.harness.lose_store()
            self.run_amid(None, None, *self.invoices)

        @invariant()
        def nothing_is_booked_twice_or_beyond_what_is_open(self) -> None:
            for invoice in self.invoices:
                booked = sum(self.booked(invoice), Decimal(0))
                assert booked <= sum((Decimal(amount) for amount, _ in invoice.by_hand), Decimal(0))
                assert booked + invoice.at_the_bank <= GROSS
                texts = [each["description"] for each in exact.booked_payments(invoice.record["number"])]
                assert len(texts) == len(set(texts))

        @rule()
        def let_the_dust_settle(self) -> None:
            exact.do("forget_errors")
            exact.later()
            for _ in range(3):
                assert self.harness.run(self.company, *map(self.told, self.invoices)).error is None
            assert set(self.harness.codes().values()) <= {"error_budget", "payment_not_matched"}
            if self.harness.codes():
                return
            for invoice in self.invoices:
                left = self.open_in_exact(invoice)
                assert left is not None
                by_hand = sum((Decimal(amount) for amount, _ in invoice.by_hand), Decimal(0))
                assert left <= invoice.due or sum(self.booked(invoice), Decimal(0)) == by_hand
                assert all(each["open"] == 0 for each in exact.booked_payments(invoice.record["number"]))

    return PaymentsMachine


@pytest.mark.parametrize(
    ("examples", "steps"),
    [
        pytest.param(8, 8, id="short"),
        pytest.param(300, 15, id="long", marks=[pytest.mark.long, pytest.mark.timeout(7200)]),
    ],
)
def test_payments_under_random_use(exact_service: SandboxExact, make_harness: Any, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        machine(exact_service, make_harness),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            suppress_health_check=list(HealthCheck),
        ),
    )
