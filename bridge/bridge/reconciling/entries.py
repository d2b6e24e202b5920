"""Sales entries of Exact, from their transaction lines: a thousand lines a call (exact-online 3.8, 7.14).

Line 0 is the receivable, 9999 the VAT of a code, all others are revenue, which is negative (exact-online 7.13).
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from bridge.view.sides import ZERO, Entry, rates_of
from exactonline_api import dates, odata

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.reconciling.documents import Range
    from exactonline_api import ExactClient

Row = dict[str, Any]

LINES: Final = "bulk/Financial/TransactionLines"
LINES_OF_ENTRIES: Final = "financialtransaction/TransactionLines"
TERMS: Final = "bulk/Cashflow/Receivables"
SALE, CREDIT = 20, 21
MATCHED: Final = 50
"""Status of a term that is settled (exact-online 7.2)."""
RECEIVABLE, VAT_SUMMARY = 0, 9999
CENT: Final = Decimal("0.01")
LINE_FIELDS = (
    *("EntryID", "EntryNumber", "Type", "LineNumber", "JournalCode", "Date", "YourRef", "Currency", "Account"),
    *("AmountFC", "VATCode", "VATPercentage"),
)


def sales_entries(client: ExactClient, days: Range, also: Iterable[str] = ()) -> list[Entry]:
    """Read the sales entries of a range, and those with the ids of `also` that stand elsewhere.

    Args:
        client: May be for reading only.
        days: Of the entries' dates; the first one is a must: Exact wants a filter.
        also: Ids of entries; what is not there, or not any more, does not come.
    """
    if days.first is None:
        raise ValueError("a range of entries has a first day")
    found = _entries(client.rows(LINES, select=LINE_FIELDS, filter=_dated("Date", days)))
    for ids in odata.chunks(sorted(set(also) - found.keys())):
        condition = odata.any_of("EntryID", [odata.guid(each) for each in ids])
        found |= _entries(client.rows(LINES_OF_ENTRIES, select=LINE_FIELDS, filter=condition))
    return [_entry(lines) for lines in found.values()]


def open_amounts(client: ExactClient, days: Range) -> dict[str, Decimal]:
    """Return by EntryID what is open of the entries since the first day; 0 of what is settled."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    since = _dated("InvoiceDate", days._replace(last=None))
    for row in client.rows(TERMS, select=("TransactionEntryID", "AmountFC", "Status"), filter=since):
        if row["TransactionEntryID"] is not None:
            # Negative for what a customer owes (exact-online 7.4).
            found[row["TransactionEntryID"]] -= _amount(row["AmountFC"]) if row["Status"] < MATCHED else ZERO
    return found


def _dated(field: str, days: Range) -> str:
    ends = [(operator, day) for operator, day in (("ge", days.first), ("le", days.last)) if day is not None]
    return " and ".join(f"{field} {operator} {odata.day(day)}" for operator, day in ends)


def _entries(rows: Iterable[Row]) -> dict[str, list[Row]]:
    lines: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["Type"] in {SALE, CREDIT}:
            lines[row["EntryID"]].append(row)
    return dict(lines)


def _entry(lines: list[Row]) -> Entry:
    head = next((row for row in lines if row["LineNumber"] == RECEIVABLE), lines[0])
    revenue = [row for row in lines if row["LineNumber"] not in {RECEIVABLE, VAT_SUMMARY}]
    rate_of = {row["VATCode"]: Decimal(row["VATPercentage"] or 0) for row in revenue}
    parts = [(rate_of[row["VATCode"]], -_amount(row["AmountFC"]), ZERO) for row in revenue]
    parts += [
        (rate_of.get(row["VATCode"], ZERO), ZERO, -_amount(row["AmountFC"]))
        for row in lines
        if row["LineNumber"] == VAT_SUMMARY
    ]
    return Entry(
        id=head["EntryID"],
        number=head["YourRef"],
        entry_number=head["EntryNumber"],
        journal=head["JournalCode"],
        date=dates.to_date(head["Date"]),
        currency=head["Currency"],
        account=head["Account"],
        is_credit=head["Type"] == CREDIT,
        rates=rates_of(parts),
        gross=_amount(head["AmountFC"]),
    )


def _amount(value: Decimal | int | str) -> Decimal:
    """Read an amount without the noise of doubles (exact-online 3.22)."""
    return Decimal(value).quantize(CENT)
