"""Amounts are whole cents, rounded half away from zero, and divided without losing one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from target_exactonline.booking.money import CENT, apportion, quantise, spread

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
    ("name", "total", "weights", "parts"),
    [
        ("a third each, the first ones get the odd cents", "0.05", ["1", "1", "1"], ["0.02", "0.02", "0.01"]),
        ("in proportion", "-10.00", ["75", "25"], ["-7.50", "-2.50"]),
        ("the largest remainder takes the cent", "1.00", ["1.004", "0.002", "0.994"], ["0.50", "0.00", "0.50"]),
        ("a negative weight takes the other sign", "1.00", ["3", "-1"], ["1.50", "-0.50"]),
        ("weights that cancel out count by size", "0.04", ["5", "-5"], ["0.02", "0.02"]),
        ("no weight at all is equal parts", "0.03", ["0", "0"], ["0.02", "0.01"]),
        ("a zero share takes no odd cent", "0.01", ["0", "1", "1"], ["0.00", "0.01", "0.00"]),
    ],
)
def test_spreads_a_total(name: str, total: str, weights: list[str], parts: list[str]) -> None:
    assert [str(part) for part in spread(Decimal(total), [Decimal(weight) for weight in weights])] == parts, name


def test_nothing_can_only_be_divided_over_nothing() -> None:
    assert spread(Decimal("0.00"), []) == []
    with pytest.raises(ValueError, match="nothing to divide"):
        spread(Decimal("0.01"), [])


def test_a_total_is_in_whole_cents() -> None:
    with pytest.raises(ValueError, match="whole cents"):
        apportion(Decimal("0.005"), [Decimal(1)])


@given(amounts, st.lists(shares, min_size=1, max_size=40))
def test_parts_add_up_exactly(total: Decimal, weights: list[Decimal]) -> None:
    parts = spread(total, weights)
    assert sum(parts) == total
    assert all(part == quantise(part) for part in parts)


@given(st.lists(shares, min_size=1, max_size=40))
def test_no_part_is_a_cent_or_more_from_its_share(exact: list[Decimal]) -> None:
    total = quantise(sum(exact, Decimal(0)))
    parts = apportion(total, exact)
    assert sum(parts) == total
    assert all(abs(part - share) < CENT for part, share in zip(parts, exact, strict=True))
