"""One row of the status document, out of what is known of something and of the reason why it was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from connector_store import Status

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from connector_store import BookedPayment, Link, RegisteredPayment, Reject

Row = dict[str, Any]

ZERO_VALUE = "zero_value_skipped"
"""Code of a document without value: a setting leaves those out."""
INCLUDE = "Nothing to do; take it in again with: bridge include."
"""Hint of what a person left out."""


class Standing(NamedTuple):
    """How something stands that was not refused."""

    status: str = "linked"
    code: str | None = None
    reason: str | None = None
    hint: str | None = None


def known_row(
    kind: str,
    source_id: str,
    known: Link | RegisteredPayment | BookedPayment,
    amount: Decimal | None,
    standing: Standing,
) -> Row:
    """Return the row of what is remembered."""
    return {
        "kind": kind,
        "source_id": source_id,
        "number": known.number,
        **standing._asdict(),
        "exact_id": known.exact_id,
        "entry_number": known.entry_number,
        "amount": amount,
        "currency": known.currency,
        "updated_at": iso(known.updated_at),
    }


def refused_row(kind: str, reject: Reject, known: Row | None = None) -> Row:
    """Return the row of what was refused, with what is remembered of it otherwise."""
    known = known or {}
    reason, hint = reject.reason, reject.hint
    if reject.status is Status.EXCLUDED:
        reason, hint = (f"{reason} ({reject.decided_by})" if reject.decided_by else reason), INCLUDE
    return {
        "kind": kind,
        "source_id": reject.source_id,
        "number": known.get("number") or reject.number,
        "status": "excluded" if reject.code == ZERO_VALUE else reject.status.value,
        "code": reject.code,
        "reason": reason,
        "hint": hint,
        "exact_id": known.get("exact_id"),
        "entry_number": known.get("entry_number"),
        "amount": known.get("amount") if reject.amount is None else reject.amount,
        "currency": reject.currency or known.get("currency"),
        "updated_at": iso(reject.last_at),
    }


def iso(moment: datetime | None) -> str | None:
    """Write a moment in UTC, to the second."""
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")
