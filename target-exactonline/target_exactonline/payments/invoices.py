"""Payments that were registered in Teamleader first, on booked invoices: decides what to book, and keeps what failed.

Also documents that did not change come here, since a payment leaves what is booked alone. Only an invoice with a
payment that did not come from Exact costs calls, and only until it was looked at: one tells what is open of 40.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from connector_store import BookedState, RegisterPlan, RemovePlan, State
from connector_store.columns import utc_now
from connector_store.division_store import BOOKED_PAYMENT
from exactonline_api.odata import SAFE_TERMS
from target_exactonline.circuit_breaker import CircuitBreaker
from target_exactonline.money import ZERO, quantise, total_of
from target_exactonline.outcomes import AWAITED, REST, RESTLESS
from target_exactonline.payments.amounts import ByHand, Paid, Receivable, by_hand, planned_payments
from target_exactonline.payments.entries import PaymentEntries, PaymentToBook, read_again
from target_exactonline.payments.matches import PaymentMatches, Unmatched
from target_exactonline.payments.resolve import resolve_unknown_payments
from target_exactonline.reasons import Rejection
from target_exactonline.receivables import terms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import date

    from connector_store import BookedPayment, ErrorBudget, Link, RegisteredPayment, Reject
    from connector_store.division_store import DivisionStore
    from exactonline_api import ExactClient
    from singer_shell.stop import Interruption
    from target_exactonline.administration import Administration
    from target_exactonline.outcomes import Outcomes

Record = dict[str, Any]

_KEPT = ("id", "kind", "number", "currency", "due", "payments", "updated_at")
"""What of an invoice is needed to try again."""


@dataclass
class Case:
    """An invoice with something to book or to match."""

    record: Record
    entry_id: str
    found: ByHand
    booked_payments: list[BookedPayment]
    rejects: dict[str, Reject] = field(default_factory=dict)
    """Of its payments, by source id."""

    @property
    def id(self) -> str:
        """Return the invoice's id at the source."""
        return str(self.record["id"])

    @property
    def next_source_id(self) -> str:
        """Return the source id of its next payment."""
        numbers = [int(each.source_id.rpartition("/")[2]) for each in self.booked_payments]
        return f"{self.id}/{max(numbers, default=0) + 1}"

    @property
    def looked_at(self) -> str:
        """Return a value that changes when there is something new to look at."""
        return f"{self.found.digest} {quantise(Decimal(self.record['due']))}"


@dataclass(frozen=True)
class UnopenedAdministration:
    """What a run lends to this work."""

    store: DivisionStore
    outcomes: Outcomes
    interruption: Interruption
    errors: ErrorBudget
    client: Callable[[], ExactClient]
    open: Callable[[], Administration]
    """Opens the administration for writing; costs calls the first time."""
    since: date
    """First day of the payments that are booked."""
    dry_run: bool = False


class InvoicePayments:
    """Books and matches payments of the source."""

    def __init__(self, administration: UnopenedAdministration) -> None:
        self._administration = administration
        self._store = administration.store
        self._handled: set[str] = set()
        self._known: dict[str, dict[str, Reject]] | None = None

    def consider(self, records: Iterable[Record]) -> None:
        """Book what was paid on invoices, of at most 40 records of `sales_entries`, the last version of each.

        Raises:
            RunEnded, ApiError: The run cannot go on; what was done is committed.
        """
        rejects = self._begun()
        invoices = {record["id"]: record for record in records if record["kind"] == "invoice"}
        self._handled |= invoices.keys() & rejects.keys()
        concerned = {key: each for key, each in invoices.items() if each.get("payments") or key in rejects}
        if not concerned:
            return
        links = self._store.links.get_many("invoice", list(concerned))
        ours = self._store.registered_payments.get_many(list(concerned))
        cases = []
        for key, record in concerned.items():
            link = links.get(key)
            if link is not None and link.state is State.LINKED:
                case = self._case(record, link, ours.get(key), rejects.get(key, {}))
                cases += [case] if case is not None else []
        if cases:
            self._work(cases)

    def retry(self) -> None:
        """Look again at what is due of what earlier runs could not book or match, of invoices this run did not bring.

        A dry run looks at all.
        """
        if not self._begun():
            return
        due = self._due()
        others = [rejects for key, rejects in self._begun().items() if key not in self._handled]
        left = [rejects for rejects in others if rejects.keys() & due.keys()]
        newest = [max(rejects.values(), key=lambda each: each.last_at) for rejects in left]
        records = [reject.payload["invoice"] for reject in newest if reject.payload and "invoice" in reject.payload]
        for start in range(0, len(records), SAFE_TERMS):
            self.consider(records[start : start + SAFE_TERMS])
        if not self._administration.dry_run:
            self._let_rest(due.keys() & {source_id for rejects in left for source_id in rejects})

    def _due(self) -> dict[str, Reject]:
        """Return the rejects of payments that are worth a look by now, by source id."""
        rejects = self._store.rejects
        kinds = {BOOKED_PAYMENT}
        found = rejects.pending(kinds) if self._administration.dry_run else rejects.due(utc_now(), kinds)
        return {each.source_id: each for each in found}

    def _let_rest(self, looked_at: Collection[str]) -> None:
        """Let what was looked at, and found as it was, rest for a day."""
        now = utc_now()
        for source_id in looked_at:
            reject = self._store.rejects.get(BOOKED_PAYMENT, source_id)
            if reject is not None and reject.is_due(now) and reject.code not in {*RESTLESS, AWAITED}:
                self._store.rejects.rest(BOOKED_PAYMENT, source_id, now + REST)

    def _begun(self) -> dict[str, dict[str, Reject]]:
        """Clear up what a cut-off run left, once per run; return the rejects of payments by invoice."""
        if self._known is None:
            if not self._administration.dry_run and self._store.booked_payments.under_way():
                for payment in resolve_unknown_payments(self._administration.client(), self._store):
                    self._administration.outcomes.done("payments booked", "payment of", payment.number)
            known: dict[str, dict[str, Reject]] = defaultdict(dict)
            for reject in self._store.rejects.pending({BOOKED_PAYMENT}):
                known[reject.source_id.rpartition("/")[0]][reject.source_id] = reject
            self._known = dict(known)
        return self._known

    def _case(
        self, record: Record, link: Link, ours: RegisteredPayment | None, rejects: dict[str, Reject]
    ) -> Case | None:
        if record.get("due") is None:
            return None
        booked_payments = self._store.booked_payments.of(record["id"])
        booked = [Paid(each.detail.paid, each.paid_at) for each in booked_payments]
        found = by_hand(_paid(record), _from_exact(ours), booked, self._administration.since.isoformat())
        case = Case(record, str(link.exact_id), found, booked_payments, rejects)
        waiting = any(each.state is BookedState.BOOKED for each in booked_payments)
        in_doubt = [each for each in booked_payments if each.state is BookedState.INTENT]
        for each in in_doubt:
            reason = "What was sent to Exact got no answer, and does not show there yet"
            self._keep(case, each.source_id, Rejection.of("outcome_awaited", reason), each.amount)
        if in_doubt:
            case.found = ByHand((), ZERO)
        elif found.payments and ours is not None and isinstance(ours.plan, RemovePlan):
            self._keep(case, case.next_source_id, Rejection.of("payment_waits", "The payments job is at this invoice"))
            case.found = ByHand((), ZERO)
        elif not found.payments:
            self._forget(case)
        if not case.found.payments and not waiting:
            return None
        if not waiting and not rejects and link.document.payments_seen == case.looked_at:
            return None
        return case

    def _work(self, cases: list[Case]) -> None:
        rows = terms_of(self._administration.client(), [case.entry_id for case in cases])
        known = [(case, Receivable.from_rows(rows[case.entry_id])) for case in cases if case.entry_id in rows]
        matches = self._matches()
        earlier = [
            Unmatched(r, owed) for case, owed in known for r in case.booked_payments if r.state is BookedState.BOOKED
        ]
        unmatched, gone = matches.still_open(earlier) if not self._administration.dry_run else (earlier, [])
        by_case = {case.id: case for case, _ in known}
        for each, rejection in gone:
            self._keep_once(by_case[each.payment.invoice_id], each.payment.source_id, rejection)
        unmatched = [self._read_again(by_case[each.payment.invoice_id], each) for each in unmatched]
        to_book = [payment for case, owed in known for payment in self._to_book(case, owed, unmatched)]
        if to_book:
            self._book(to_book, by_case)
        if self._administration.dry_run:
            return
        ready = [each for each in unmatched if self._may_try(matches, by_case, each)] + self._fresh(to_book)
        for each, rejection in matches.match(ready):
            self._keep(by_case[each.payment.invoice_id], each.payment.source_id, rejection)

    def _read_again(self, case: Case, each: Unmatched) -> Unmatched:
        """Look whether an entry is by now as it was sent: Exact shows its lines, or a person corrected them."""
        if each.payment.detail.is_whole or self._administration.dry_run:
            return each
        refusal = read_again(self._administration.client(), self._store, each.payment, each.receivable.gl_account)
        if refusal is not None:
            self._keep_once(case, each.payment.source_id, refusal)
            return each
        known = self._store.booked_payments.of(case.id)
        return Unmatched(next(it for it in known if it.source_id == each.payment.source_id), each.receivable)

    def _to_book(self, case: Case, owed: Receivable, unmatched: list[Unmatched]) -> list[PaymentToBook]:
        """Return what to book on an invoice; note that it was looked at when that is nothing."""
        if not case.found.payments:
            return []
        spoken_for = total_of(each.payment.amount for each in unmatched if each.payment.invoice_id == case.id)
        booked = [Paid(each.detail.paid, each.paid_at) for each in case.booked_payments]
        gap = owed.due - quantise(Decimal(case.record["due"]))
        planned = planned_payments(case.id, case.found, gap, booked, spoken_for)
        if not planned:
            self._forget(case)
            if not self._administration.dry_run:
                self._store.links.progress("invoice", case.id, payments_seen=case.looked_at)
            return []
        if owed.is_collecting:
            reason = "The invoice is in a collection run in Exact, and was paid otherwise in Teamleader"
            self._keep(case, case.next_source_id, Rejection.of("payment_being_collected", reason))
            return []
        first = int(case.next_source_id.rpartition("/")[2])
        return [
            PaymentToBook(f"{case.id}/{number}", case.id, str(case.record["number"]), owed, part)
            for number, part in enumerate(planned, start=first)
        ]

    def _book(self, to_book: list[PaymentToBook], cases: dict[str, Case]) -> None:
        """Book in order; after a payment that could not be booked, the later ones of its invoice wait."""
        entries = PaymentEntries(self._administration.open())
        there = entries.look_up(to_book)
        failed: set[str] = set()
        for payment in to_book:
            if payment.invoice_id in failed:
                continue
            refusal = entries.book(payment, there.get(payment.text, []))
            if refusal is not None:
                failed.add(payment.invoice_id)
                self._keep(cases[payment.invoice_id], payment.source_id, refusal, payment.planned.amount)

    def _fresh(self, to_book: list[PaymentToBook]) -> list[Unmatched]:
        """Return what was just booked, as it is remembered."""
        owed = {payment.source_id: payment.receivable for payment in to_book}
        invoices = dict.fromkeys(payment.invoice_id for payment in to_book)
        booked_payments = [each for invoice_id in invoices for each in self._store.booked_payments.of(invoice_id)]
        found = [each for each in booked_payments if each.source_id in owed and each.state is BookedState.BOOKED]
        return [Unmatched(each, owed[each.source_id]) for each in found if each.detail.is_whole]

    def _matches(self) -> PaymentMatches:
        administration = self._administration
        return PaymentMatches(
            administration.client(),
            administration.store,
            administration.outcomes,
            CircuitBreaker(administration.errors),
            administration.interruption,
        )

    def _may_try(self, matches: PaymentMatches, cases: dict[str, Case], each: Unmatched) -> bool:
        return matches.may_try(each.payment, cases[each.payment.invoice_id].rejects.get(each.payment.source_id))

    # What could not be done

    def _keep(self, case: Case, source_id: str, rejection: Rejection, amount: Decimal | None = None) -> None:
        kept = {name: case.record.get(name) for name in _KEPT}
        number, currency = case.record.get("number"), case.record.get("currency")
        record = {"id": source_id, "number": number, "currency": currency, "invoice": kept}
        self._administration.outcomes.reject(record, rejection, kind=BOOKED_PAYMENT, amount=amount)

    def _keep_once(self, case: Case, source_id: str, rejection: Rejection) -> None:
        known = case.rejects.get(source_id)
        if known is None or known.code != rejection.code:
            self._keep(case, source_id, rejection)

    def _forget(self, case: Case) -> None:
        """Forget what is kept of payments that ask for nothing any more."""
        booked = {each.source_id for each in case.booked_payments}
        for source_id in case.rejects.keys() - booked:
            self._administration.outcomes.in_order(BOOKED_PAYMENT, source_id)


def _paid(record: Record) -> list[Paid]:
    """Read the payments of an invoice; one in another currency has no day, so that it is never booked."""
    read = []
    for each in record.get("payments") or []:
        is_clear = each.get("currency") in {None, record["currency"]}
        read.append(Paid(quantise(Decimal(each["amount"])), str(each.get("paid_at") or "") if is_clear else ""))
    return read


def _from_exact(ours: RegisteredPayment | None) -> list[Paid]:
    """Return what the payments job registered at the source, or is registering."""
    if ours is None:
        return []
    listed = [*ours.registered]
    if isinstance(ours.plan, RegisterPlan):
        listed.append(ours.plan.paid)
    return [Paid(quantise(each.amount), each.paid_at) for each in listed]
