"""Amounts of Teamleader's documents."""

from __future__ import annotations

from decimal import Decimal as D  # noqa: N817 - amounts are easier to read with a short name

import pytest

from sandbox.teamleader.amounts import cents, document_totals, line_amounts
from sandbox.teamleader.model import Discount, Line
from sandbox.teamleader.totals import Tax

RATES = {"high": D("0.21"), "low": D("0.06"), "zero": D(0), "also zero": D(0)}


def line(quantity: str, price: str, rate: str = "high", discount: str | None = None) -> Line:
    return Line("x", D(quantity), D(price), rate, discount=None if discount is None else D(discount))


def totals(lines: list[Line], *discounts: str) -> tuple[D, D, D, tuple[Tax, ...]]:
    found = document_totals(lines, [Discount("x", D(each)) for each in discounts], RATES.__getitem__, RATES.__getitem__)
    return found.net, found.vat, found.gross, found.taxes


@pytest.mark.parametrize(
    ("amount", "rounded"), [("20.125", "20.13"), ("-20.125", "-20.13"), ("2.675", "2.68"), ("0.004", "0.00")]
)
def test_half_a_cent_goes_away_from_zero(amount: str, rounded: str) -> None:
    assert cents(D(amount)) == D(rounded)


def test_a_line_rounds_once_after_its_discount() -> None:
    amounts = line_amounts(line("3", "33.3333", discount="12.5"), D("0.21"))

    assert (amounts.net_before_discount, amounts.net) == (D("100.00"), D("87.50"))
    assert (amounts.gross_before_discount, amounts.gross) == (D("121.00"), D("105.88"))


def test_vat_is_rounded_per_rate_not_per_line() -> None:
    lines = [line("1", "0.50") for _ in range(10)]

    assert totals(lines) == (D("5.00"), D("1.05"), D("6.05"), (Tax(D("0.21"), D("5.00"), D("1.05")),))


def test_rates_that_are_equal_share_a_row() -> None:
    _, _, _, taxes = totals([line("1", "10", "zero"), line("1", "20", "also zero"), line("1", "100", "low")])

    assert taxes == (Tax(D("0.06"), D(100), D("6.00")), Tax(D(0), D(30), D("0.00")))


def test_document_discounts_follow_each_other_and_lower_every_rate() -> None:
    lines = [line("1", "100"), line("1", "50", "low")]

    net, vat, gross, taxes = totals(lines, "10", "2.5")

    assert [tax.taxable for tax in taxes] == [D("87.75"), D("43.88")]
    assert (net, vat, gross) == (D("131.63"), D("18.43") + D("2.63"), D("152.69"))


def test_a_negative_line_can_turn_a_document() -> None:
    assert totals([line("1", "100"), line("1", "-150")])[:3] == (D("-50.00"), D("-10.50"), D("-60.50"))


def test_withheld_tax_lowers_what_is_payable_only() -> None:
    withheld = Line("x", D(1), D(100), "high", withholding_id="low")

    found = document_totals([withheld], [], RATES.__getitem__, RATES.__getitem__)

    assert (found.gross, found.payable) == (D("121.00"), D("115.00"))
