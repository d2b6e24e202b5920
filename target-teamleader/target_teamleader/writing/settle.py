"""Clears up doubt before anything is sent: what did a cut-off run, or a request without an answer, leave in Teamleader?

What stands there is taken for done; what does not was not carried out, and is reckoned anew when its record comes
again: an unconfirmed payment is never acknowledged, or it is kept as a reject, so it does come.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from target_teamleader.taking_back import was_registered
from target_teamleader.writing import registering, removing

if TYPE_CHECKING:
    from connector_store import Payment
    from target_teamleader.books import Books

GRACE_SECONDS = 2.0
"""A write that was cut off by the end of our process is looked for only this long after it."""


def settle(books: Books) -> None:
    """Settle every payment that is under way; one call each."""
    doubtful = books.payments.under_way()
    if not doubtful:
        return
    youngest = max(each.updated_at for each in doubtful)
    books.interruption.sleep(GRACE_SECONDS - (datetime.now(timezone.utc) - youngest).total_seconds())
    for each in doubtful:
        books.interruption.check()
        _settle(books, each)


def _settle(books: Books, payment: Payment) -> None:
    plan = payment.plan or {}
    found = books.invoices.with_payments(payment.invoice_id)
    if found is None:
        books.payments.withdraw(payment.invoice_id)
        return
    invoice, payments = found
    if plan["verb"] == removing.REMOVE:
        refusal = removing.resume(books, payment, payments)
        if refusal is not None:
            books.outcomes.reject_again(payment, refusal)
    elif was_registered(plan, invoice.due, payment.registered, payments):
        registering.confirm(books, payment.invoice_id, plan, payment.registered)
        books.outcomes.done("registered", payment.number)
    else:
        books.payments.withdraw(payment.invoice_id)
