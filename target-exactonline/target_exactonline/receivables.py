"""What is open of entries in Exact: a term per payment that is expected, with what its settlement needs."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from exactonline_api.odata import any_of, chunks, guid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exactonline_api import ExactClient

Row = dict[str, Any]

RECEIVABLES = "cashflow/Receivables"

TERM_FIELDS = (
    "ID",
    "TransactionEntryID",
    "Status",
    "IsFullyPaid",
    "AmountFC",
    "AmountDC",
    "Currency",
    "Account",
    "AccountCode",
    "GLAccount",
    "GLAccountCode",
    "TransactionReportingYear",
    "TransactionReportingPeriod",
    "Journal",
    "EntryNumber",
)


def terms_of(client: ExactClient, entry_ids: Iterable[str]) -> dict[str, list[Row]]:
    """Return the terms of entries by EntryID, joined by TransactionEntryID (exact-online 7.1): one call per 40."""
    found: dict[str, list[Row]] = defaultdict(list)
    for part in chunks(entry_ids):
        condition = any_of("TransactionEntryID", [guid(each) for each in part])
        for row in client.rows(RECEIVABLES, select=TERM_FIELDS, filter=condition):
            found[str(row["TransactionEntryID"])].append(row)
    return dict(found)
