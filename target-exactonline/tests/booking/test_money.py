"""Amounts are whole cents, rounded half away from zero, and divided without losing one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from target_exactonline.money import CENT, apportion, quantise

amounts = st.decimals(-100_000, 100_000, places=2)
shares = st.decimals(-10_000, 10_000, places=5)


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("20.125", "20.13"),
        ("-20.125", "-20.13"),
        ("20.1249", "20.12"),
        ("0.005", "0.01"),
        ("-0.004", "0.00"),
        ("1.005", "1.01"),  # a binary float makes 1.00 of this
        ("7", "7.00"),
    ],
)
def test_rounds_half_away_from_zero(exact: str, rounded: str) -> None:
    assert str(quantise(Decimal(exact))) == rounded


@pytest.mark.parametrize(
    ("name", "total", "exact", "parts"),
    [
        ("the largest share gets the odd cent", "0.05", ["0.012", "0.022", "0.012"], ["0.01", "0.03", "0.01"]),
        ("the largest remainder takes the cent", "0.50", ["0.251", "0.123", "0.126"], ["0.25", "0.12", "0.13"]),
        ("signs may be mixed", "1.00", ["1.499", "-0.499"], ["1.50", "-0.50"]),
        ("a zero share takes no odd cent", "0.01", ["0", "0.004", "0.004"], ["0.00", "0.01", "0.00"]),
        ("only zeros share it evenly", "0.00", ["0", "0"], ["0.00", "0.00"]),
    ],
)
def test_apportions_a_total(name: str, total: str, exact: list[str], parts: list[str]) -> None:
    assert [str(part) for part in apportion(Decimal(total), [Decimal(each) for each in exact])] == parts, name


def test_nothing_can_only_be_divided_over_nothing() -> None:
    assert apportion(Decimal("0.00"), []) == []
    with pytest.raises(ValueError, match="nothing to divide"):
        apportion(Decimal("0.01"), [])


def test_a_total_is_in_whole_cents() -> None:
    with pytest.raises(ValueError, match="whole cents"):
        apportion(Decimal("0.005"), [Decimal(1)])


@given(amounts, st.lists(shares, min_size=1, max_size=40))
def test_parts_add_up_exactly(total: Decimal, weights: list[Decimal]) -> None:
    parts = apportion(total, weights)
    assert sum(parts) == total
    assert all(part == quantise(part) for part in parts)


@given(st.lists(shares, min_size=1, max_size=40))
def test_no_part_is_a_cent_or_more_from_its_share(exact: list[Decimal]) -> None:
    total = quantise(sum(exact, Decimal(0)))
    parts = apportion(total, exact)
    assert sum(parts) == total
    assert all(abs(part - share) < CENT for part, share in zip(parts, exact, strict=True))
