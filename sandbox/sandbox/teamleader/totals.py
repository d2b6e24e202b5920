"""Totals of a document, VAT per rate: what Teamleader shows of amounts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Tax:
    """VAT of one rate, a fraction such as 0.21."""

    rate: Decimal
    taxable: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class Withheld:
    """Tax that the customer keeps and pays himself."""

    id: str
    taxable: Decimal
    withheld: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    """A document in its own currency; `…_before_discount` is before its own discounts, after those of its lines."""

    net: Decimal
    net_before_discount: Decimal
    gross: Decimal
    gross_before_discount: Decimal
    taxes: tuple[Tax, ...]
    withheld: tuple[Withheld, ...]

    @property
    def vat(self) -> Decimal:
        """VAT of all rates."""
        return sum((tax.tax for tax in self.taxes), ZERO)

    @property
    def payable(self) -> Decimal:
        """Gross without what is withheld."""
        return self.gross - sum((each.withheld for each in self.withheld), ZERO)
