"""Amounts in cents: rounding half away from zero, and dividing a total so that the parts add up to it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def quantise(amount: Decimal | int) -> Decimal:
    """Round to two decimals, half away from zero: 20.125 -> 20.13 and -20.125 -> -20.13 (accounting rule 7).

    Decimal's ROUND_HALF_UP is half away from zero. Minus zero becomes zero, so that no "-0.00" reaches Exact.
    """
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP) + ZERO


def cents(value: object) -> Decimal:
    """Return an amount of a row of Exact, which may lack it, in cents."""
    return quantise(Decimal(str(value or 0)))


def total_of(amounts: Iterable[Decimal]) -> Decimal:
    """Sum exactly; zero for nothing."""
    return sum(amounts, ZERO)


def apportion(total: Decimal, shares: Sequence[Decimal]) -> list[Decimal]:
    """Round every exact share to cents such that they add up to `total` exactly, by largest remainder.

    Each share is rounded; the cents that are then missing or too many go one by one to the shares whose rounding went
    furthest the other way, the largest share first when they tie. Shares of zero stay zero while others can take the
    cents. Signs may be mixed.

    Raises:
        ValueError: there is nothing to divide a total other than zero over, or the total is not in whole cents.
    """
    if total != quantise(total):
        raise ValueError(f"{total} is not an amount in whole cents")
    parts = [quantise(share) for share in shares]
    missing = int((total - total_of(parts)) / CENT)
    if not missing:
        return parts
    if not shares:
        raise ValueError(f"nothing to divide {total} over")
    takers = [index for index, share in enumerate(shares) if share] or [0]
    step = 1 if missing > 0 else -1
    takers.sort(key=lambda index: (-step * (shares[index] - parts[index]), -abs(shares[index]), step * index))
    rounds, rest = divmod(abs(missing), len(takers))
    for place, index in enumerate(takers):
        parts[index] += step * CENT * (rounds + (place < rest))
    return parts
