"""Entries that people, or another coupling, booked for a document in another spelling: never a second one in silence.

An entry is similar when it is of the same customer, day and currency, belongs to no other document, and its number is
the document's after normalising, or is left out while the gross amount is the same. It may stand in the other sales
journal. An entry of another customer is similar when its number differs in blanks only: the account was merged, or the
person chose another one.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from connector_store import State
from connector_store.division_store import ACCOUNT
from exactonline_api.dates import to_date
from target_exactonline.booking import compare_similar, is_same_number
from target_exactonline.money import quantise
from target_exactonline.reasons import Rejection
from target_exactonline.writing.search import Nearby, entries_nearby

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
        self._rows: list[Row] = []

    def look_ahead(self, drafts: Iterable[Draft]) -> Nearby | None:
        """Return what may come along in the search for the documents: their numbers, and the linked customers."""
        documents = list(drafts)
        ids = sorted({str(draft.record["customer"]) for draft in documents})
        links = self._administration.store.links.get_many(ACCOUNT, ids)
        accounts = {str(link.exact_id) for link in links.values() if link.state is State.LINKED}
        return _nearby(accounts, documents)

    def look_for(self, drafts: Iterable[Draft], ahead: Nearby | None = None) -> None:
        """Read what stands on the days of these documents: of their customers that have an account, or their number.

        What was read `ahead` is not read again.
        """
        documents = list(drafts)
        found = [self._accounts.of(str(draft.record["customer"]), create=False) for draft in documents]
        accounts = {each for each in found if isinstance(each, str)}
        rows: list[Row] = []
        wanted = _nearby(accounts, documents)
        if wanted is not None and ahead is not None and ahead.rows is not None:
            rows = list(ahead.rows)
            wanted.accounts -= ahead.accounts
            wanted.references -= ahead.references
        if wanted is not None and wanted.terms():
            rows += entries_nearby(self._administration.client, wanted)
        self._rows = list({str(row["EntryID"]): row for row in rows}.values())

    def of(self, draft: Draft, customer: str) -> list[Row]:
        """Return the entries that resemble a document of this account, unless a person said that they are others'."""
        found = [row for row in self._rows if self._resembles(draft, row, customer)]
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
        reason = f"In Exact stands, of the same day: {listed}"
        return Rejection.of("similar_entry", reason, differences=differences)

    def _resembles(self, draft: Draft, row: Row, customer: str) -> bool:
        return (
            row["Currency"] == draft.plan.currency
            and to_date(row["EntryDate"]) in _days(draft)
            and _is_named_like(draft.plan, row, customer)
            and self._administration.store.links.find_exact(str(row["EntryID"])) is None
        )


def _is_named_like(plan: EntryPlan, row: Row, customer: str) -> bool:
    """Tell whether an entry has the document's number, or none and its amount.

    The invoice `2026 / 1` is not the credit note `2026/1`.
    """
    is_customers = str(row["Customer"]).casefold() == customer.casefold()
    number, gross = str(row.get("YourRef") or "").strip(), quantise(Decimal(str(row["AmountFC"])))
    if not number:
        return is_customers and gross == plan.gross
    if gross * plan.gross < 0:
        return False
    if is_customers:
        return is_same_number(number, plan.your_ref)
    return _without_blanks(number).casefold() == _without_blanks(plan.your_ref).casefold()


def _nearby(accounts: Iterable[str], drafts: list[Draft]) -> Nearby | None:
    days = {each for draft in drafts for each in _days(draft)}
    numbers = frozenset(_without_blanks(draft.plan.your_ref) for draft in drafts)
    return Nearby(frozenset(accounts), min(days), max(days), numbers) if days else None


def _without_blanks(number: str) -> str:
    return "".join(number.split())


def _days(draft: Draft) -> set[date]:
    """Return the day of the document, and that on which it would be booked."""
    return {draft.plan.entry_date, date.fromisoformat(draft.record["date"])}
