"""Making lines add up: per VAT rate, the document's own totals are the truth (accounting rules 6, 8 and 9).

For every rate the document states what is taxable and what the tax is. The lines, lowered by the document's commercial
discount, come to the same amounts but for rounding; the missing cents go where rounding took them. What does not
close within the tolerance of rounding is refused, since then something in the document is not understood.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from exactonline_api.setting_keys import percent
from target_exactonline.money import CENT, ZERO, apportion, quantise, total_of
from target_exactonline.reasons import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class RateTotal:
    """What a document states for one VAT rate."""

    taxable: Decimal
    tax: Decimal


def tolerance(lines: int) -> Decimal:
    """Return how far rounding may drive totals and lines apart: a cent and half a cent per line, at least two cents."""
    return max(2 * CENT, CENT + CENT / 2 * lines)


def rate_totals(totals: Mapping[str, Any], line_fractions: Iterable[Decimal]) -> dict[Decimal, RateTotal]:
    """Return the totals per rate (as a fraction), for every rate on a line.

    A document that has zero-rated lines but states no taxable amount for them gets the rest of its net total there.

    Raises:
        Rejected: totals_do_not_close, when net, taxes and gross of the document itself do not add up, or a rate with
            an amount has no lines.
    """
    stated: dict[Decimal, RateTotal] = {}
    for row in totals["taxes"]:
        fraction = Decimal(row["rate"])
        before = stated.get(fraction, RateTotal(ZERO, ZERO))
        stated[fraction] = RateTotal(before.taxable + quantise(row["taxable"]), before.tax + quantise(row["tax"]))
    net, gross = quantise(totals["net"]), quantise(totals["gross"])
    on_lines = set(line_fractions)
    taxable = total_of(each.taxable for each in stated.values())
    if Decimal(0) in on_lines - stated.keys():
        stated[Decimal(0)] = RateTotal(net - taxable, ZERO)
        taxable = net
    tax = total_of(each.tax for each in stated.values())
    if taxable != net or net + tax != gross:
        raise refuse(
            "totals_do_not_close",
            f"Taxable {taxable} and VAT {tax} of the rates do not make the document's net {net} and gross {gross}",
        )
    for fraction, each in stated.items():
        if fraction not in on_lines and (each.taxable or each.tax):
            raise refuse("totals_do_not_close", f"The document has {each.taxable} at {percent(fraction)} without lines")
    return {fraction: stated.get(fraction, RateTotal(ZERO, ZERO)) for fraction in sorted(on_lines)}


def discount_fraction(nets: Sequence[Decimal], taxable: Decimal, percentages: Sequence[Decimal], rate: str) -> Decimal:
    """Return which fraction of the lines of one rate the document's commercial discount takes off.

    Several discounts may count one after the other or added up; the reading that meets the taxable amount best is
    taken, and none at all when the lines have been lowered already.

    Raises:
        Rejected: totals_do_not_close, when no reading meets the taxable amount within the tolerance.
    """
    rest = added = Decimal(1)
    for each in percentages:
        rest *= 1 - each / HUNDRED
        added -= each / HUNDRED
    total = sum(nets, Decimal(0))
    readings = [1 - rest, 1 - added, Decimal(0)]
    best = min(readings, key=lambda fraction: abs(total * (1 - fraction) - taxable))
    difference = taxable - total * (1 - best)
    if abs(difference) > tolerance(len(nets)):
        after = f" after {percent(best)} discount" if best else ""
        raise refuse(
            "totals_do_not_close",
            f"The lines at {rate} come to {quantise(total * (1 - best))}{after}, the document states {taxable}",
        )
    return best


def net_amounts(nets: Sequence[Decimal], taxable: Decimal, discount: Decimal) -> list[Decimal]:
    """Return the amounts of the lines of one rate, lowered pro rata by the discount, that add up to `taxable`."""
    return apportion(taxable, [net * (1 - discount) for net in nets])


def discount_amounts(group_nets: Sequence[Decimal], discount: Decimal, total: Decimal) -> list[Decimal]:
    """Return the negative discount per group of lines (one group per VAT code of the rate) that add up to `total`."""
    return apportion(total, [-net * discount for net in group_nets])


def vat_amounts(amounts: Sequence[Decimal], fraction: Decimal, tax: Decimal) -> list[Decimal]:
    """Return the VAT of every line of one rate, as near to its own as rounding allows, that adds up to `tax`.

    Raises:
        Rejected: totals_do_not_close, when the document's tax is not that percentage of its lines.
    """
    exact = [amount * fraction for amount in amounts]
    expected = sum(exact, Decimal(0))
    allowed = tolerance(len(amounts)) if fraction else ZERO
    if abs(tax - expected) > allowed:
        raise refuse(
            "totals_do_not_close",
            f"{percent(fraction)} of {total_of(amounts)} is {quantise(expected)}, the document states VAT {tax}",
        )
    return apportion(tax, exact)
