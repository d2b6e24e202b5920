"""Clears up doubt before anything is sent: what did a cut-off run, or a request without an answer, leave in Exact?

An intent whose step is "entry" may have been carried out. Exact is searched for our own reference, a batch per call.
What is found and is exactly what was sent becomes a link. What is not found rests while Exact may still be at it, and
nothing of it is sent meanwhile; then it counts as not carried out, and may be sent. What is found but differs is left
to `adopt`, which judges it when the document comes again: an unconfirmed document is never acknowledged, so it comes.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from connector_store import How, State, Step
from connector_store.division_store import ACCOUNT
from exactonline_api.dates import to_date
from singer_shell.unknown_outcomes import resting_since
from target_exactonline.money import quantise
from target_exactonline.reasons import Rejection
from target_exactonline.writing.search import accounts_by_mark, entries_by_reference
from target_exactonline.writing.source_deleted import entries_of_no_document, orphan_doubtful
from target_exactonline.writing.waiting import wake_documents_of

if TYPE_CHECKING:
    from connector_store import DocumentDetail, Link
    from target_exactonline.administration import Administration


def resolve_unknown_outcomes(administration: Administration) -> None:
    """Resolve every intent that may have been carried out, or leave it resting."""
    doubtful = [link for link in administration.store.links.intents() if is_in_doubt(link)]
    if not doubtful:
        return
    _resolve_accounts(administration, [link for link in doubtful if link.kind == ACCOUNT])
    documents = [link for link in doubtful if link.kind != ACCOUNT]
    _resolve_entries(administration, documents)
    orphan_doubtful(administration.store, administration.outcomes, documents)


def _resolve_accounts(administration: Administration, intents: list[Link]) -> None:
    found = accounts_by_mark(administration.client, [str(link.account.mark) for link in intents]) if intents else {}
    settled = []
    for link in intents:
        ids = found.get(str(link.account.mark), [])
        if ids:
            administration.store.links.confirm(
                ACCOUNT,
                link.source_id,
                exact_id=ids[0],
                fingerprint=link.fingerprint,
                how=How.POSTED,
            )
        elif not rests(administration, link):
            administration.store.links.withdraw(ACCOUNT, link.source_id)
        else:
            continue
        settled.append(link.source_id)
    wake_documents_of(administration.store, settled)


def _resolve_entries(administration: Administration, intents: list[Link]) -> None:
    references = [(str(link.document.journal), str(link.document.your_ref)) for link in intents]
    orphaned = entries_of_no_document(administration.store)
    found = entries_by_reference(administration.client, references, but=orphaned) if references else {}
    for link, reference in zip(intents, references, strict=True):
        rows = found.get(reference, [])
        if len(rows) == 1 and is_what_was_sent(link.document, rows[0]):
            confirm(administration, link, rows[0])
            administration.outcomes.in_exact(link.kind, link.number)
        elif rests(administration, link):
            continue
        elif link.document.document_id:
            administration.store.links.progress(link.kind, link.source_id, step=Step.FILES)
        else:
            administration.store.links.withdraw(link.kind, link.source_id)


def is_in_doubt(link: Link | None) -> bool:
    """Tell whether something was sent of which nobody knows yet whether it was carried out: nothing goes after it."""
    return link is not None and link.state is State.INTENT and link.detail.step is Step.ENTRY


def awaited() -> Rejection:
    """Say that Exact may still be at what was sent."""
    return Rejection.of("outcome_awaited", "What was sent to Exact got no answer, and does not show there yet")


def rests(administration: Administration, link: Link) -> bool:
    """Tell whether Exact may still be at what was sent; called after a search, so that its clock is known."""
    since = resting_since(link.detail.sent_at, administration.client.service_now())
    if since is not None and since != link.detail.sent_at:
        administration.store.links.progress(link.kind, link.source_id, sent_at=since)
    return since is not None


def is_what_was_sent(sent: DocumentDetail, row: dict[str, Any]) -> bool:
    """Compare an entry found in Exact with what the intent says was sent: customer, day, currency, gross and VAT."""
    return (
        str(row["Customer"]).casefold() == str(sent.customer).casefold()
        and to_date(row["EntryDate"]) == sent.date
        and row["Currency"] == sent.currency
        and quantise(Decimal(str(row["AmountFC"]))) == sent.gross
        and (sent.vat is None or quantise(Decimal(str(row["VATAmountFC"]))) == sent.vat)
    )


def confirm(administration: Administration, link: Link, row: dict[str, Any]) -> None:
    """Turn an intent into a link to the entry that was found."""
    administration.store.links.confirm(
        link.kind,
        link.source_id,
        exact_id=str(row["EntryID"]),
        fingerprint=link.fingerprint,
        how=How.POSTED,
        number=link.number,
        entry_number=row.get("EntryNumber"),
        amount=link.document.gross,
        currency=link.document.currency,
    )
