"""What Exact knows, as far as booking needs it: plain values read from the rows of its master data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from exactonline_api.master_data import GLAccount, Journal, PaymentCondition, PeriodTable, VatCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Row = Mapping[str, Any]


@dataclass(frozen=True)
class MasterData:
    """The master data of one administration, each by its code."""

    gl_accounts: Mapping[str, GLAccount]
    vat_codes: Mapping[str, VatCode]
    journals: Mapping[str, Journal]
    payment_conditions: Mapping[str, PaymentCondition]
    periods: PeriodTable
    currency: str = "EUR"
    """Currency of the administration, ISO-3."""
    country: str = "BE"
    """Country of the administration, ISO-2."""

    def with_closed(self, *periods: tuple[int, int]) -> MasterData:
        """Return the master data with these (year, period) known to be closed as well."""
        return replace(self, periods=self.periods.with_closed(*periods))

    @classmethod
    def from_rows(
        cls,
        *,
        gl_accounts: Iterable[Row],
        vat_codes: Iterable[Row],
        vat_percentages: Iterable[Row],
        journals: Iterable[Row],
        payment_conditions: Iterable[Row],
        periods: Iterable[Row],
        currency: str,
        country: str,
    ) -> MasterData:
        """Build the master data from the rows of its endpoints, VAT percentages joined to codes by VATCodeID."""
        history: dict[str, list[Row]] = {}
        for row in vat_percentages:
            history.setdefault(row["VATCodeID"], []).append(row)
        return cls(
            gl_accounts={each.code: each for each in map(GLAccount.from_row, gl_accounts)},
            vat_codes={
                each.code: each for each in (VatCode.from_row(row, history.get(row["ID"], ())) for row in vat_codes)
            },
            journals={each.code: each for each in map(Journal.from_row, journals)},
            payment_conditions={each.code: each for each in map(PaymentCondition.from_row, payment_conditions)},
            periods=PeriodTable.from_rows(periods),
            currency=currency,
            country=country.strip(),
        )
