"""Which invoice in Teamleader an entry in Exact belongs to.

In this order: the link that the forward direction made; the id that the sender gives; what was registered before; and
the invoice number that the entry carries as YourRef, with the same currency and gross amount. An entry that none of
these names was booked by hand in Exact, and is none of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from target_teamleader.rejection import Rejection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from connector_store import Link
    from target_teamleader.books import Books
    from target_teamleader.claims import Claim


@dataclass(frozen=True)
class Named:
    """An entry whose invoice is known."""

    claim: Claim
    invoice_id: str
    linked_amount: Decimal | None = None
    """Gross amount that the forward direction booked, None when it is not known."""


def name_invoices(books: Books, claims: Sequence[Claim]) -> tuple[list[Named], list[tuple[Claim, Rejection]]]:
    """Return the entries whose invoice is known, and those that may belong to several; the others are counted.

    Teamleader is asked only for an entry without a link of which something is settled, and lists once per run.
    """
    links = books.links.find_exact_many("invoice", [claim.id for claim in claims])
    named = [Named(each, links[each.id].source_id, links[each.id].amount) for each in claims if each.id in links]
    others = [each for each in claims if each.id not in links]
    known = books.payments.by_entries([each.id for each in others])
    told = {
        each.id: each.invoice_id or known[each.id].invoice_id for each in others if each.invoice_id or each.id in known
    }
    taken = _linked_elsewhere(books, told.values())
    unclear: list[tuple[Claim, Rejection]] = []
    for claim in others:
        invoice_id = told.get(claim.id)
        ids = _by_number(books, claim) if invoice_id is None else [each for each in [invoice_id] if each not in taken]
        if len(ids) > 1:
            reason = f"{len(ids)} invoices in Teamleader have the number and amount of the entry"
            unclear.append((claim, Rejection.of("invoice_ambiguous", reason)))
        elif ids:
            named.append(Named(claim, ids[0]))
        else:
            books.outcomes.passed_over("not from Teamleader")
            books.outcomes.in_order(claim.id)
    return named, unclear


def kept_as(books: Books, entry_id: str) -> str:
    """Return the id under which a record that cannot be read is kept: the invoice's where a link tells it."""
    link = books.links.find_exact_many("invoice", [entry_id]).get(entry_id)
    return entry_id if link is None else link.source_id


def _by_number(books: Books, claim: Claim) -> list[str]:
    if claim.deleted or not claim.settled or not claim.number:
        return []
    ids = [each.id for each in books.invoices.by_number(claim.number, claim.currency, claim.amount)]
    taken = _linked_elsewhere(books, ids)
    return [each for each in ids if each not in taken]


def _linked_elsewhere(books: Books, invoice_ids: Iterable[str]) -> dict[str, Link]:
    """Return the links of invoices that belong to another entry: these entries have none themselves."""
    links = books.links.get_many("invoice", list(invoice_ids))
    return {invoice_id: link for invoice_id, link in links.items() if link.state == "linked"}
