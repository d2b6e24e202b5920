"""A payment as an entry of a general journal: intent committed, entry sent, its lines read, receipt committed.

As with sales entries a POST is never sent twice. Its text holds a reference of our own, made from the payment itself,
so that the entry is found again after an answer that did not come, a run that was cut off, or a lost memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any

from exactonline_api.errors import AccessDenied, ApiError, OutcomeUnknown, RecordRefused
from singer_shell.endings import RunEnded
from target_exactonline.booking import Rejection, clearing, closed_period, explain
from target_exactonline.booking.periods import place_in_period
from target_exactonline.booking.receipts import BookedReceipt, ReceiptPlan, description
from target_exactonline.booking.rejection import Rejected
from target_exactonline.writing import settle
from target_exactonline.writing.lookups import lines_by_text, lines_of_entry

if TYPE_CHECKING:
    from connector_store import Receipt
    from connector_store.memory import Memory
    from exactonline_api import ExactClient
    from singer_shell.stop import Interruption
    from target_exactonline.booking.receipts import Portion, Receivable
    from target_exactonline.books import Books

Row = dict[str, Any]

ENTRIES = "generaljournalentry/GeneralJournalEntries"
PATIENCE = 3
"""So many payments in a row without an answer end the run: Exact is not well."""
_KEPT_CODES = frozenset({"period_closed", "period_missing", "customer_blocked"})
"""Meanings of a refusal that say of a payment what they say of a document."""


@dataclass(frozen=True)
class Booking:
    """A portion of a payment that is to be booked."""

    source_id: str
    invoice_id: str
    number: str
    receivable: Receivable
    portion: Portion

    @property
    def text(self) -> str:
        """Return what the entry is found by."""
        return description(self.number, self.portion.mark)


class ReceiptEntries:
    """Books payments."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._receipts = books.memory.receipts
        self._silences = 0

    def look_up(self, bookings: list[Booking]) -> dict[str, list[Row]]:
        """Find the entries that are there already, by their text: one call per 40."""
        return lines_by_text(
            self._books.client, str(self._books.rules.payment_journal), [each.text for each in bookings]
        )

    def book(self, booking: Booking, there: list[Row]) -> Rejection | None:
        """Book one portion of a payment.

        Args:
            booking: What to book.
            there: Lines of the entry that a lost memory left in Exact.

        Returns:
            Why it was not booked, None when it was.

        Raises:
            RunEnded, ApiError: The run cannot go on; what was done is committed.
        """
        self._books.interruption.check()
        try:
            refusal = self._adopt(booking, there) if there else self._post(booking)
        except Rejected as rejected:
            refusal = rejected.rejection
        silent = refusal is not None and refusal.code == "outcome_unknown"
        self._silences = self._silences + 1 if silent else 0
        if self._silences >= PATIENCE:
            raise RunEnded(
                f"Exact gave no answer to {PATIENCE} payments in a row; the next run looks them up before it sends any."
            )
        return refusal

    def _plan(self, booking: Booking) -> ReceiptPlan:
        rules, master = self._books.rules, self._books.master
        if not booking.portion.paid.day:
            raise Rejected(
                Rejection.of("payment_unclear", "The payment has no day, or is in another currency than the invoice")
            )
        journal = clearing.payment_journal(rules, master)
        return ReceiptPlan(
            journal=journal.code,
            clearing=clearing.clearing_account(rules, master),
            receivable=booking.receivable,
            portion=booking.portion,
            entry_date=place_in_period(date.fromisoformat(booking.portion.paid.day), rules, master.periods),
            rate=clearing.payment_rate(booking.receivable, journal, master),
            text=booking.text,
        )

    def _adopt(self, booking: Booking, there: list[Row]) -> Rejection | None:
        if not self._books.dry_run:
            self._intend(booking, str(there[0]["JournalCode"]))
            return self._accept(booking, there)
        self._done(booking)
        return None

    def _post(self, booking: Booking) -> Rejection | None:
        plan = self._plan(booking)
        if self._books.dry_run:
            self._done(booking)
            return None
        if not self._books.gate.is_open(ENTRIES):
            return Rejection.of("error_budget", "Exact refused many payments in the last hour")
        refusal = self._send(booking, plan)
        while refusal is not None and refusal.code == "period_closed" and self._books.rules.on_closed_period != "hold":
            moved = self._plan(booking)
            if moved.entry_date == plan.entry_date:
                return refusal
            plan = moved
            refusal = self._send(booking, plan)
        return refusal

    def _send(self, booking: Booking, plan: ReceiptPlan) -> Rejection | None:
        client, journal = self._books.client, plan.journal
        self._intend(booking, journal)
        try:
            row = client.post(ENTRIES, plan.body())
        except RecordRefused as error:
            self._receipts.withdraw(booking.source_id)
            return self._learn(plan, error)
        except AccessDenied as error:
            self._receipts.withdraw(booking.source_id)
            return Rejection.of("payment_refused", str(error))
        except OutcomeUnknown:
            found = settle.look_again(
                lambda: lines_by_text(client, journal, [booking.text]).get(booking.text), self._books.interruption
            )
            return self._accept(booking, found) if found else _unknown()
        except ApiError:
            self._receipts.withdraw(booking.source_id)
            raise
        lines = lines_of_entry(client, str(row.get("EntryID")))
        return self._accept(booking, lines) if lines else _unknown()

    def _intend(self, booking: Booking, journal: str) -> None:
        paid = booking.portion.paid
        self._receipts.intend(
            booking.source_id,
            invoice_id=booking.invoice_id,
            number=booking.number,
            amount=booking.portion.amount,
            currency=booking.receivable.currency,
            paid_at=paid.day,
            detail={
                "paid": paid.amount,
                "journal": journal,
                "text": booking.text,
                "gl_account": booking.receivable.gl_account,
            },
        )

    def _accept(self, booking: Booking, lines: list[Row]) -> Rejection | None:
        refusal = accept(
            self._books.client, self._books.memory, booking.source_id, lines, booking.receivable.gl_account
        )
        if refusal is None:
            self._done(booking)
        else:
            self._books.gate.record(ENTRIES, refusal.code, 500)
        return refusal

    def _learn(self, plan: ReceiptPlan, error: RecordRefused) -> Rejection:
        refusal = explain(error.messages)
        code = refusal.code if refusal.code in _KEPT_CODES else "payment_refused"
        self._books.gate.record(ENTRIES, code, error.status)
        if code == "period_closed":
            self._books.learn_closed(plan.entry_date, closed_period(error.messages))
        return Rejection.of(code, refusal.reason, date=plan.entry_date)

    def _done(self, booking: Booking) -> None:
        amount = f"{booking.portion.amount} {booking.receivable.currency}"
        self._books.outcomes.done("payments booked", "payment of", booking.number, text=amount)


def accept(
    client: ExactClient, memory: Memory, source_id: str, lines: list[Row], receivable_account: str
) -> Rejection | None:
    """Commit a receipt whose entry stands in Exact; one that Exact booked otherwise than asked is deleted again."""
    booked = BookedReceipt.from_lines(lines, receivable_account)
    detail = {"name": list(booked.name), "amount_dc": booked.amount_dc, "text": None, "gl_account": None}
    refusal = None
    if not booked.is_whole:
        reason = f"Exact booked payment {booked.entry_number} with other lines than were sent"
        refusal = Rejection.of("totals_differ", reason)
        try:
            client.delete(ENTRIES, booked.entry_id)
        except (RecordRefused, OutcomeUnknown):
            detail["is_whole"] = False
        else:
            memory.receipts.withdraw(source_id)
            return refusal
    memory.receipts.confirm(source_id, exact_id=booked.entry_id, entry_number=booked.entry_number, detail=detail)
    return refusal


def settle_receipts(client: ExactClient, memory: Memory, interruption: Interruption) -> list[Receipt]:
    """Settle every payment of which an earlier run does not know whether it was booked; return those that were."""
    doubtful = memory.receipts.under_way()
    if not doubtful:
        return []
    age = datetime.now(timezone.utc) - max(each.updated_at for each in doubtful)
    interruption.sleep(settle.GRACE_SECONDS - age.total_seconds())
    found: dict[str, list[Row]] = {}
    for journal in sorted({str(each.detail["journal"]) for each in doubtful}):
        texts = [each.detail["text"] for each in doubtful if each.detail["journal"] == journal]
        found.update(lines_by_text(client, journal, texts))
    booked = []
    for each in doubtful:
        lines = found.get(each.detail["text"])
        if not lines:
            memory.receipts.withdraw(each.source_id)
        elif accept(client, memory, each.source_id, lines, str(each.detail["gl_account"])) is None:
            booked.append(each)
    return booked


def _unknown() -> Rejection:
    return Rejection.of("outcome_unknown", "Exact gave no answer to the payment that was sent")
