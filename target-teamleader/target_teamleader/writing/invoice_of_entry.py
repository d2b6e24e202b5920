"""Which invoice in Teamleader an entry in Exact belongs to.

In this order: the link that the forward direction made; the id that the sender gives; what was registered before; and
the invoice number that the entry carries as YourRef, with the same currency and gross amount. An entry that none of
these names was booked by hand in Exact, and is none of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from target_teamleader.reasons.rejection import Rejection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from connector_store import Link
    from target_teamleader.administration import Administration
    from target_teamleader.rules.exact_entry import ExactEntry


@dataclass(frozen=True)
class IdentifiedEntry:
    """An entry whose invoice is known."""

    entry: ExactEntry
    invoice_id: str
    link: Link | None = None
    """What ties it to its entry, None when it was recognised otherwise."""

    @property
    def linked_amount(self) -> Decimal | None:
        """Return the gross amount that the forward direction booked, None when it is not known."""
        return None if self.link is None else self.link.amount


def identify_invoices(
    administration: Administration, entries: Sequence[ExactEntry]
) -> tuple[list[IdentifiedEntry], list[tuple[ExactEntry, Rejection]]]:
    """Return the entries whose invoice is known, and those that may belong to several; the others are counted.

    Invoices that another coupling booked, of another department, are left to it: its settings decide on their payments.
    Entries of credit notes are left out: a credit note is paid nowhere, it settles invoices. So are those of invoices
    that were deleted, and what takes them back.

    Teamleader is asked only for an entry without a link of which something is settled, and lists once per run.
    """
    links = administration.links.find_exact_many("invoice", [entry.id for entry in entries])
    linked = [each for each in entries if each.id in links and links[each.id].state != "orphaned"]
    ours = [each for each in linked if links[each.id].document.is_of(administration.settings.department_id)]
    if len(ours) < len(linked):
        administration.outcomes.passed_over("of other departments", len(linked) - len(ours))
    identified = [IdentifiedEntry(each, links[each.id].source_id, links[each.id]) for each in ours]
    paid_nowhere = {
        entry_id
        for kind in ("credit_note", "reversal")
        for entry_id in administration.links.find_exact_many(kind, [each.id for each in entries])
    }
    others = [each for each in entries if each.id not in links and each.id not in paid_nowhere]
    known = administration.payments.by_entries([each.id for each in others])
    told = {
        each.id: each.invoice_id or known[each.id].invoice_id for each in others if each.invoice_id or each.id in known
    }
    taken = _linked_elsewhere(administration, told.values())
    unclear: list[tuple[ExactEntry, Rejection]] = []
    for entry in others:
        invoice_id = told.get(entry.id)
        ids = (
            _by_number(administration, entry)
            if invoice_id is None
            else [each for each in [invoice_id] if each not in taken]
        )
        if len(ids) > 1:
            reason = (
                f"{len(ids)} invoices in Teamleader have the number and amount of entry {entry.id}: "
                f"{', '.join(sorted(ids))}"
            )
            unclear.append((entry, Rejection.of("invoice_ambiguous", reason)))
        elif ids:
            identified.append(IdentifiedEntry(entry, ids[0]))
        else:
            administration.outcomes.passed_over("not from Teamleader")
            administration.outcomes.solve(entry.id)
    return identified, unclear


def reject_id(administration: Administration, entry_id: str) -> str:
    """Return the id under which a record that cannot be read is kept: the invoice's where a link tells it."""
    link = administration.links.find_exact_many("invoice", [entry_id]).get(entry_id)
    return entry_id if link is None else link.source_id


def _by_number(administration: Administration, entry: ExactEntry) -> list[str]:
    if entry.deleted or not entry.settled or not entry.number:
        return []
    ids = [each.id for each in administration.invoices.by_number(entry.number, entry.currency, entry.amount)]
    taken = _linked_elsewhere(administration, ids)
    return [each for each in ids if each not in taken]


def _linked_elsewhere(administration: Administration, invoice_ids: Iterable[str]) -> dict[str, Link]:
    """Return the links of invoices that belong to another entry: these entries have none themselves."""
    links = administration.links.get_many("invoice", list(invoice_ids))
    return {invoice_id: link for invoice_id, link in links.items() if link.state == "linked"}
