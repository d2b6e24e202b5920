"""The report as data for its page: what an accountant reads first comes first. Pure: no service, no store, no clock."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bridge.view.chart import Bar, Chart, chart
from bridge.view.groups import grouped
from bridge.view.reconcile import SIDES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bridge.view.groups import Group

Row = dict[str, Any]

PILED: Final = ("exact", "waiting", "excluded")
AMOUNTS: Final = ("net", "vat", "gross")
_NOT_ASKED: Final[Row] = {
    "months": [],
    "differences": [],
    "unregistered": [],
    "moved": [],
    "standings": {},
    "equal": None,
}


class Calls(NamedTuple):
    """Calls of today to a service: used, and allowed; None where the service is silent."""

    used: int | None
    limit: int | None


NO_CALLS: Final = Calls(None, None)


@dataclass(frozen=True)
class Input:
    """What a report is made of."""

    status: Row
    """The status document."""
    reconciled: Row | None
    """The document of a reconciliation; None when a service could not be asked."""
    problem: str | None = None
    """Why not."""
    paid: tuple[Row, ...] = ()
    """The invoices that became paid, as the status document has them."""
    paid_since: datetime | None = None
    calls: Calls = NO_CALLS


class Month(NamedTuple):
    """Both sides of a month, of one kind, currency and VAT rate."""

    month: str
    kind: str
    currency: str
    vat_rate: Decimal
    sides: dict[str, Row]
    is_equal: bool


@dataclass(frozen=True)
class Report:
    """A report, ready to be written."""

    health: Row
    to_do: list[Group]
    follows: list[Group]
    months: list[Month]
    chart: Chart | None
    currency: str
    differences: list[Row]
    unregistered: list[Row]
    """Invoices that are settled in Exact and stay open in Teamleader, because payments are not registered."""
    moved: list[Row]
    """Documents whose entry stands in another month than their date."""
    standings: Row
    paid: tuple[Row, ...]
    paid_since: datetime | None
    calls: Calls
    runs: list[Row]
    problem: str | None
    is_equal: bool | None


def report(given: Input, amount: Callable[[Decimal, str], str], _: Callable[[str], str] = str) -> Report:
    """Make a report.

    Args:
        given: What it is made of.
        amount: Writes an amount in a currency as the reader does.
        _: Translates.
    """
    rows = given.status["documents"]
    reconciled = given.reconciled or _NOT_ASKED
    months = [_month(row) for row in reconciled["months"]]
    currency = _main_currency(months)
    to_do = grouped((row for row in rows if row["status"] == "rejected"), amount, _)
    follows = grouped((row for row in rows if row["status"] in {"waiting", "unknown"}), amount, _)
    return Report(
        health=given.status["health"],
        to_do=sorted(to_do, key=lambda group: -sum(map(len, group.lines))),
        follows=follows,
        months=months,
        chart=_drawn(months, currency),
        currency=currency,
        differences=reconciled["differences"],
        unregistered=reconciled["unregistered"],
        moved=reconciled["moved"],
        standings=reconciled["standings"],
        paid=given.paid,
        paid_since=given.paid_since,
        calls=given.calls,
        runs=given.status["last_runs"],
        problem=given.problem,
        is_equal=reconciled["equal"],
    )


def _month(row: Row) -> Month:
    others = [row[side] for side in SIDES[1:]]
    is_equal = all(row["teamleader"][name] == sum(each[name] for each in others) for name in ("count", *AMOUNTS))
    sides = {side: row[side] for side in SIDES}
    return Month(row["month"], row["kind"], row["currency"], row["vat_rate"], sides, is_equal)


def _main_currency(months: list[Month]) -> str:
    counted: dict[str, int] = defaultdict(int)
    for month in months:
        counted[month.currency] += month.sides["teamleader"]["count"]
    return max(counted, key=lambda currency: (counted[currency], currency), default="EUR")


def _drawn(months: list[Month], currency: str) -> Chart | None:
    """Draw gross per month, credit notes taken off, in the currency of most documents; amounts have no common sum."""
    sums: dict[str, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(PILED, Decimal(0)))
    for month in months:
        if month.currency == currency:
            for side in PILED:
                sums[month.month][side] += month.sides[side]["gross"]
    if not sums:
        return None
    return chart([Bar(month, tuple(sides.items())) for month, sides in sorted(sums.items())])
