"""Takes back what was registered for a matching that was undone in Exact.

Teamleader removes all payments of an invoice or none. So what stands there is noted first, all is removed, and what was
not ours, or still holds, is registered again. The notes are committed before each step; whoever goes on after a crash
compares them with what stands there, and registers only what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from singer_shell.stop import Interrupted
from target_teamleader.reckoning import to_take_back
from target_teamleader.rejection import Rejection
from target_teamleader.taking_back import day_of, missing, plan_removal, were_removed
from target_teamleader.writing.sending import invoice_missing, look_again, refusal, send, unknown
from teamleader_api import ApiError, OutcomeUnknown, RecordRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from connector_store import Payment
    from target_teamleader.books import Books
    from target_teamleader.claims import Claim
    from target_teamleader.reckoning import Handled
    from target_teamleader.taking_back import Paid, Removal

REMOVE, RESTORE = "remove", "restore"


def take_back(books: Books, claim: Claim, memory: Payment, handled: Handled) -> Rejection | None:
    """Take back what of ours is not settled any more.

    Returns:
        Why it could not be done, None when it was.

    Raises:
        ApiError: The run cannot go on. What is half done is finished by the next run.
    """
    found = books.invoices.with_payments(memory.invoice_id)
    if found is None:
        return invoice_missing()
    invoice, payments = found
    if claim.currency not in {None, invoice.currency}:
        return Rejection.of("currency_differs", "The entry is in another currency than the invoice")
    removal = plan_removal(payments, memory.registered, to_take_back(claim, handled, invoice.due))
    number = claim.number or memory.number
    if books.settings.dry_run:
        books.outcomes.done("taken back", number, f"{removal.amount} {invoice.currency}")
    elif removal.amount:
        return _remove(books, claim, memory, _Under(invoice.id, number, invoice.currency, _plan(claim, removal)))
    else:
        books.payments.confirm(
            invoice.id, settled=claim.settled, settlements=claim.parts, registered=removal.registered
        )
        books.outcomes.in_order(invoice.id)
        books.outcomes.done("nothing of ours", number)
    return None


class _Under(NamedTuple):
    """What is under way."""

    invoice_id: str
    number: str | None
    currency: str
    plan: dict[str, Any]


def _plan(claim: Claim, removal: Removal) -> dict[str, Any]:
    return {
        "verb": REMOVE,
        "step": REMOVE,
        "amount": removal.amount,
        "settled": claim.settled,
        "settlements": claim.parts,
        "before": removal.before,
        "again": removal.again,
        "registered": removal.registered,
    }


def _remove(books: Books, claim: Claim, memory: Payment, under: _Under) -> Rejection | None:
    books.payments.intend(
        under.invoice_id,
        exact_id=claim.id,
        number=under.number,
        currency=under.currency,
        entry_number=claim.entry_number or memory.entry_number,
        plan=under.plan,
    )
    try:
        books.client.call("invoices.removePayments", {"id": under.invoice_id})
    except RecordRefused as error:
        books.payments.withdraw(under.invoice_id)
        return refusal(error)
    except OutcomeUnknown:
        now = look_again(lambda: _left_after_removal(books, under), books.interruption)
        return unknown() if now is None else _restore(books, under, now)
    except (ApiError, Interrupted):
        books.payments.withdraw(under.invoice_id)
        raise
    return _restore(books, under, [])


def resume(books: Books, memory: Payment, payments: list[Paid]) -> Rejection | None:
    """Go on where an earlier run was cut off; when nothing was removed yet, forget the plan. Returns as `take_back`.

    Args:
        books: The administration.
        memory: What is under way.
        payments: What stands in Teamleader now.
    """
    plan = memory.plan or {}
    if plan["step"] == REMOVE and not were_removed(plan["before"], payments):
        books.payments.withdraw(memory.invoice_id)
        return None
    return _restore(books, _Under(memory.invoice_id, memory.number, memory.currency, plan), payments)


def _restore(books: Books, under: _Under, payments: list[Paid]) -> Rejection | None:
    """Register again what has to stand there and is not among `payments`."""
    plan, currency = under.plan, under.currency
    books.payments.progress(under.invoice_id, step=RESTORE)
    refused: list[Paid] = []
    while left := missing(missing(plan["again"], payments), refused):
        each = left[0]
        try:
            send(books, under.invoice_id, currency, each)
        except RecordRefused:
            refused.append(each)
        except OutcomeUnknown:
            now = _look_for_more(books, under, payments)
            if now is None:
                return unknown()
            payments = now
        else:
            payments = [*payments, each]
    if refused:
        return Rejection.of("payments_not_restored", f"Teamleader does not take back {_listed(refused, currency)}")
    told = {name: plan[name] for name in ("settled", "settlements", "registered")}
    books.payments.confirm(under.invoice_id, **told)
    books.outcomes.in_order(under.invoice_id)
    books.outcomes.done("taken back", under.number, f"{plan['amount']} {currency}")
    return None


def _left_after_removal(books: Books, under: _Under) -> list[Paid] | None:
    """Return what stands there when something that stood there is gone."""
    found = books.invoices.with_payments(under.invoice_id)
    return found[1] if found is not None and were_removed(under.plan["before"], found[1]) else None


def _look_for_more(books: Books, under: _Under, payments: Sequence[Paid]) -> list[Paid] | None:
    """Return what stands there when it is more than was known."""
    lacking = len(missing(under.plan["again"], payments))

    def search() -> list[Paid] | None:
        found = books.invoices.with_payments(under.invoice_id)
        return found[1] if found is not None and len(missing(under.plan["again"], found[1])) < lacking else None

    return look_again(search, books.interruption)


def _listed(payments: Sequence[Paid], currency: str) -> str:
    return ", ".join(f"{each['amount']} {currency} of {day_of(str(each['paid_at']))}" for each in payments)
