"""An entry that is in Exact already: ours to link to, or somebody else's with the same reference.

Happens on the first run in an administration where people booked by hand, and after the store was lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from target_exactonline.booking import compare_adoptable
from target_exactonline.reasons import Rejection

if TYPE_CHECKING:
    from connector_store import Links
    from target_exactonline.writing.draft import Draft


def judge(draft: Draft, rows: list[dict[str, Any]], customer: str | None, links: Links) -> Rejection | None:
    """Tell whether the entries found under the document's reference stand in the way.

    Args:
        draft: The document.
        rows: Entries with exactly its journal and YourRef, at least one.
        customer: GUID of its account in Exact, None when no account fits the customer.
        links: What is linked already.

    Returns:
        None when the one entry found is this document's: same customer, day, currency, gross and VAT.
    """
    journal, reference = draft.reference
    if len(rows) > 1:
        numbers = ", ".join(str(row.get("EntryNumber")) for row in rows)
        return Rejection.of("conflict", f"Journal {journal} holds {len(rows)} entries {reference}: {numbers}")
    row = rows[0]
    other = links.find_exact(str(row["EntryID"]))
    if other is not None and (other.kind, other.source_id) != (draft.kind, draft.id):
        return Rejection.of("conflict", f"Entry {row.get('EntryNumber')} {reference} belongs to another document")
    if customer is None:
        reason = f"Entry {row.get('EntryNumber')} {reference} is in journal {journal}, on a customer that does not fit"
        return Rejection.of("conflict", reason)
    differences = compare_adoptable(draft.plan, row, customer)
    if not differences:
        return None
    reason = f"Entry {row.get('EntryNumber')} {reference} is in journal {journal}, but it differs"
    return Rejection.of("conflict", reason, differences=tuple(differences))
