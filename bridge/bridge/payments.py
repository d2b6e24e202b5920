"""Payments in the status document: those of Exact that Teamleader was told, and those of Teamleader booked in Exact.

Both are of kind `payment`. The first have the id of the invoice in Teamleader, the others that id, a stroke and a
number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.rows import Row, Standing, known_row, refused_row
from connector_store.memory import PAYMENT, RECEIPT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from connector_store import Memory, Reject

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
_STATES = {"intent": _BOOKING, "booked": _BOOKED, "matched": Standing()}


def payment_rows(memory: Memory, rejects: Iterable[Reject]) -> Iterator[Row]:
    """Yield a row per payment that is known or was refused; `amount` is what Exact has settled, or what was paid."""
    refused = {(each.kind, each.source_id): each for each in rejects if each.kind in {PAYMENT, RECEIPT}}
    for kind, row in (*_told(memory), *_booked(memory)):
        reject = refused.pop((kind, row["source_id"]), None)
        yield row if reject is None else refused_row(PAYMENT, reject, row)
    for reject in refused.values():
        yield refused_row(PAYMENT, reject)


def _told(memory: Memory) -> Iterator[tuple[str, Row]]:
    for payment in memory.payments.all():
        standing = Standing() if payment.plan is None else _REGISTERING
        yield PAYMENT, known_row(PAYMENT, payment.invoice_id, payment, payment.settled, standing)


def _booked(memory: Memory) -> Iterator[tuple[str, Row]]:
    for receipt in memory.receipts.all():
        yield RECEIPT, known_row(PAYMENT, receipt.source_id, receipt, receipt.amount, _STATES[receipt.state])
