"""Batched searches in Exact for what may be there already; every result is compared again on our side.

About 40 terms fit in one URL (exact-online 3.16). Exact compares text without regard to case, and padding may
differ, so a row counts only when it equals what was asked for.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exactonline_api.odata import (
    SAFE_LENGTH,
    SAFE_TERMS,
    any_of,
    any_term,
    chunks,
    day,
    guid,
    packs,
    room_for,
    terms,
    text,
)
from target_exactonline.reasons import rests_on

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from exactonline_api import ExactClient

Row = dict[str, Any]

ENTRIES = rests_on.ENTRIES
LINES = "salesentry/SalesEntryLines"
ACCOUNTS = rests_on.ACCOUNTS
DOCUMENTS = "documents/Documents"
ATTACHMENTS = "documents/DocumentAttachments"

ENTRY_FIELDS = (
    "EntryID",
    "EntryNumber",
    "Journal",
    "YourRef",
    "Customer",
    "EntryDate",
    "DueDate",
    "Currency",
    "Rate",
    "AmountFC",
    "AmountDC",
    "VATAmountFC",
    "VATAmountDC",
    "PaymentCondition",
    "PaymentReference",
    "Description",
    "Document",
    "Status",
    "Modified",
)

LINE_FIELDS = (
    "ID",
    "EntryID",
    "LineNumber",
    "GLAccount",
    "GLAccountCode",
    "VATCode",
    "AmountFC",
    "VATAmountFC",
    "Description",
    "Quantity",
    "CostCenter",
    "CostUnit",
)


@dataclass
class Nearby:
    """Entries between two days, of customers or of numbers, that may come along in a search for others.

    Attributes:
        accounts: GUIDs of customers.
        first: A day.
        last: A day, included.
        references: What entries may have as YourRef, whoever their customer is.
        rows: The entries; None when they did not come along.
    """

    accounts: frozenset[str]
    first: date
    last: date
    references: frozenset[str] = frozenset()
    rows: list[Row] | None = None

    def terms(self) -> list[str]:
        """Return what is asked for, a term of the filter each."""
        customers = terms("Customer", [guid(each) for each in sorted(self.accounts)])
        return customers + terms("YourRef", [text(each) for each in sorted(self.references)])

    def condition(self, wanted: Iterable[str]) -> str:
        """Return the filter of some of the terms."""
        days = f"EntryDate ge {day(self.first)} and EntryDate le {day(self.last)}"
        return f"{any_term(wanted)} and {days}"


def entries_by_reference(
    client: ExactClient,
    references: Iterable[tuple[str, str]],
    *,
    but: Collection[str] = (),
    along: Nearby | None = None,
) -> dict[tuple[str, str], list[Row]]:
    """Find the sales entries of (journal code, YourRef) pairs: one call per 40 of them, both journals together.

    Entries whose id is among `but` are left out: those of documents that are gone, whose number others may have now.
    The entries of `along` are brought too when both fit in one call.
    """
    wanted = set(references)
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    in_one_call = along is not None and _fits(wanted, along)
    for part in chunks(sorted(wanted)):
        journals = any_of("Journal", sorted({text(journal) for journal, _ in part}))
        names = any_of("YourRef", sorted({text(reference) for _, reference in part}))
        condition = f"{journals} and {names}"
        if along is not None and in_one_call:
            condition, along.rows = f"({condition}) or ({along.condition(along.terms())})", []
        for row in client.rows(ENTRIES, select=ENTRY_FIELDS, filter=condition):
            key = (str(row["Journal"]), str(row["YourRef"]))
            if key in wanted and str(row["EntryID"]) not in but:
                found[key].append(row)
            if along is not None and along.rows is not None:
                along.rows.append(row)
    return found


def _fits(references: Collection[tuple[str, str]], along: Nearby) -> bool:
    names = terms("YourRef", [text(reference) for _, reference in references])
    return len(names) <= SAFE_TERMS and room_for(names + along.terms()) <= SAFE_LENGTH


def entries_nearby(client: ExactClient, wanted: Nearby) -> list[Row]:
    """Find the sales entries of customers and numbers on their days: one call per 40 customers, or some 70 numbers."""
    found: list[Row] = []
    for part in packs(wanted.terms()):
        found += client.rows(ENTRIES, select=ENTRY_FIELDS, filter=wanted.condition(part))
    return found


def entries_by_id(client: ExactClient, entry_ids: Iterable[str]) -> dict[str, Row]:
    """Find sales entries by their EntryID: one call per 40."""
    found = {}
    for part in chunks(entry_ids):
        condition = any_of("EntryID", [guid(each) for each in part])
        for row in client.rows(ENTRIES, select=ENTRY_FIELDS, filter=condition):
            found[str(row["EntryID"])] = row
    return found


def entry_lines(client: ExactClient, entry_ids: Iterable[str]) -> dict[str, list[Row]]:
    """Return the lines of sales entries by EntryID, in their order: one call per 40 short ones."""
    found: dict[str, list[Row]] = defaultdict(list)
    for part in chunks(entry_ids):
        condition = any_of("EntryID", [guid(each) for each in part])
        for row in client.rows(LINES, select=LINE_FIELDS, filter=condition):
            found[str(row["EntryID"])].append(row)
    return {entry_id: sorted(rows, key=lambda row: int(row.get("LineNumber") or 0)) for entry_id, rows in found.items()}


def accounts_by_mark(client: ExactClient, marks: Iterable[str]) -> dict[str, list[str]]:
    """Find accounts by the SearchCode that we gave them: mark -> ids."""
    wanted = set(marks)
    found: dict[str, list[str]] = defaultdict(list)
    for part in chunks(sorted(wanted)):
        condition = any_of("SearchCode", [text(each) for each in part])
        for row in client.rows(ACCOUNTS, select=("ID", "SearchCode"), filter=condition):
            if row["SearchCode"] in wanted:
                found[str(row["SearchCode"])].append(str(row["ID"]))
    return found


def documents_by_subject(client: ExactClient, subjects: Iterable[str]) -> dict[str, str]:
    """Find documents by the Subject that we gave them: subject -> id of the oldest."""
    wanted = set(subjects)
    found: dict[str, str] = {}
    for part in chunks(sorted(wanted)):
        condition = any_of("Subject", [text(each) for each in part])
        for row in client.rows(DOCUMENTS, select=("ID", "Subject"), filter=condition):
            if row["Subject"] in wanted:
                found.setdefault(str(row["Subject"]), str(row["ID"]))
    return found


def attachments_of(client: ExactClient, *document_ids: str) -> dict[str, list[Row]]:
    """Return the files that documents hold, by the document's id: ID, FileName, FileSize in bytes."""
    fields = ("ID", "Document", "FileName", "FileSize")
    held: dict[str, list[Row]] = defaultdict(list)
    for part in chunks(sorted(set(document_ids))):
        condition = any_of("Document", [guid(each) for each in part])
        for row in client.rows(ATTACHMENTS, select=fields, filter=condition):
            held[str(row["Document"]).casefold()].append(row)
    return {each: held[each.casefold()] for each in document_ids}
