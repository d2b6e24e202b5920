"""A payment as an entry of a general journal: intent committed, entry sent, its id committed with what its lines say.

As with sales entries a POST is never sent twice. Its text holds a reference of our own, made from the payment itself,
so that the entry is found again after an answer that did not come, a run that was cut off, or a lost store.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from connector_store import BookedPaymentDetail
from exactonline_api.errors import AccessDenied, ApiError, OutcomeUnknown, RecordRefused
from singer_shell.stop import Interrupted
from singer_shell.unknown_outcomes import Unanswered, look_again
from target_exactonline.booking.periods import place_in_period
from target_exactonline.payments import clearing
from target_exactonline.payments.amounts import PaymentEntry, PaymentEntryPlan, description
from target_exactonline.payments.search import lines_by_text, lines_of_entry
from target_exactonline.reasons import Rejected, Rejection, closed_period, explain

if TYPE_CHECKING:
    from connector_store import BookedPayment
    from connector_store.division_store import DivisionStore
    from exactonline_api import ExactClient
    from target_exactonline.administration import Administration
    from target_exactonline.payments.amounts import PlannedPayment, Receivable

Row = dict[str, Any]

ENTRIES = "generaljournalentry/GeneralJournalEntries"
_KEPT_CODES = frozenset({"period_closed", "period_missing", "customer_blocked"})
"""Meanings of a refusal that say of a payment what they say of a document."""


@dataclass(frozen=True)
class PaymentToBook:
    """A payment, or a part of one, that is to be booked."""

    source_id: str
    invoice_id: str
    number: str
    receivable: Receivable
    planned: PlannedPayment

    @property
    def text(self) -> str:
        """Return what the entry is found by."""
        return description(self.number, self.planned.mark)


class PaymentEntries:
    """Books payments."""

    def __init__(self, administration: Administration) -> None:
        self._administration = administration
        self._booked_payments = administration.store.booked_payments
        self._unanswered = Unanswered("Exact", "payments")

    def look_up(self, payments: list[PaymentToBook]) -> dict[str, list[Row]]:
        """Find the entries that are there already, by their text: one call per 40."""
        return lines_by_text(
            self._administration.client,
            str(self._administration.rules.payment_journal),
            [each.text for each in payments],
        )

    def book(self, payment: PaymentToBook, there: list[Row]) -> Rejection | None:
        """Book one payment, or a part of one.

        Args:
            payment: What to book.
            there: Lines of the entry that a lost store left in Exact.

        Returns:
            Why it was not booked, None when it was.

        Raises:
            RunEnded, ApiError: The run cannot go on; what was done is committed.
        """
        self._administration.interruption.check()
        try:
            refusal = self._adopt(payment, there) if there else self._post(payment)
        except Rejected as rejected:
            refusal = rejected.rejection
        self._unanswered.count(None if refusal is None else refusal.code)
        return refusal

    def _plan(self, payment: PaymentToBook) -> PaymentEntryPlan:
        rules, master = self._administration.rules, self._administration.master
        if not payment.planned.paid.day:
            raise Rejected(
                Rejection.of("payment_unclear", "The payment has no day, or is in another currency than the invoice")
            )
        journal = clearing.payment_journal(rules, master)
        return PaymentEntryPlan(
            journal=journal.code,
            clearing=clearing.clearing_account(rules, master),
            receivable=payment.receivable,
            planned=payment.planned,
            entry_date=place_in_period(date.fromisoformat(payment.planned.paid.day), rules, master.periods),
            rate=clearing.payment_rate(payment.receivable, journal, master),
            text=payment.text,
        )

    def _adopt(self, payment: PaymentToBook, there: list[Row]) -> Rejection | None:
        if not self._administration.dry_run:
            self._intend(payment, str(there[0]["JournalCode"]))
            return self._accept(payment, there)
        self._done(payment)
        return None

    def _post(self, payment: PaymentToBook) -> Rejection | None:
        try:
            plan = self._plan(payment)
        except Rejected as rejected:
            if not self._administration.look_again_for(rejected.rejection.code):
                raise
            plan = self._plan(payment)
        if self._administration.dry_run:
            self._done(payment)
            return None
        if not self._administration.breaker.allows(ENTRIES):
            return Rejection.of("error_budget", "Exact refused many payments in the last hour")
        refusal = self._send(payment, plan)
        while (
            refusal is not None
            and refusal.code == "period_closed"
            and self._administration.rules.on_closed_period != "hold"
        ):
            moved = self._plan(payment)
            if moved.entry_date == plan.entry_date:
                return refusal
            plan = moved
            there = self.look_up([payment]).get(payment.text)
            refusal = self._adopt(payment, there) if there else self._send(payment, plan)
        return refusal

    def _send(self, payment: PaymentToBook, plan: PaymentEntryPlan) -> Rejection | None:
        client, journal = self._administration.client, plan.journal
        self._intend(payment, journal)
        try:
            row = client.post(ENTRIES, plan.body())
        except RecordRefused as error:
            self._booked_payments.withdraw(payment.source_id)
            return self._learn(plan, error)
        except AccessDenied as error:
            self._booked_payments.withdraw(payment.source_id)
            return Rejection.of("payment_refused", str(error))
        except OutcomeUnknown:
            found = look_again(
                lambda: lines_by_text(client, journal, [payment.text]).get(payment.text),
                self._administration.interruption,
            )
            return self._accept(payment, found, is_ours=True) if found else _unknown()
        except (ApiError, Interrupted):
            self._booked_payments.withdraw(payment.source_id)
            raise
        entry_id = str(row["EntryID"])
        lines = lines_of_entry(client, entry_id)
        if lines:
            return self._accept(payment, lines, is_ours=True)
        self._booked_payments.confirm(
            payment.source_id, exact_id=entry_id, entry_number=row.get("EntryNumber"), is_whole=False
        )
        return unread(row.get("EntryNumber"))

    def _intend(self, payment: PaymentToBook, journal: str) -> None:
        paid = payment.planned.paid
        self._booked_payments.intend(
            payment.source_id,
            invoice_id=payment.invoice_id,
            number=payment.number,
            amount=payment.planned.amount,
            currency=payment.receivable.currency,
            paid_at=paid.day,
            detail=BookedPaymentDetail(
                paid=paid.amount,
                journal=journal,
                text=payment.text,
                gl_account=payment.receivable.gl_account,
                sent_at=self._administration.client.service_now(),
            ),
        )

    def _accept(self, payment: PaymentToBook, lines: list[Row], *, is_ours: bool = False) -> Rejection | None:
        """Take over an entry that stands in Exact; one of this very run that differs from what was sent goes again."""
        entry = PaymentEntry.from_lines(lines, payment.receivable.gl_account, payment.planned.amount)
        if is_ours and not entry.is_whole:
            self._administration.breaker.record(ENTRIES, "payment_differs", 500)
            if self._took_back(entry):
                self._booked_payments.withdraw(payment.source_id)
                return other_lines(entry.entry_number)
        refusal = accept(self._administration.store, payment.source_id, entry)
        if refusal is None:
            self._done(payment)
        return refusal

    def _took_back(self, entry: PaymentEntry) -> bool:
        try:
            self._administration.client.delete(ENTRIES, entry.entry_id)
        except (RecordRefused, OutcomeUnknown):
            return False
        return True

    def _learn(self, plan: PaymentEntryPlan, error: RecordRefused) -> Rejection:
        refusal = explain(error.messages)
        code = refusal.code if refusal.code in _KEPT_CODES else "payment_refused"
        self._administration.breaker.record(ENTRIES, code, error.status)
        if code == "period_closed":
            self._administration.learn_closed(plan.entry_date, closed_period(error.messages))
        return Rejection.of(code, refusal.reason, date=plan.entry_date)

    def _done(self, payment: PaymentToBook) -> None:
        told = {"amount": payment.planned.amount, "currency": payment.receivable.currency}
        text = f"{payment.planned.amount} {payment.receivable.currency}"
        self._administration.outcomes.done("payments booked", "payment of", payment.number, text=text, plan=told)


def accept(store: DivisionStore, source_id: str, entry: PaymentEntry) -> Rejection | None:
    """Commit a payment whose entry stands in Exact, and say when it is not as it was sent: then a person was there."""
    store.booked_payments.confirm(
        source_id,
        exact_id=entry.entry_id,
        entry_number=entry.entry_number,
        name=entry.name,
        amount_dc=entry.amount_dc,
        is_whole=entry.is_whole,
    )
    return None if entry.is_whole else other_lines(entry.entry_number)


def read_again(client: ExactClient, store: DivisionStore, booked: BookedPayment, receivable: str) -> Rejection | None:
    """Look at the lines of an entry that were not there, or not as they were sent: one call. Returns as `accept`."""
    lines = lines_of_entry(client, str(booked.exact_id))
    if not lines:
        return unread(booked.entry_number)
    return accept(store, booked.source_id, PaymentEntry.from_lines(lines, receivable, booked.amount))


def unread(entry_number: int | None) -> Rejection:
    """Say that Exact booked a payment, but does not show yet how."""
    return Rejection.of("outcome_unknown", f"Exact does not show the lines of entry {entry_number} of the payment yet")


def other_lines(entry_number: int | None) -> Rejection:
    """Say that an entry does not book what was paid."""
    return Rejection.of("payment_differs", f"Entry {entry_number} of the payment has other lines than were sent")


def _unknown() -> Rejection:
    return Rejection.of("outcome_unknown", "Exact gave no answer to the payment that was sent")
