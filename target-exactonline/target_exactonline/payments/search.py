"""Finds entries of a general journal by the text of their lines; every result is compared again on our side."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from exactonline_api.odata import any_of, chunks, guid, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exactonline_api import ExactClient

Row = dict[str, Any]

TRANSACTION_LINES = "financialtransaction/TransactionLines"

TRANSACTION_FIELDS = (
    "ID",
    "EntryID",
    "EntryNumber",
    "JournalCode",
    "FinancialYear",
    "FinancialPeriod",
    "GLAccount",
    "AmountFC",
    "AmountDC",
    "Description",
)


def lines_by_text(client: ExactClient, journal: str, texts: Iterable[str]) -> dict[str, list[Row]]:
    """Find the lines of entries of a journal by their text, the same on all lines of one: one call per 40 texts."""
    wanted = set(texts)
    found: dict[str, list[Row]] = defaultdict(list)
    for part in chunks(sorted(wanted)):
        condition = f"JournalCode eq {text(journal)} and {any_of('Description', [text(each) for each in part])}"
        for row in client.rows(TRANSACTION_LINES, select=TRANSACTION_FIELDS, filter=condition):
            if row["Description"] in wanted:
                found[str(row["Description"])].append(row)
    return dict(found)


def lines_of_entry(client: ExactClient, entry_id: str) -> list[Row]:
    """Return the lines of any entry."""
    return list(client.rows(TRANSACTION_LINES, select=TRANSACTION_FIELDS, filter=f"EntryID eq {guid(entry_id)}"))
