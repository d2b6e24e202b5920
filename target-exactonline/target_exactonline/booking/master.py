"""What Exact knows, as far as booking needs it: plain values read from the rows of its master data.

Rows are the dictionaries that the API client gives: text stripped, the zero GUID None, dates still "/Date(ms)/",
numbers `Decimal` or int.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from exactonline_api.dates import to_date
from target_exactonline.booking.periods import PeriodTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    Row = Mapping[str, Any]

SALES_JOURNAL = 20
"""Journals.Type of a sales journal (exact-online 8.1)."""
COLLECTION = "I"
"""PaymentConditions.PaymentMethod of direct debit."""


def _text(value: object) -> str:
    return str(value or "").strip()


def _number(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value or 0))


@dataclass(frozen=True)
class GLAccount:
    """A ledger account; Exact wants its GUID on a line and people know its code."""

    id: str
    code: str
    type: int
    """GLAccounts.Type: 110 revenue, 20 receivable, 22 payable, 24 VAT … (exact-online 8.2)."""
    description: str = ""
    blocked: bool = False

    @classmethod
    def from_row(cls, row: Row) -> GLAccount:
        """Read a row of financial/GLAccounts (ID, Code, Type, Description, IsBlocked)."""
        return cls(
            id=row["ID"],
            code=_text(row["Code"]),
            type=int(row.get("Type") or 0),
            description=_text(row.get("Description")),
            blocked=bool(row.get("IsBlocked")),
        )


@dataclass(frozen=True)
class DatedPercentage:
    """The percentage of a VAT code between two days, both included; None is without limit."""

    start: date | None
    end: date | None
    fraction: Decimal

    @classmethod
    def from_row(cls, row: Row) -> DatedPercentage:
        """Read a row of vat/VatPercentages (StartDate, EndDate, Percentage)."""
        start, end = row.get("StartDate"), row.get("EndDate")
        return cls(to_date(start) if start else None, to_date(end) if end else None, _number(row.get("Percentage")))

    def holds_on(self, day: date) -> bool:
        """Tell whether this percentage is the one of `day`."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class VatCode:
    """A VAT code with the percentages it had over time, as fractions (0.21)."""

    code: str
    type: str
    """E excluding, I including, B base amount only, N no VAT (exact-online 6.3)."""
    transaction_type: str
    """S sales, P purchases, B both."""
    fraction: Decimal = Decimal(0)
    """Today's percentage; counts on days for which `history` has none."""
    blocked: bool = False
    description: str = ""
    oss_country: str | None = None
    """ISO-2 country of a one-stop-shop code."""
    eu_listing: str = "N"
    """EUSalesListing: N none, L goods, S services, T triangular."""
    history: tuple[DatedPercentage, ...] = ()

    @classmethod
    def from_row(cls, row: Row, percentages: Iterable[Row] = ()) -> VatCode:
        """Read a row of vat/VATCodes and its own rows of vat/VatPercentages (those of Type 0 count)."""
        return cls(
            code=_text(row["Code"]),
            type=_text(row.get("Type")),
            transaction_type=_text(row.get("VATTransactionType")),
            fraction=_number(row.get("Percentage")),
            blocked=bool(row.get("IsBlocked")),
            description=_text(row.get("Description")),
            oss_country=_text(row.get("OssCountry")) or None,
            eu_listing=_text(row.get("EUSalesListing")) or "N",
            history=tuple(DatedPercentage.from_row(each) for each in percentages if not each.get("Type")),
        )

    def fraction_on(self, day: date) -> Decimal:
        """Return the fraction that holds on `day`; of overlapping ones the one that began last."""
        valid = [each for each in self.history if each.holds_on(day)]
        if not valid:
            return self.fraction
        return max(valid, key=lambda each: (each.start is not None, each.start)).fraction

    @property
    def has_no_amount(self) -> bool:
        """Tell whether Exact takes no VAT amount with this code."""
        return self.type in {"B", "N"}


@dataclass(frozen=True)
class Journal:
    """A journal; its code is its key for writing."""

    code: str
    type: int
    currency: str | None = None
    blocked: bool = False
    any_currency: bool = True
    """AllowVariableCurrency: takes other currencies than its own."""
    own_rate: bool = True
    """AllowVariableExchangeRate: takes an exchange rate of the document."""
    description: str = ""

    @classmethod
    def from_row(cls, row: Row) -> Journal:
        """Read a row of financial/Journals."""
        return cls(
            code=_text(row["Code"]),
            type=int(row.get("Type") or 0),
            currency=_text(row.get("Currency")) or None,
            blocked=bool(row.get("IsBlocked")),
            any_currency=row.get("AllowVariableCurrency") is not False,
            own_rate=row.get("AllowVariableExchangeRate") is not False,
            description=_text(row.get("Description")),
        )


@dataclass(frozen=True)
class PaymentCondition:
    """A payment condition."""

    code: str
    days: int = 0
    end_of_months: int = 0
    """Ends of months that are added; 0 when the condition counts days only."""
    method: str = "B"
    """B on credit, I collection, K cash, Q payment service provider (exact-online 6.10)."""
    description: str = ""

    @classmethod
    def from_row(cls, row: Row) -> PaymentCondition:
        """Read a row of cashflow/PaymentConditions."""
        return cls(
            code=_text(row["Code"]),
            days=int(row.get("PaymentDays") or 0),
            end_of_months=int(row.get("PaymentEndOfMonths") or 0),
            method=_text(row.get("PaymentMethod")) or "B",
            description=_text(row.get("Description")),
        )

    @property
    def collects(self) -> bool:
        """Tell whether the amount is collected by direct debit."""
        return self.method == COLLECTION


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
