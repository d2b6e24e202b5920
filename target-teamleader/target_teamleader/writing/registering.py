"""A payment that Teamleader lacks: intent committed, registered once, outcome committed.

It is never sent twice: when its answer does not come the invoice is looked up, and when it does not show there, only a
later run may send it: when Teamleader can no longer be at it (see `unknown_outcomes`).
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from connector_store import Paid, RegisterPlan
from singer_shell.stop import Interrupted
from singer_shell.unknown_outcomes import look_again
from target_teamleader.rules.ownership import was_registered
from target_teamleader.writing.requests import refusal, send, unknown
from teamleader_api import ApiError, OutcomeUnknown, RecordRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector_store import RegisteredPayment
    from target_teamleader.administration import Administration
    from target_teamleader.invoice_search import Invoice
    from target_teamleader.reasons.rejection import Rejection
    from target_teamleader.rules.exact_entry import ExactEntry
    from target_teamleader.rules.payment_gap import MissingPayment


def register(
    administration: Administration,
    entry: ExactEntry,
    invoice: Invoice,
    payment: MissingPayment,
    known: RegisteredPayment | None,
) -> Rejection | None:
    """Register one payment.

    Returns:
        Why it was not registered, None when it was.

    Raises:
        ApiError: The run cannot go on. What was done so far is committed.
    """
    text = f"{payment.amount} {invoice.currency} of {payment.day}, {payment.how}"
    if administration.settings.dry_run:
        told = {"amount": payment.amount, "currency": invoice.currency, "day": payment.day, "how": payment.how}
        administration.outcomes.done("registered", entry.number, text, told)
        return None
    plan = RegisterPlan(
        paid=Paid(payment.amount, payment.day, payment.how),
        due_before=invoice.due,
        settled=entry.settled,
        settlements=entry.parts,
        sent_at=administration.client.service_now(),
    )
    registered = known.registered if known is not None else ()
    administration.payments.intend(
        invoice.id,
        exact_id=entry.id,
        number=entry.number or invoice.number,
        currency=invoice.currency,
        entry_number=entry.entry_number,
        plan=plan,
    )
    try:
        send(administration, invoice.id, invoice.currency, plan.paid)
    except RecordRefused as error:
        administration.payments.withdraw(invoice.id)
        return refusal(error)
    except OutcomeUnknown:
        if (
            look_again(lambda: _shows(administration, invoice.id, plan, registered), administration.interruption)
            is None
        ):
            return unknown()
    except (ApiError, Interrupted):
        administration.payments.withdraw(invoice.id)
        raise
    confirm(administration, invoice.id, plan, registered)
    administration.outcomes.done("registered", entry.number, text)
    return None


def today() -> str:
    """Return the day to register when Exact tells none."""
    return datetime.now(timezone.utc).date().isoformat()


def confirm(administration: Administration, invoice_id: str, plan: RegisterPlan, registered: Sequence[Paid]) -> None:
    """Note that a payment stands in Teamleader."""
    administration.payments.confirm(
        invoice_id, settled=plan.settled, settlements=plan.settlements, registered=[*registered, plan.paid]
    )
    administration.outcomes.solve(invoice_id)


def _shows(
    administration: Administration, invoice_id: str, plan: RegisterPlan, registered: Sequence[Paid]
) -> bool | None:
    found = administration.invoices.with_payments(invoice_id)
    if found is None:
        return None
    invoice, payments = found
    return was_registered(plan, invoice.due, registered, payments) or None
