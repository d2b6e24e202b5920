"""What the audit trail tells of one document, in words: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bridge.view.standing import Row, iso

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector_store import AuditEntry

WORDS: Final = {
    "link.intended": "about to be written to Exact",
    "link.change_intended": "a change is about to be written to Exact",
    "link.progressed": "writing goes on",
    "link.confirmed": "stands in Exact",
    "link.withdrawn": "was not written after all",
    "link.change_ended": "the change is over",
    "link.missing": "its entry was deleted in Exact",
    "link.orphaned": "was deleted in Teamleader, its entry stands in Exact",
    "link.removed": "was released",
    "reject.put": "was refused",
    "reject.try_again": "is to be tried again",
    "reject.left_out": "was left out",
    "reject.taken_in": "was taken in again",
    "reject.forgotten": "its record was forgotten with its customer",
    "reject.resolved": "what was told of it is solved",
    "document.asked_again": "is to be read again in Teamleader",
    "payment.intended": "a payment is about to be registered in Teamleader",
    "payment.confirmed": "its payments stand in Teamleader",
    "payment.noted": "Exact has settled of it",
    "payment.unmatched": "a matching was undone in Exact",
    "payment.forgotten": "its payments were released",
    "payment.withdrawn": "a payment was not registered after all",
    "receipt.intended": "a payment is about to be booked in Exact",
    "receipt.progressed": "booking a payment goes on",
    "receipt.booked": "a payment is booked in Exact",
    "receipt.matched": "a payment is matched in Exact",
    "receipt.withdrawn": "a payment was not booked after all",
    "customer.forgotten": "was forgotten as a person",
}
"""Events in words; those of people, `person.retry` and others, are told by their verb."""
_TOLD: Final = ("code", "exact_id", "entry_number", "amount", "settled", "currency", "how", "by", "document_id")


def history(entries: Iterable[AuditEntry]) -> list[Row]:
    """Return what happened to a document, its files and its payments, oldest first: at, kind, event, what, detail."""
    return [
        {
            "at": iso(each.at),
            "kind": each.kind,
            "source_id": each.source_id,
            "event": each.event,
            "what": said(each.event, each.detail),
            "detail": each.detail,
        }
        for each in sorted(entries, key=lambda each: each.id)
    ]


def said(event: str, detail: dict[str, Any]) -> str:
    """Say an event in words, with the facts of it that a person can use."""
    group, _, verb = event.partition(".")
    words = f"a person used bridge {verb}" if group == "person" else WORDS.get(event, event)
    facts = [f"{name.replace('_', ' ')} {detail[name]}" for name in _TOLD if detail.get(name) is not None]
    return f"{words} ({', '.join(facts)})" if facts else words
