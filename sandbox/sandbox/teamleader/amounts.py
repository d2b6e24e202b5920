"""Amounts of a document as Teamleader computes them: Decimals, half away from zero, VAT rounded per rate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from sandbox.teamleader.totals import ZERO, Tax, Totals, Withheld

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sandbox.teamleader.model import Discount, Line

CENT = Decimal("0.01")
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class LineAmounts:
    """A line in the document's currency: net and gross, after and before the discount of the line."""

    net: Decimal
    net_before_discount: Decimal
    gross: Decimal
    gross_before_discount: Decimal


def cents(amount: Decimal) -> Decimal:
    """To the cent, half away from zero: 20.125 is 20.13, -20.125 is -20.13."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def line_amounts(line: Line, rate: Decimal) -> LineAmounts:
    """Amounts of one line whose VAT rate is a fraction."""
    full = line.quantity * line.unit_price
    before = cents(full)
    net = before if line.discount is None else cents(full * (1 - line.discount / HUNDRED))
    return LineAmounts(net, before, net + cents(net * rate), before + cents(before * rate))


def document_totals(
    lines: Sequence[Line],
    discounts: Sequence[Discount],
    rate_of: Callable[[str], Decimal],
    withholding_of: Callable[[str], Decimal],
) -> Totals:
    """Totals of a document. Discounts follow each other: each takes its percentage off what the one before left."""
    left = Decimal(1)
    for discount in discounts:
        left *= 1 - discount.percentage / HUNDRED
    per_rate: dict[Decimal, Decimal] = {}
    per_withholding: dict[str, Decimal] = {}
    for line in lines:
        rate = rate_of(line.tax_rate_id)
        net = line_amounts(line, rate).net
        per_rate[rate] = per_rate.get(rate, ZERO) + net
        if line.withholding_id is not None:
            per_withholding[line.withholding_id] = per_withholding.get(line.withholding_id, ZERO) + net
    taxes = []
    for rate, before in sorted(per_rate.items(), reverse=True):
        taxable = cents(before * left)
        taxes.append(Tax(rate, taxable, cents(taxable * rate)))
    withheld = []
    for id_, before in per_withholding.items():
        taxable = cents(before * left)
        withheld.append(Withheld(id_, taxable, cents(taxable * withholding_of(id_))))
    net = sum((tax.taxable for tax in taxes), ZERO)
    net_before = sum(per_rate.values(), ZERO)
    vat_before = sum((cents(before * rate) for rate, before in per_rate.items()), ZERO)
    return Totals(
        net=net,
        net_before_discount=net_before,
        gross=net + sum((tax.tax for tax in taxes), ZERO),
        gross_before_discount=net_before + vat_before,
        taxes=tuple(taxes),
        withheld=tuple(withheld),
    )
