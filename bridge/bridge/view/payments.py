"""Payments in the status document: those of Exact that Teamleader was told, and those of Teamleader booked in Exact.

Both are of kind `payment`. The first have the id of the invoice in Teamleader, the others that id, a stroke and a
number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.view.standing import Row, Standing, iso, known_row, refused_row
from connector_store import BookedState
from connector_store.division_store import BOOKED_PAYMENT, INVOICE, PAYMENT
from connector_store.registered_payments import CONFIRMED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from connector_store import DivisionStore, Reject

_REGISTERING = Standing(
    "unknown",
    "outcome_unknown",
    "A run was cut off while it was being registered",
    "Nothing to do: the next run looks it up in Teamleader before it sends anything.",
)
_BOOKING = Standing(
    "unknown",
    "outcome_unknown",
    "A run was cut off while it was being booked",
    "Nothing to do: the next run looks it up in Exact before it sends anything.",
)
_BOOKED = Standing(
    "waiting",
    "payment_not_matched",
    "It is booked in Exact, and not matched with its invoice yet",
    "Nothing to do: the next run matches it, or says why it cannot.",
)
_STATES = {BookedState.INTENT: _BOOKING, BookedState.BOOKED: _BOOKED, BookedState.MATCHED: Standing()}


def payment_rows(store: DivisionStore, rejects: Iterable[Reject]) -> Iterator[Row]:
    """Yield a row per payment that is known or was refused; `amount` is what Exact has settled, or what was paid."""
    refused = {(each.kind, each.source_id): each for each in rejects if each.kind in {PAYMENT, BOOKED_PAYMENT}}
    for kind, row in (*_registered(store), *_booked(store)):
        reject = refused.pop((kind, row["source_id"]), None)
        yield row if reject is None else refused_row(PAYMENT, reject, row)
    for reject in refused.values():
        yield refused_row(PAYMENT, reject)


def paid_since(store: DivisionStore, moment: datetime) -> list[Row]:
    """Return the invoices that Teamleader was told to be paid in full after a moment (UTC), newest first.

    When that was is told by the trail: what is remembered of a payment also changes by a matching that was undone, and
    by another look.
    """
    trail = store.store.audit_trail(division=store.division, kind=PAYMENT, event=CONFIRMED, since=moment)
    told_at = {str(entry.source_id): entry.at for entry in trail}
    amounts = {invoice_id: link.amount for invoice_id, link in store.links.get_many(INVOICE, told_at).items()}
    paid = [
        payment
        for payment in store.registered_payments.get_many(told_at).values()
        if payment.plan is None and payment.reported is None and payment.registered
        if (amount := amounts.get(payment.invoice_id)) and payment.settled >= amount > 0
    ]
    return [
        {
            "source_id": payment.invoice_id,
            "number": payment.number,
            "amount": payment.settled,
            "currency": payment.currency,
            "how": payment.registered[-1].how,
            "paid_at": payment.registered[-1].paid_at,
            "told_at": iso(told_at[payment.invoice_id]),
        }
        for payment in sorted(paid, key=lambda payment: told_at[payment.invoice_id], reverse=True)
    ]


def _registered(store: DivisionStore) -> Iterator[tuple[str, Row]]:
    for payment in store.registered_payments.all():
        standing = Standing() if payment.plan is None else _REGISTERING
        yield PAYMENT, known_row(PAYMENT, payment.invoice_id, payment, payment.settled, standing)


def _booked(store: DivisionStore) -> Iterator[tuple[str, Row]]:
    for booked in store.booked_payments.all():
        yield BOOKED_PAYMENT, known_row(PAYMENT, booked.source_id, booked, booked.amount, _STATES[booked.state])
