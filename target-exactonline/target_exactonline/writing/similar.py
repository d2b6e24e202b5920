"""Entries that people, or another coupling, booked for a document in another spelling: never a second one in silence.

An entry is similar when it is of the same customer, day and currency, belongs to no other document, and its number is
the document's after normalising, or is left out while the gross amount is the same. It may stand in the other sales
journal.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from exactonline_api.dates import to_date
from target_exactonline.booking import compare_similar, is_same_number
from target_exactonline.money import quantise
from target_exactonline.reasons import Rejection
from target_exactonline.writing.search import entries_of_customers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from target_exactonline.administration import Administration
    from target_exactonline.booking import EntryPlan
    from target_exactonline.writing.accounts import Accounts
    from target_exactonline.writing.draft import Draft

Row = dict[str, Any]


class SimilarEntries:
    """Looks for them, a batch of documents per call."""

    def __init__(self, administration: Administration, accounts: Accounts) -> None:
        self._administration = administration
        self._accounts = accounts
        self._rows: dict[str, list[Row]] = {}

    def look_for(self, drafts: Iterable[Draft]) -> None:
        """Read what the customers of these documents have on their days; a customer without an account has nothing."""
        days: set[date] = set()
        customers: set[str] = set()
        for draft in drafts:
            customer = self._accounts.of(str(draft.record["customer"]), create=False)
            if isinstance(customer, str):
                customers.add(customer)
                days |= _days(draft)
        self._rows = defaultdict(list)
        if customers:
            for row in entries_of_customers(self._administration.client, customers, min(days), max(days)):
                self._rows[str(row["Customer"]).casefold()].append(row)

    def of(self, draft: Draft, customer: str) -> list[Row]:
        """Return the entries that resemble a document of this account, unless a person said that they are others'."""
        found = [row for row in self._rows.get(customer.casefold(), []) if self._resembles(draft, row)]
        if found and self._administration.store.another_documents.holds(draft.kind, draft.id):
            return []
        return found

    def judge(self, draft: Draft, rows: list[Row], customer: str) -> Rejection | None:
        """Tell why the document is not booked; None when the one entry found may be taken for its own."""
        differences = tuple(compare_similar(draft.plan, rows[0], customer)) if len(rows) == 1 else ()
        may_adopt = self._administration.rules.on_similar == "adopt" and len(rows) == 1 and rows[0].get("YourRef")
        if may_adopt and not differences:
            return None
        listed = "; ".join(
            f"entry {row.get('EntryNumber')} {row.get('YourRef') or 'without a number'} in journal {row['Journal']}, "
            f"id {row['EntryID']}"
            for row in rows
        )
        reason = f"The customer has in Exact, of the same day: {listed}"
        return Rejection.of("similar_entry", reason, differences=differences)

    def _resembles(self, draft: Draft, row: Row) -> bool:
        plan, number = draft.plan, str(row.get("YourRef") or "").strip()
        gross = quantise(Decimal(str(row["AmountFC"])))
        return (
            row["Currency"] == plan.currency
            and to_date(row["EntryDate"]) in _days(draft)
            and (_is_of_number(number, gross, plan) if number else gross == plan.gross)
            and self._administration.store.links.find_exact(str(row["EntryID"])) is None
        )


def _is_of_number(number: str, gross: Decimal, plan: EntryPlan) -> bool:
    """Tell whether an entry has the document's number; the invoice `2026 / 1` is not the credit note `2026/1`."""
    return is_same_number(number, plan.your_ref) and gross * plan.gross >= 0


def _days(draft: Draft) -> set[date]:
    """Return the day of the document, and that on which it would be booked."""
    return {draft.plan.entry_date, date.fromisoformat(draft.record["date"])}
