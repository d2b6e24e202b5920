"""Entries and accounts of Exact, by what a person reads on the screen there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exactonline_api import dates, odata

if TYPE_CHECKING:
    from exactonline_api import ExactClient

CODE_WIDTH: Final = 18
"""Of the code of an account, written to the right (exact-online 3.23)."""


def entries_with_number(exact: ExactClient, number: int) -> dict[str, str]:
    """Return the sales entries with an entry number, which every journal and year may have: id -> journal and day."""
    fields = ("EntryID", "Journal", "EntryDate")
    rows = exact.rows("salesentry/SalesEntries", select=fields, filter=f"EntryNumber eq {number}")
    return {row["EntryID"]: f"journal {row['Journal']}, {dates.to_date(row['EntryDate'])}" for row in rows}


def accounts_with_code(exact: ExactClient, code: str) -> dict[str, str]:
    """Return the accounts with a code: id -> code."""
    wanted = odata.text(code.strip().rjust(CODE_WIDTH))
    rows = exact.rows("crm/Accounts", select=("ID", "Code"), filter=f"Code eq {wanted}")
    return {row["ID"]: row["Code"] for row in rows}
