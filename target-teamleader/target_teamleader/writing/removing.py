"""Takes back what was registered for a matching that was undone in Exact, or reports it (`on_unmatched`).

Teamleader removes all payments of an invoice or none. So what stands there is noted first, all is removed, and what was
not ours, or still holds, is registered again. The notes are committed before each step; whoever goes on after a crash
compares them with what stands there, and registers only what is missing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from connector_store import RemovalStep, RemovePlan
from singer_shell.stop import Interrupted
from singer_shell.unknown_outcomes import look_again
from target_teamleader.outcomes import UNMATCHED
from target_teamleader.reasons.rejection import Rejection
from target_teamleader.rules.exact_entry import ZERO
from target_teamleader.rules.ownership import day_of, missing, plan_removal, were_removed
from target_teamleader.rules.payment_gap import LastSync, amount_to_remove, credited_in_teamleader, missing_payment
from target_teamleader.writing.registering import register, today
from target_teamleader.writing.requests import invoice_missing, refusal, send, unknown
from teamleader_api import ApiError, OutcomeUnknown, RecordRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector_store import Paid, RegisteredPayment
    from target_teamleader.administration import Administration
    from target_teamleader.rules.exact_entry import ExactEntry
    from target_teamleader.rules.ownership import Removal


def take_back(
    administration: Administration, entry: ExactEntry, known: RegisteredPayment, last_sync: LastSync
) -> Rejection | None:
    """Take back what of ours is not settled any more; when that is not asked for, say what is paid beyond it.

    Teamleader's payments are removed as a whole by people, too: then what is settled still is registered again.

    Returns:
        Why it could not be done, None when it was.

    Raises:
        ApiError: The run cannot go on. What is half done is finished by the next run.
    """
    found = administration.invoices.with_payments(known.invoice_id)
    if found is None:
        return invoice_missing()
    invoice, payments = found
    if entry.currency not in {None, invoice.currency}:
        return Rejection.of("currency_differs", "The entry is in another currency than the invoice")
    credited = credited_in_teamleader(invoice.payable, (each.amount for each in payments), invoice.due)
    wanted = amount_to_remove(entry, last_sync, invoice.due, payable=invoice.payable, credited=credited)
    if wanted > 0 and not administration.settings.remove:
        return _unmatched(entry, last_sync, invoice.currency)
    removal = plan_removal(payments, known.registered, wanted)
    shown = sum((each.amount for each in payments), ZERO)
    lacks = missing_payment(entry, LastSync(), invoice.due, today(), credited=credited, shown=shown)
    if lacks is not None:
        return register(administration, entry, invoice, lacks, replace(known, registered=tuple(removal.registered)))
    number = entry.number or known.number
    if administration.settings.dry_run:
        administration.outcomes.done("taken back", number, f"{removal.amount} {invoice.currency}")
    elif removal.amount:
        return _remove(
            administration,
            entry,
            known,
            _PendingRemoval(invoice.id, number, invoice.currency, _plan(administration, entry, removal)),
        )
    else:
        nothing_of_ours(administration, entry, known, removal.registered)
    return None


def nothing_of_ours(
    administration: Administration, entry: ExactEntry, known: RegisteredPayment, registered: Sequence[Paid]
) -> None:
    """Note that nothing is paid in Teamleader beyond what is settled; `registered` of ours stands there."""
    if not administration.settings.dry_run:
        administration.payments.confirm(
            known.invoice_id, settled=entry.settled, settlements=entry.parts, registered=registered
        )
    administration.outcomes.solve(known.invoice_id)
    administration.outcomes.done("nothing of ours", entry.number or known.number)


def _unmatched(entry: ExactEntry, last_sync: LastSync, currency: str) -> Rejection:
    if entry.deleted:
        return Rejection.of(UNMATCHED, "The entry was deleted in Exact")
    return Rejection.of(UNMATCHED, f"Of {last_sync.settled} {currency} that was settled, {entry.settled} still is")


class _PendingRemoval(NamedTuple):
    """What is under way."""

    invoice_id: str
    number: str | None
    currency: str
    plan: RemovePlan


def _plan(administration: Administration, entry: ExactEntry, removal: Removal) -> RemovePlan:
    return RemovePlan(
        amount=removal.amount,
        settled=entry.settled,
        settlements=entry.parts,
        before=tuple(removal.before),
        again=tuple(removal.again),
        registered=tuple(removal.registered),
        sent_at=administration.client.service_now(),
    )


def _remove(
    administration: Administration, entry: ExactEntry, known: RegisteredPayment, pending: _PendingRemoval
) -> Rejection | None:
    administration.payments.intend(
        pending.invoice_id,
        exact_id=entry.id,
        number=pending.number,
        currency=pending.currency,
        entry_number=entry.entry_number or known.entry_number,
        plan=pending.plan,
    )
    try:
        administration.client.call("invoices.removePayments", {"id": pending.invoice_id})
    except RecordRefused as error:
        administration.payments.withdraw(pending.invoice_id)
        return refusal(error)
    except OutcomeUnknown:
        now = look_again(lambda: _left_after_removal(administration, pending), administration.interruption)
        return unknown() if now is None else _restore(administration, pending, now)
    except (ApiError, Interrupted):
        administration.payments.withdraw(pending.invoice_id)
        raise
    return _restore(administration, pending, [])


def resume(
    administration: Administration, known: RegisteredPayment, plan: RemovePlan, payments: list[Paid]
) -> Rejection | None:
    """Go on where an earlier run was cut off; when nothing was removed yet, forget the plan. Returns as `take_back`.

    Args:
        administration: The administration.
        known: The payment.
        plan: What is under way.
        payments: What stands in Teamleader now.
    """
    if plan.step is RemovalStep.REMOVE and not were_removed(plan.before, payments):
        administration.payments.withdraw(known.invoice_id)
        return None
    return _restore(administration, _PendingRemoval(known.invoice_id, known.number, known.currency, plan), payments)


def _restore(administration: Administration, pending: _PendingRemoval, payments: list[Paid]) -> Rejection | None:
    """Register again what has to stand there and is not among `payments`."""
    plan, currency = pending.plan, pending.currency
    refused: list[Paid] = []
    while left := missing(missing(plan.again, payments), refused):
        each = left[0]
        administration.payments.progress(
            pending.invoice_id, step=RemovalStep.RESTORE, sent_at=administration.client.service_now()
        )
        try:
            send(administration, pending.invoice_id, currency, each)
        except RecordRefused:
            refused.append(each)
        except OutcomeUnknown:
            now = _look_for_more(administration, pending, payments)
            if now is None:
                return unknown()
            payments = now
        else:
            payments = [*payments, each]
    if refused:
        administration.payments.progress(pending.invoice_id, sent_at=None)
        return Rejection.of("payments_not_restored", f"Teamleader does not take back {_listed(refused, currency)}")
    administration.payments.confirm(
        pending.invoice_id, settled=plan.settled, settlements=plan.settlements, registered=plan.registered
    )
    administration.outcomes.solve(pending.invoice_id)
    administration.outcomes.done("taken back", pending.number, f"{plan.amount} {currency}")
    return None


def _left_after_removal(administration: Administration, pending: _PendingRemoval) -> list[Paid] | None:
    """Return what stands there when something that stood there is gone."""
    found = administration.invoices.with_payments(pending.invoice_id)
    return found[1] if found is not None and were_removed(pending.plan.before, found[1]) else None


def _look_for_more(
    administration: Administration, pending: _PendingRemoval, payments: Sequence[Paid]
) -> list[Paid] | None:
    """Return what stands there when it is more than was known."""
    lacking = len(missing(pending.plan.again, payments))

    def search() -> list[Paid] | None:
        found = administration.invoices.with_payments(pending.invoice_id)
        return found[1] if found is not None and len(missing(pending.plan.again, found[1])) < lacking else None

    return look_again(search, administration.interruption)


def _listed(payments: Sequence[Paid], currency: str) -> str:
    return ", ".join(f"{each.amount} {currency} of {day_of(each.paid_at)}" for each in payments)
