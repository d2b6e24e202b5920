"""The payment gap: what Exact's settled amount asks for, over all amounts there may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from target_teamleader.rules.exact_entry import ExactEntry, newest_versions
from target_teamleader.rules.payment_gap import (
    Action,
    LastSync,
    amount_to_remove,
    is_less,
    missing_payment,
    required_action,
)

TODAY = "2026-11-21"
CENTS = st.integers(0, 50_000).map(lambda cents: Decimal(cents) / 100)
HOW = st.sampled_from(["money", "credit_note", "write_off", "unknown"])


def entry(gross: str | Decimal, *parts: tuple[Any, ...], **changes: Any) -> ExactEntry:
    """Return an entry whose settlements are given as (amount, day, how)."""
    settlements = [
        {"amount": Decimal(str(part[0])), "date": part[1], "how": part[2] if len(part) > 2 else "money"}
        for part in parts
    ]
    settled = sum((each["amount"] for each in settlements), Decimal(0))
    record = {
        "id": "e",
        "division": 1,
        "currency": "EUR",
        "amount": Decimal(gross),
        "settled": settled,
        "open": Decimal(gross) - settled,
        "settlements": settlements,
    }
    return ExactEntry.of({**record, **changes})


@dataclass
class PaidInvoice:
    """One invoice in Teamleader and in the store, as the target would leave them."""

    gross: Decimal
    by_hand: Decimal = Decimal(0)
    last_sync: LastSync = field(default_factory=LastSync)
    ours: list[Decimal] = field(default_factory=list)

    @property
    def due(self) -> Decimal:
        return max(self.gross - self.by_hand - sum(self.ours, Decimal(0)), Decimal(0))

    def receive(self, said: ExactEntry) -> None:
        if required_action(said, self.last_sync, remove=False) is Action.COMPARE:
            found = missing_payment(said, self.last_sync, self.due, TODAY)
            if found is not None:
                assert 0 < found.amount <= self.due
                self.ours.append(found.amount)
            self.last_sync = LastSync(said.settled)


@given(parts=st.lists(CENTS.filter(bool), min_size=1, max_size=6), rest=CENTS)
def test_increments_over_partial_payments_close_to_the_cent(parts: list[Decimal], rest: Decimal) -> None:
    gross = sum(parts, rest)
    invoice = PaidInvoice(gross)
    for count in range(1, len(parts) + 1):
        invoice.receive(
            entry(gross, *((amount, f"2026-03-0{place + 1}") for place, amount in enumerate(parts[:count])))
        )
        assert invoice.due == gross - sum(parts[:count], Decimal(0))
    assert invoice.ours == parts


@given(gross=CENTS, by_hand=CENTS, settled=CENTS)
def test_never_more_than_is_due_and_never_more_than_exact_has_settled(
    gross: Decimal, by_hand: Decimal, settled: Decimal
) -> None:
    invoice = PaidInvoice(gross, by_hand)
    before = invoice.due
    invoice.receive(entry(gross, (settled, "2026-03-01")))
    ours = sum(invoice.ours, Decimal(0))
    assert ours <= min(before, settled)
    assert invoice.due == before or invoice.due >= gross - settled


@given(gross=CENTS, by_hand=CENTS, settled=CENTS)
def test_hearing_it_twice_changes_nothing(gross: Decimal, by_hand: Decimal, settled: Decimal) -> None:
    invoice = PaidInvoice(gross, by_hand)
    said = entry(gross, (settled, "2026-03-01"))
    invoice.receive(said)
    once = list(invoice.ours)
    assert required_action(said, invoice.last_sync, remove=True) is Action.NOTHING
    invoice.receive(said)
    assert invoice.ours == once


@given(gross=CENTS, first=CENTS, second=CENTS)
def test_a_lost_store_registers_nothing_twice(gross: Decimal, first: Decimal, second: Decimal) -> None:
    first, second = min(first, gross), min(second, gross)
    invoice = PaidInvoice(gross)
    invoice.receive(entry(gross, (first, "2026-03-01")))
    invoice.last_sync = LastSync()
    invoice.receive(entry(gross, (first, "2026-03-01")))
    assert invoice.due == gross - first
    invoice.last_sync = LastSync()
    invoice.receive(entry(gross, (max(first, second), "2026-03-02")))
    assert invoice.due == gross - max(first, second)


@given(gross=CENTS, by_hand=CENTS, settled=CENTS)
def test_below_zero_everything_is_the_other_way_round(gross: Decimal, by_hand: Decimal, settled: Decimal) -> None:
    settled = min(settled, gross)
    due = max(gross - by_hand, Decimal(0))
    up = missing_payment(entry(gross, (settled, "2026-03-01")), LastSync(), due, TODAY)
    down = missing_payment(entry(-gross, (-settled, "2026-03-01")), LastSync(), -due, TODAY)
    assert (up is None and down is None) or (up and down and up.amount == -down.amount)


@given(amounts=st.lists(st.tuples(CENTS.filter(bool), HOW), min_size=1, max_size=4))
def test_how_is_named_only_when_it_is_one_and_the_same(amounts: list[tuple[Decimal, str]]) -> None:
    parts = [(amount, "2026-03-01", how) for amount, how in amounts]
    gross = sum((amount for amount, _ in amounts), Decimal(0))
    found = missing_payment(entry(gross, *parts), LastSync(), gross, TODAY)
    assert found is not None
    ways = {how for _, how in amounts}
    assert found.how == (ways.pop() if len(ways) == 1 else "mixed")


def test_an_increase_is_dated_and_labelled_by_the_settlements_it_is_made_of() -> None:
    said = entry("100", ("40", "2026-03-01", "money"), ("60", "2026-04-01", "credit_note"))
    found = missing_payment(said, LastSync(Decimal(40)), Decimal(60), TODAY)
    assert found is not None
    assert (found.amount, found.day, found.how) == (60, "2026-04-01", "credit_note")


def test_a_payment_that_is_matched_later_than_a_newer_one_keeps_its_own_day() -> None:
    said = entry("100", ("60", "2026-04-01", "money"), ("40", "2026-03-01", "credit_note"))
    found = missing_payment(said, LastSync(Decimal(60), parts=((Decimal("60.00"), "2026-04-01"),)), Decimal(40), TODAY)
    assert found is not None
    assert (found.amount, found.day, found.how) == (40, "2026-03-01", "credit_note")


@pytest.mark.parametrize(("date", "day"), [("2026-05-01", "2026-05-01"), (None, TODAY)])
def test_without_settlements_the_last_day_counts_and_without_that_today(date: str | None, day: str) -> None:
    said = entry("100", settled=Decimal(100), open=Decimal(0), date=date)
    found = missing_payment(said, LastSync(), Decimal(100), TODAY)
    assert found is not None
    assert (found.day, found.how) == (day, "unknown")


@pytest.mark.parametrize(
    ("settled", "last_sync", "remove", "step"),
    [
        ("0", LastSync(), False, Action.NOTHING),
        ("-5", LastSync(), False, Action.NOTHING),
        ("50", LastSync(), False, Action.COMPARE),
        ("50", LastSync(Decimal(50)), True, Action.NOTHING),
        ("20", LastSync(Decimal(50)), False, Action.TAKE_BACK),
        ("20", LastSync(Decimal(50)), True, Action.TAKE_BACK),
        ("20", LastSync(Decimal(50), Decimal(20)), False, Action.TAKE_BACK),
        ("10", LastSync(Decimal(50), Decimal(20)), False, Action.TAKE_BACK),
        ("30", LastSync(Decimal(50), Decimal(20)), False, Action.COMPARE),
        ("50", LastSync(Decimal(50), Decimal(20)), False, Action.COMPARE),
        ("50", LastSync(Decimal(50), Decimal(20)), True, Action.COMPARE),
    ],
)
def test_the_first_look(settled: str, last_sync: LastSync, *, remove: bool, step: Action) -> None:
    assert required_action(entry("100", (settled, "2026-03-01")), last_sync, remove=remove) is step


def test_a_new_matching_below_what_was_registered_leaves_the_report() -> None:
    last_sync = LastSync(Decimal(100), Decimal(0))
    assert is_less(entry("100", ("40", "2026-03-01")), last_sync)
    assert not is_less(entry("100", ("100", "2026-03-01")), last_sync)


@given(gross=CENTS, before=CENTS, after=CENTS, by_hand=CENTS)
def test_taken_back_is_at_most_what_is_less_and_what_is_open(
    gross: Decimal, before: Decimal, after: Decimal, by_hand: Decimal
) -> None:
    before, after = max(before, after), min(before, after)
    said = entry(gross, (after, "2026-03-01"))
    due = max(gross - before - by_hand, Decimal(0))
    wanted = amount_to_remove(said, LastSync(before), due, payable=said.amount)
    assert wanted <= before - after
    assert due + max(wanted, Decimal(0)) <= max(said.open, due)


def test_of_a_deleted_entry_everything_is_taken_back() -> None:
    gone = ExactEntry.of({"id": "e", "amount": 0, "settled": 0, "open": 0, "currency": None, "deleted": True})
    assert amount_to_remove(gone, LastSync(Decimal(100)), Decimal(0), payable=Decimal(100)) == 100


def test_of_several_versions_the_newest_counts_wherever_it_stands() -> None:
    said = [{"id": "a", "version": 3}, {"id": "b"}, {"id": "a", "version": 2}, {"id": "b", "last": True}]
    assert newest_versions(said) == [{"id": "a", "version": 3}, {"id": "b", "last": True}]
