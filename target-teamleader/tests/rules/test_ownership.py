"""Payments as multisets of amount and day: which are ours, which have to stand again, what was carried out."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector_store import Paid, RegisterPlan
from target_teamleader.rules.ownership import (
    day_of,
    missing,
    moment_of,
    plan_removal,
    still_standing,
    was_registered,
    were_removed,
)

PAID = st.builds(
    lambda cents, day: Paid(Decimal(cents) / 100, f"2026-03-0{day}"),
    st.integers(1, 300),
    st.integers(1, 4),
)
PAYMENTS = st.lists(PAID, max_size=6)


def keys(payments: list[Paid]) -> Counter[tuple[Decimal, str]]:
    return Counter((each.amount, day_of(each.paid_at)) for each in payments)


def total(payments: list[Paid]) -> Decimal:
    return sum((each.amount for each in payments), Decimal(0))


def as_shown(ours: list[Paid]) -> list[Paid]:
    """Return payments of ours as Teamleader shows them."""
    return [Paid(each.amount, moment_of(each.paid_at)) for each in ours]


@given(ours=PAYMENTS, others=PAYMENTS, wanted=st.integers(-100, 1500))
def test_what_others_registered_survives_and_ours_shrinks_by_what_is_wanted(
    ours: list[Paid], others: list[Paid], wanted: int
) -> None:
    amount = Decimal(wanted) / 100
    removal = plan_removal([*as_shown(ours), *others], ours, amount)
    assert removal.amount == min(max(amount, Decimal(0)), total(ours))
    assert total(removal.registered) == total(ours) - removal.amount
    assert keys(others) <= keys(removal.again)
    assert keys(removal.again) == keys(others) + keys(removal.registered)


@given(ours=PAYMENTS, others=PAYMENTS, gone=st.integers(0, 6))
def test_what_a_person_removed_is_not_ours_any_more(ours: list[Paid], others: list[Paid], gone: int) -> None:
    standing = as_shown(ours)[gone:]
    assert keys(still_standing(ours, [*standing, *others])) <= keys([*standing, *others])
    assert len(still_standing(ours, standing)) == len(standing)


@given(wanted=PAYMENTS, standing=PAYMENTS)
def test_adding_what_is_missing_makes_all_of_it_stand(wanted: list[Paid], standing: list[Paid]) -> None:
    absent = missing(wanted, standing)
    assert keys(wanted) <= keys([*standing, *absent])
    assert not missing(wanted, [*standing, *absent])


@given(again=PAYMENTS, data=st.data())
def test_a_restoration_that_is_cut_off_anywhere_ends_in_the_same_payments(
    again: list[Paid], data: st.DataObject
) -> None:
    standing: list[Paid] = []
    while absent := missing(again, standing):
        count = data.draw(st.integers(1, len(absent)))
        standing += absent[:count]
    assert keys(standing) == keys(again)


def paid(amount: str, paid_at: str) -> Paid:
    return Paid(Decimal(amount), paid_at)


PLAN = RegisterPlan(paid=Paid(Decimal(40), "2026-03-20"), due_before=Decimal(100), settled=Decimal(40))
OURS = paid("40", "2026-03-20T12:00:00+00:00")


@pytest.mark.parametrize(
    ("due", "registered", "payments", "done"),
    [
        ("60", [], [OURS], True),
        ("100", [], [], False),
        ("100", [paid("40", "2026-03-20")], [OURS], False),
        ("20", [paid("40", "2026-03-20")], [OURS, OURS], True),
        ("60", [paid("40", "2026-03-20")], [OURS, paid("40", "2026-03-21T09:00:00+00:00")], False),
        ("79", [], [paid("21", "2026-03-20T12:00:00+00:00")], False),
    ],
)
def test_a_payment_shows_as_one_more_of_its_amount_and_day(
    due: str, registered: list[Paid], payments: list[Paid], *, done: bool
) -> None:
    assert was_registered(PLAN, Decimal(due), registered, payments) is done


def test_a_removal_shows_as_something_that_is_gone() -> None:
    before = [OURS, paid("5", "2026-03-01")]
    assert were_removed(before, [])
    assert were_removed(before, [OURS])
    assert not were_removed(before, [*before, paid("1", "2026-03-30")])


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-03-20", "2026-03-20"),
        ("2026-03-20T12:00:00+00:00", "2026-03-20"),
        ("2026-03-20T00:30:00+01:00", "2026-03-19"),
        ("2026-03-20T12:00:00Z", "2026-03-20"),
        ("2026-03-20 about noon", "2026-03-20"),
    ],
)
def test_the_day_of_a_moment_is_that_of_utc(moment: str, day: str) -> None:
    assert day_of(moment) == day


def test_a_day_is_registered_at_noon_and_a_moment_as_it_is() -> None:
    assert moment_of("2026-03-20") == "2026-03-20T12:00:00+00:00"
    assert moment_of("2026-03-20T08:15:00+01:00") == "2026-03-20T08:15:00+01:00"
