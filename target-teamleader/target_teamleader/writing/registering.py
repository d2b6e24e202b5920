"""A payment that Teamleader lacks: intent committed, registered once, outcome committed.

It is never sent twice: when its answer does not come the invoice is looked up, and when it does not show there, only
the next run may send it, after looking once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from singer_shell.stop import Interrupted
from target_teamleader.taking_back import was_registered
from target_teamleader.writing.sending import look_again, refusal, send, unknown
from teamleader_api import ApiError, OutcomeUnknown, RecordRefused

if TYPE_CHECKING:
    from connector_store import Payment
    from target_teamleader.books import Books
    from target_teamleader.claims import Claim
    from target_teamleader.invoices import Invoice
    from target_teamleader.reckoning import Registration
    from target_teamleader.rejection import Rejection
    from target_teamleader.taking_back import Paid


def register(
    books: Books, claim: Claim, invoice: Invoice, registration: Registration, memory: Payment | None
) -> Rejection | None:
    """Register one payment.

    Returns:
        Why it was not registered, None when it was.

    Raises:
        ApiError: The run cannot go on. What was done so far is committed.
    """
    text = f"{registration.amount} {invoice.currency} of {registration.day}, {registration.how}"
    if books.settings.dry_run:
        books.outcomes.done("registered", claim.number, text)
        return None
    plan: dict[str, Any] = {
        "verb": "register",
        "amount": registration.amount,
        "paid_at": registration.day,
        "how": registration.how,
        "due_before": invoice.due,
        "settled": claim.settled,
        "settlements": claim.parts,
    }
    registered = list(memory.registered) if memory is not None else []
    books.payments.intend(
        invoice.id,
        exact_id=claim.id,
        number=claim.number or invoice.number,
        currency=invoice.currency,
        entry_number=claim.entry_number,
        plan=plan,
    )
    try:
        send(books, invoice.id, invoice.currency, plan)
    except RecordRefused as error:
        books.payments.withdraw(invoice.id)
        return refusal(error)
    except OutcomeUnknown:
        if look_again(lambda: _shows(books, invoice.id, plan, registered), books.interruption) is None:
            return unknown()
    except (ApiError, Interrupted):
        books.payments.withdraw(invoice.id)
        raise
    confirm(books, invoice.id, plan, registered)
    books.outcomes.done("registered", claim.number, text)
    return None


def confirm(books: Books, invoice_id: str, plan: dict[str, Any], registered: list[Paid]) -> None:
    """Note that a payment stands in Teamleader."""
    ours = {name: plan[name] for name in ("amount", "paid_at", "how")}
    told = {name: plan[name] for name in ("settled", "settlements")}
    books.payments.confirm(invoice_id, **told, registered=[*registered, ours])
    books.outcomes.in_order(invoice_id)


def _shows(books: Books, invoice_id: str, plan: dict[str, Any], registered: list[Paid]) -> bool | None:
    found = books.invoices.with_payments(invoice_id)
    if found is None:
        return None
    invoice, payments = found
    return was_registered(plan, invoice.due, registered, payments) or None
