"""Decides what each record of a batch needs: nothing, a payment, a payment taken back, or a person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from connector_store.link import How
from singer_shell.unknown_outcomes import Unanswered
from target_teamleader.outcomes import INCOMPLETE, UNEXPLAINED, UNMATCHED
from target_teamleader.reasons.rejection import Rejection
from target_teamleader.rules.exact_entry import ZERO, ExactEntry, money, newest_versions
from target_teamleader.rules.ownership import still_standing
from target_teamleader.rules.payment_gap import (
    Action,
    LastSync,
    credited_in_teamleader,
    is_less,
    missing_payment,
    paid_beyond,
    required_action,
)
from target_teamleader.writing.entry_numbers import tell_entry_numbers
from target_teamleader.writing.invoice_of_entry import IdentifiedEntry, identify_invoices, reject_id
from target_teamleader.writing.registering import register, today
from target_teamleader.writing.removing import nothing_of_ours, take_back
from target_teamleader.writing.requests import awaited, invoice_missing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from connector_store import Paid, RegisteredPayment
    from target_teamleader.administration import Administration
    from target_teamleader.invoice_search import Invoice

Record = dict[str, Any]


class PaymentWriter:
    """Brings Teamleader in line with what Exact has settled."""

    def __init__(self, administration: Administration) -> None:
        self._administration = administration
        self._unanswered = Unanswered("Teamleader", "payments")

    def handle(self, records: Iterable[Record]) -> None:
        """Handle a batch of at most 100 records.

        Args:
            records: Valid records of `payments`, all of one administration.

        Raises:
            RunEnded, ApiError: The run cannot go on; what was done is committed.
        """
        entries = []
        for record in newest_versions(records):
            if record.get("problems"):
                self._reject_unmapped(record)
            else:
                entries.append(ExactEntry.of(record))
        self._administration.outcomes.mark_seen(*(entry.id for entry in entries))
        identified, unclear = identify_invoices(self._administration, entries)
        for entry, rejection in unclear:
            self._administration.outcomes.reject(entry.id, entry.record, rejection)
        tell_entry_numbers(self._administration, identified)
        known = self._administration.payments.get_many([each.invoice_id for each in identified])
        to_compare = [each for each in identified if self._needs_a_look(each, known.get(each.invoice_id))]
        if to_compare:
            self._compare(to_compare)

    def _reject_unmapped(self, record: Record) -> None:
        """Keep what the mapper could not express, under the invoice's id when a link tells it."""
        problem = record["problems"][0]
        self._administration.outcomes.reject(
            reject_id(self._administration, record["id"]), record, Rejection.of(problem["code"], problem["message"])
        )

    def _needs_a_look(self, identified: IdentifiedEntry, known: RegisteredPayment | None) -> bool:
        """Tell whether Teamleader has to be looked at; see to all that needs no look."""
        entry, outcomes = identified.entry, self._administration.outcomes
        outcomes.mark_seen(identified.invoice_id)
        if known is not None and known.plan is not None:
            outcomes.hold(known, entry.record, awaited())
            return False
        action = required_action(entry, _last_sync(known), remove=self._administration.settings.remove)
        if action is Action.NOTHING and not self._is_doubtful(identified, known):
            outcomes.solve(identified.invoice_id, entry.id)
            outcomes.done("unchanged", entry.number)
            return False
        if not entry.deleted and identified.linked_amount not in {None, entry.amount}:
            reason = (
                f"The receivable in Exact is {entry.amount}, the invoice {identified.linked_amount} {entry.currency}"
            )
            outcomes.reject(identified.invoice_id, entry.record, Rejection.of(INCOMPLETE, reason))
            return False
        return True

    def _compare(self, to_compare: list[IdentifiedEntry]) -> None:
        administration = self._administration
        invoices = administration.invoices.by_ids([each.invoice_id for each in to_compare])
        done_here: set[str] = set()
        for identified in to_compare:
            administration.interruption.check()
            if identified.invoice_id in done_here:  # two entries of one invoice: what was listed is not true any more
                invoices.update(administration.invoices.by_ids([identified.invoice_id]))
            done_here.add(identified.invoice_id)
            refusal = self._bring_in_line(identified, invoices.get(identified.invoice_id))
            if refusal is not None:
                administration.outcomes.reject(identified.invoice_id, identified.entry.record, refusal)
                if refusal.code == UNMATCHED and not administration.settings.dry_run:
                    administration.payments.report(identified.invoice_id, identified.entry.settled)
            else:
                administration.outcomes.solve(identified.entry.id)
            self._unanswered.count(None if refusal is None else refusal.code)

    def _bring_in_line(self, identified: IdentifiedEntry, invoice: Invoice | None) -> Rejection | None:
        administration, entry = self._administration, identified.entry
        known = administration.payments.get(identified.invoice_id)
        action = required_action(entry, _last_sync(known), remove=administration.settings.remove)
        if known is not None and action is Action.TAKE_BACK:
            return self._take_back(entry, known, invoice)
        if invoice is None and action is Action.NOTHING:  # only a look at what nobody remembers: the documents tell it
            administration.outcomes.solve(identified.invoice_id)
            administration.outcomes.done("unchanged", entry.number)
            return None
        if invoice is None:
            return invoice_missing()
        if entry.currency not in {None, invoice.currency} and invoice.due:
            reason = f"The entry is in {entry.currency}, the invoice in {invoice.currency}"
            return Rejection.of("currency_differs", reason)
        return self._register(identified, invoice, known)

    def _take_back(self, entry: ExactEntry, known: RegisteredPayment, invoice: Invoice | None) -> Rejection | None:
        administration, last_sync = self._administration, _last_sync(known)
        if invoice is None:
            nothing_of_ours(administration, entry, known, ())
            return None
        if self._is_reported(entry, last_sync, invoice):
            administration.outcomes.done("unchanged", entry.number)
            return None
        return take_back(administration, entry, known, last_sync)

    def _register(
        self, identified: IdentifiedEntry, invoice: Invoice, known: RegisteredPayment | None
    ) -> Rejection | None:
        administration, entry, last_sync = self._administration, identified.entry, _last_sync(known)
        doubtful = self._is_doubtful(identified, known) and paid_beyond(entry, invoice.due) > 0
        if doubtful and not invoice.due and administration.outcomes.code_of(invoice.id) == UNEXPLAINED:
            administration.outcomes.done("unchanged", entry.number)
            return None
        invoice, payments, credited = self._with_credits(invoice, known, doubtful=doubtful)
        shown = None
        if known is not None and known.reported is not None and payments is not None:
            # Who was told of an undone matching may have removed the payment since.
            shown = sum((each.amount for each in payments), ZERO)
            known = replace(known, registered=tuple(still_standing(known.registered, payments)))
        payment = missing_payment(entry, last_sync, invoice.due, today(), credited=credited, shown=shown)
        if payment is not None:
            return register(administration, entry, invoice, payment, known)
        if known is not None and is_less(entry, last_sync):
            return take_back(administration, entry, known, last_sync)
        if doubtful and (beyond := paid_beyond(entry, invoice.due, credited=credited)):
            reason = f"{beyond} {invoice.currency} more is paid in Teamleader than is settled in Exact"
            return Rejection.of(UNEXPLAINED, f"{reason}, and the store holds nothing of it")
        self._note(identified, invoice)
        return None

    def _is_reported(self, entry: ExactEntry, last_sync: LastSync, invoice: Invoice) -> bool:
        """Tell whether a person was told of this, and has not removed a payment since: the invoice is paid still."""
        administration = self._administration
        is_told = administration.outcomes.code_of(invoice.id) == UNMATCHED and last_sync.reported == entry.settled
        return is_told and not invoice.due and not administration.settings.remove

    def _is_doubtful(self, identified: IdentifiedEntry, known: RegisteredPayment | None) -> bool:
        """Tell whether payments of this entry may be unknown to the store: it was there before the store, or its copy.

        A matching of it may have been registered and undone meanwhile, which nobody but Teamleader's payments tells.
        """
        link, until = identified.link, self._administration.doubtful_until
        if link is None or identified.entry.deleted:
            return False
        if known is None and link.how in {How.ADOPTED, How.MATCHED}:
            return True
        return until is not None and (link.created_at if known is None else known.updated_at) < until

    def _with_credits(
        self, invoice: Invoice, known: RegisteredPayment | None, *, doubtful: bool
    ) -> tuple[Invoice, list[Paid] | None, Decimal]:
        """Return what Teamleader deducted for credit notes; its payments are read only when that may count."""
        ours = _last_sync(known).registered
        if invoice.due == invoice.payable - ours or not (invoice.due or doubtful):
            return invoice, None, ZERO
        found = self._administration.invoices.with_payments(invoice.id)
        if found is None:
            return invoice, None, ZERO
        invoice, payments = found
        amounts = (each.amount for each in payments)
        return invoice, payments, credited_in_teamleader(invoice.payable, amounts, invoice.due)

    def _note(self, identified: IdentifiedEntry, invoice: Invoice) -> None:
        """Remember that Teamleader shows already what is settled."""
        administration, entry = self._administration, identified.entry
        if not administration.settings.dry_run:
            administration.payments.note(
                invoice.id,
                exact_id=entry.id,
                number=entry.number or invoice.number,
                currency=invoice.currency,
                entry_number=entry.entry_number,
                settled=entry.settled,
                settlements=entry.parts,
            )
        administration.outcomes.solve(invoice.id)
        administration.outcomes.done("paid already", entry.number)


def _last_sync(known: RegisteredPayment | None) -> LastSync:
    if known is None:
        return LastSync()
    parts = tuple((money(each.amount), each.date) for each in known.settlements)
    registered = sum((money(each.amount) for each in known.registered), ZERO)
    return LastSync(known.settled, known.reported, parts, registered)
