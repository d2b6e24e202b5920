"""Master data of an administration as plain values, read from the rows of its endpoints.

Rows are the dictionaries that the client gives: text stripped, the zero GUID None, dates still "/Date(ms)/", numbers
`Decimal` or int.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from exactonline_api.dates import to_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Row = Mapping[str, Any]

SALES_JOURNAL = 20
"""Journals.Type of a sales journal (exact-online 8.1)."""
COLLECTION = "I"
"""PaymentConditions.PaymentMethod of direct debit."""
CONTROL_TYPES = frozenset({20, 22, 24})
"""GLAccounts.Type of receivable, payable and VAT: Exact refuses them on a line (exact-online 6.7)."""
REVENUE_TYPES = frozenset({110, 120, 140, 160})
"""GLAccounts.Type that sales lines may be booked on: revenue, other costs (re-invoiced, discounts), exceptional income,
interest income (exact-online 6.7 and 8.2)."""
SALES_TYPES = frozenset({"S", "B"})
"""VATTransactionType of codes that may stand on a sales entry: sales, both."""
NET_TYPES = frozenset({"E", "B", "N"})
"""VATCodes.Type of codes that take amounts without VAT: excluding, base amount only, no VAT (accounting rule 10)."""


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


@dataclass(frozen=True, order=True)
class Period:
    """One financial period; both dates belong to it."""

    start: date
    end: date
    year: int
    number: int

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Period:
        """Read a row of financial/FinancialPeriods (FinYear, FinPeriod, StartDate, EndDate)."""
        return cls(to_date(row["StartDate"]), to_date(row["EndDate"]), int(row["FinYear"]), int(row["FinPeriod"]))

    @property
    def name(self) -> str:
        """Year and period as Exact's own messages write them, e.g. "2026-03"."""
        return f"{self.year}-{self.number:02}"


@dataclass(frozen=True)
class PeriodTable:
    """All periods of the administration, in order of date, and which of them are known to be closed.

    Exact's table does not say whether a period is open. That is learnt from its refusals (`with_closed`) and from the
    setting `closed_until`.
    """

    periods: tuple[Period, ...] = ()
    closed: frozenset[tuple[int, int]] = frozenset()
    """(year, period) of the periods known to be closed."""

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> PeriodTable:
        """Build the table from the rows of financial/FinancialPeriods, in any order."""
        return cls(tuple(sorted(Period.from_row(row) for row in rows)))

    def with_closed(self, *periods: tuple[int, int]) -> PeriodTable:
        """Return the table with these (year, period) known to be closed as well."""
        return replace(self, closed=self.closed | set(periods))

    def find(self, day: date) -> Period | None:
        """Return the period of a calendar day, None when Exact has none."""
        place = bisect_right(self.periods, day, key=lambda period: period.start)
        if place and self.periods[place - 1].end >= day:
            return self.periods[place - 1]
        return None

    def is_closed(self, period: Period) -> bool:
        """Tell whether the period is known to be closed."""
        return (period.year, period.number) in self.closed

    def first_open_day(self, after: date, closed_until: date | None = None) -> date | None:
        """Return the first day on or after `after` in a period not known to be closed, None when there is none."""
        if closed_until is not None and closed_until >= after:
            after = closed_until + timedelta(days=1)
        for period in self.periods:
            if period.end >= after and not self.is_closed(period):
                return max(period.start, after)
        return None
