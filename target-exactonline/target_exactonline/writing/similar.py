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

from connector_store import State
from connector_store.division_store import ACCOUNT
from exactonline_api.dates import to_date
from target_exactonline.booking import compare_similar, is_same_number
from target_exactonline.money import quantise
from target_exactonline.reasons import Rejection
from target_exactonline.writing.search import CustomersDays, entries_of_customers

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

    def look_ahead(self, drafts: Iterable[Draft]) -> CustomersDays | None:
        """Return what may come along in the search for the documents: the linked customers and their days, if any."""
        documents = list(drafts)
        ids = sorted({str(draft.record["customer"]) for draft in documents})
        links = self._administration.store.links.get_many(ACCOUNT, ids)
        accounts = {str(link.exact_id) for link in links.values() if link.state is State.LINKED}
        return _customers_days(accounts, documents)

    def look_for(self, drafts: Iterable[Draft], ahead: CustomersDays | None = None) -> None:
        """Read what the customers of these documents have on their days; a customer without an account has nothing.

        What was read `ahead` is not read again.
        """
        documents = []
        customers: set[str] = set()
        for draft in drafts:
            customer = self._accounts.of(str(draft.record["customer"]), create=False)
            if isinstance(customer, str):
                customers.add(customer)
                documents.append(draft)
        read = ahead if ahead is not None and ahead.rows is not None else None
        rows = [] if read is None or read.rows is None else read.rows
        wanted = _customers_days(customers - (frozenset() if read is None else read.accounts), documents)
        if wanted is not None:
            rows = rows + entries_of_customers(self._administration.client, wanted)
        self._rows = defaultdict(list)
        for row in {str(row["EntryID"]): row for row in rows}.values():
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


def _customers_days(accounts: Iterable[str], drafts: Iterable[Draft]) -> CustomersDays | None:
    known = frozenset(accounts)
    days = {each for draft in drafts for each in _days(draft)}
    return CustomersDays(known, min(days), max(days)) if known and days else None


def _days(draft: Draft) -> set[date]:
    """Return the day of the document, and that on which it would be booked."""
    return {draft.plan.entry_date, date.fromisoformat(draft.record["date"])}
