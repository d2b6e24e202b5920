"""Looks up, before anything is sent, what a cut-off run or a request without an answer left in Teamleader.

What stands there is taken for done. What does not rests while Teamleader may still be at it; then it counts as not
carried out, and is compared anew when its record comes again: an unconfirmed payment is never acknowledged, or it is
kept as a reject, so it does come. A removal rests as a whole: what was removed, or is being restored, shows bit by bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_store import RegisterPlan, RemovePlan
from singer_shell.unknown_outcomes import resting_since
from target_teamleader.rules.ownership import was_registered
from target_teamleader.writing import registering, removing

if TYPE_CHECKING:
    from connector_store import RegisteredPayment
    from connector_store.details import Plan
    from target_teamleader.administration import Administration


def resolve_unknown_outcomes(administration: Administration) -> None:
    """Resolve every payment that is under way; one call each."""
    for each in administration.payments.under_way():
        administration.interruption.check()
        _resolve(administration, each)


def _resolve(administration: Administration, payment: RegisteredPayment) -> None:
    plan = payment.plan
    found = administration.invoices.with_payments(payment.invoice_id)
    if plan is None:
        return
    invoice, payments = found or (None, [])
    if (
        isinstance(plan, RegisterPlan)
        and invoice is not None
        and was_registered(plan, invoice.due, payment.registered, payments)
    ):
        registering.confirm(administration, payment.invoice_id, plan, payment.registered)
        administration.outcomes.done("registered", payment.number)
    elif _rests(administration, payment.invoice_id, plan):
        return
    elif isinstance(plan, RemovePlan) and invoice is not None:
        refusal = removing.resume(administration, payment, plan, payments)
        if refusal is not None:
            administration.outcomes.reject_again(payment, refusal)
    else:
        administration.payments.withdraw(payment.invoice_id)


def _rests(administration: Administration, invoice_id: str, plan: Plan) -> bool:
    """Tell whether Teamleader may still be at what was sent; called after a look, so that its clock is known."""
    if plan.sent_at is None:
        return False
    since = resting_since(plan.sent_at, administration.client.service_now())
    if since is not None and since != plan.sent_at:
        administration.payments.progress(invoice_id, sent_at=since)
    return since is not None
