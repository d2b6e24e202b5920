"""Looks up, before anything is sent, what a cut-off run or a request without an answer left in Teamleader.

What stands there is taken for done; what does not was not carried out, and is compared anew when its record comes
again: an unconfirmed payment is never acknowledged, or it is kept as a reject, so it does come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_store import RemovePlan
from singer_shell.unknown_outcomes import let_it_end
from target_teamleader.rules.ownership import was_registered
from target_teamleader.writing import registering, removing

if TYPE_CHECKING:
    from connector_store import RegisteredPayment
    from target_teamleader.administration import Administration


def resolve_unknown_outcomes(administration: Administration) -> None:
    """Resolve every payment that is under way; one call each."""
    doubtful = administration.payments.under_way()
    if not doubtful:
        return
    let_it_end([each.updated_at for each in doubtful], administration.interruption)
    for each in doubtful:
        administration.interruption.check()
        _resolve(administration, each)


def _resolve(administration: Administration, payment: RegisteredPayment) -> None:
    plan = payment.plan
    found = administration.invoices.with_payments(payment.invoice_id)
    if found is None or plan is None:
        administration.payments.withdraw(payment.invoice_id)
        return
    invoice, payments = found
    if isinstance(plan, RemovePlan):
        refusal = removing.resume(administration, payment, plan, payments)
        if refusal is not None:
            administration.outcomes.reject_again(payment, refusal)
    elif was_registered(plan, invoice.due, payment.registered, payments):
        registering.confirm(administration, payment.invoice_id, plan, payment.registered)
        administration.outcomes.done("registered", payment.number)
    else:
        administration.payments.withdraw(payment.invoice_id)
