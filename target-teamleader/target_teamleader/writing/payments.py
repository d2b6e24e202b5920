"""Decides what each record of a batch needs: nothing, a payment, a payment taken back, or a person."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from target_teamleader.claims import Claim, money, newest
from target_teamleader.errors import RunEnded
from target_teamleader.reckoning import Handled, Step, first_look, is_still_unmatched, reckon
from target_teamleader.rejection import Rejection
from target_teamleader.writing.naming import Named, kept_as, name_invoices
from target_teamleader.writing.registering import register
from target_teamleader.writing.removing import take_back
from target_teamleader.writing.sending import invoice_missing, unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector_store import Payment
    from target_teamleader.books import Books
    from target_teamleader.invoices import Invoice

Record = dict[str, Any]

PATIENCE = 3
"""So many payments in a row without an answer end the run: Teamleader is not well."""


class Payments:
    """Brings Teamleader in line with what the books have settled."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._silences = 0

    def handle(self, records: Iterable[Record]) -> None:
        """Handle a batch of at most 100 records.

        Args:
            records: Valid records of `payments`, all of one administration.

        Raises:
            RunEnded, ApiError: The run cannot go on; what was done is committed.
        """
        claims = []
        for record in newest(records):
            if record.get("problems"):
                self._refuse_mapped(record)
            else:
                claims.append(Claim.of(record))
        self._books.outcomes.take_up(*(claim.id for claim in claims))
        named, unclear = name_invoices(self._books, claims)
        for claim, rejection in unclear:
            self._books.outcomes.reject(claim.id, claim.record, rejection)
        memory = self._books.payments.get_many([each.invoice_id for each in named])
        asking = [each for each in named if self._asks(each, memory.get(each.invoice_id))]
        if asking:
            self._look(asking)

    def _refuse_mapped(self, record: Record) -> None:
        """Keep what the mapper could not express, under the invoice's id when a link tells it."""
        problem = record["problems"][0]
        self._books.outcomes.reject(
            kept_as(self._books, record["id"]), record, Rejection.of(problem["code"], problem["message"])
        )

    def _asks(self, named: Named, memory: Payment | None) -> bool:
        """Tell whether Teamleader has to be looked at; see to all that needs no look."""
        claim, outcomes = named.claim, self._books.outcomes
        outcomes.take_up(named.invoice_id)
        if memory is not None and memory.plan is not None:
            outcomes.hold(memory, claim.record, unknown())
            return False
        handled = self._handled(named.invoice_id, memory)
        step = first_look(claim, handled, remove=self._books.settings.remove)
        if step is Step.NOTHING:
            if handled.reported is None:
                outcomes.in_order(named.invoice_id, claim.id)
            outcomes.done("unchanged", claim.number)
            return False
        if not claim.deleted and named.linked_amount not in {None, claim.amount}:
            reason = f"The receivable in Exact is {claim.amount}, the invoice {named.linked_amount} {claim.currency}"
            outcomes.reject(named.invoice_id, claim.record, Rejection.of("receivable_incomplete", reason))
            return False
        if step is Step.REPORT:
            self._report(named, handled)
            return False
        return True

    def _handled(self, invoice_id: str, memory: Payment | None) -> Handled:
        if memory is None:
            return Handled()
        parts = tuple((money(each["amount"]), str(each["date"])) for each in memory.settlements)
        return Handled(memory.settled, self._books.outcomes.reported(invoice_id), parts)

    def _report(self, named: Named, handled: Handled) -> None:
        claim = named.claim
        if claim.deleted:
            reason = "The entry was deleted in Exact"
        else:
            reason = f"Of {handled.settled} {claim.currency} that was settled, {claim.settled} still is"
        self._books.outcomes.reject(named.invoice_id, claim.record, Rejection.of("unmatched_in_exact", reason))

    def _look(self, asking: list[Named]) -> None:
        books = self._books
        invoices = books.invoices.by_ids([each.invoice_id for each in asking])
        handled_here: set[str] = set()
        for named in asking:
            books.interruption.check()
            if named.invoice_id in handled_here:  # two entries of one invoice: what was listed is not true any more
                invoices.update(books.invoices.by_ids([named.invoice_id]))
            handled_here.add(named.invoice_id)
            refusal = self._one(named, invoices.get(named.invoice_id))
            if refusal is not None:
                books.outcomes.reject(named.invoice_id, named.claim.record, refusal)
            else:
                books.outcomes.in_order(named.claim.id)
            self._mind_silence(refusal)

    def _one(self, named: Named, invoice: Invoice | None) -> Rejection | None:
        books, claim = self._books, named.claim
        if invoice is None:
            return invoice_missing()
        if claim.currency not in {None, invoice.currency}:
            reason = f"The entry is in {claim.currency}, the invoice in {invoice.currency}"
            return Rejection.of("currency_differs", reason)
        memory = books.payments.get(named.invoice_id)
        handled = self._handled(named.invoice_id, memory)
        if memory is not None and first_look(claim, handled, remove=books.settings.remove) is Step.TAKE_BACK:
            return take_back(books, claim, memory, handled)
        registration = reckon(claim, handled, invoice.due, datetime.now(timezone.utc).date().isoformat())
        if registration is not None:
            return register(books, claim, invoice, registration, memory)
        if is_still_unmatched(claim, handled):
            self._report(named, handled)
            return None
        self._note(named, invoice)
        return None

    def _note(self, named: Named, invoice: Invoice) -> None:
        """Remember that Teamleader shows already what is settled."""
        books, claim = self._books, named.claim
        if not books.settings.dry_run:
            books.payments.note(
                invoice.id,
                exact_id=claim.id,
                number=claim.number or invoice.number,
                currency=invoice.currency,
                entry_number=claim.entry_number,
                settled=claim.settled,
                settlements=claim.parts,
            )
        books.outcomes.in_order(invoice.id)
        books.outcomes.done("paid already", claim.number)

    def _mind_silence(self, refusal: Rejection | None) -> None:
        silent = refusal is not None and refusal.code == "outcome_unknown"
        self._silences = self._silences + 1 if silent else 0
        if self._silences >= PATIENCE:
            raise RunEnded(
                f"Teamleader gave no answer to {PATIENCE} payments in a row; the next run looks them up before it "
                "sends any."
            )
