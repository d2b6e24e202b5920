"""Matches booked payments with their invoices, through the XML topic, and notices what people matched.

What became of it is read from the terms of the payment's own entry, never from the answer to the match alone. A match
that Exact refuses is sent again a few times, then once a day; a person can always match by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

from connector_store.division_store import BOOKED_PAYMENT
from exactonline_api.errors import OutcomeUnknown, RecordRefused
from target_exactonline.payments.amounts import Receivable
from target_exactonline.payments.match_sets import TOPIC, match_set
from target_exactonline.reasons import Rejection, explain
from target_exactonline.receivables import terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector_store import BookedPayment, Reject
    from connector_store.division_store import DivisionStore
    from exactonline_api import ExactClient
    from singer_shell.stop import Interruption
    from target_exactonline.circuit_breaker import CircuitBreaker
    from target_exactonline.outcomes import Outcomes

ENDPOINT = f"XML topic {TOPIC}"
TRIES = 3
PAUSE = timedelta(hours=20)
"""After so many tries a refused match is sent again no sooner."""


@dataclass(frozen=True)
class Unmatched:
    """A booked payment that is not known to be matched, and what is open of its invoice."""

    payment: BookedPayment
    receivable: Receivable

    @property
    def amount_dc(self) -> Decimal:
        """Return the amount of the payment in the administration's currency."""
        return self.payment.detail.amount_dc or Decimal(0)


class PaymentMatches:
    """Matches payments in one run."""

    def __init__(
        self,
        client: ExactClient,
        store: DivisionStore,
        outcomes: Outcomes,
        breaker: CircuitBreaker,
        interruption: Interruption,
    ) -> None:
        self._client = client
        self._payments = store.booked_payments
        self._rejects = store.rejects
        self._outcomes = outcomes
        self._breaker = breaker
        self._interruption = interruption

    def still_open(self, unmatched: Iterable[Unmatched]) -> tuple[list[Unmatched], list[tuple[Unmatched, Rejection]]]:
        """Look what became of payments that were booked earlier: one call per 40; commit those that are matched.

        Returns:
            Those that are open still, and those whose entry is gone.
        """
        unmatched = list(unmatched)
        terms = terms_of(self._client, [str(each.payment.exact_id) for each in unmatched]) if unmatched else {}
        left, gone = [], []
        for each in unmatched:
            rows = terms.get(str(each.payment.exact_id))
            if rows is None and each.receivable.due > 0:
                reason = f"Entry {each.payment.entry_number} of the payment was deleted in Exact, the invoice is open"
                gone.append((each, Rejection.of("payment_entry_missing", reason)))
            elif rows is None or Receivable.from_rows(rows).is_matched:
                self._commit(each)
            else:
                left.append(each)
        return left, gone

    def match(self, unmatched: Iterable[Unmatched]) -> list[tuple[Unmatched, Rejection]]:
        """Match payments with their invoices: a call each, and one per 40 to see what came of it.

        Returns:
            Those that are not matched, each with the reason.
        """
        reasons: list[tuple[Unmatched, str]] = []
        left: dict[str, Decimal] = {}
        for each in unmatched:
            self._interruption.check()
            entry_id = each.receivable.entry_id
            due = left.get(entry_id, each.receivable.due_dc)
            reason = self._send(each) if each.amount_dc <= due else f"Only {due} of the invoice is open"
            left[entry_id] = due - each.amount_dc if reason is None else due
            reasons.append((each, reason or "Exact took the match, but the payment is still open"))
        terms = terms_of(self._client, [str(each.payment.exact_id) for each, _ in reasons]) if reasons else {}
        failed = []
        for each, reason in reasons:
            rows = terms.get(str(each.payment.exact_id))
            if rows and Receivable.from_rows(rows).is_matched:
                self._commit(each)
            else:
                failed.append((each, Rejection.of("payment_not_matched", reason)))
        return failed

    def may_try(self, payment: BookedPayment, reject: Reject | None) -> bool:
        """Tell whether to send a match (again)."""
        if not payment.detail.is_whole:
            return False
        if reject is None or reject.code != "payment_not_matched" or reject.attempts < TRIES:
            return True
        return datetime.now(timezone.utc) - reject.last_at > PAUSE

    def _send(self, each: Unmatched) -> str | None:
        """Send one match; return why it was not carried out, as far as the answer tells."""
        if not self._breaker.allows(ENDPOINT):
            return "Exact refused many matches in the last hour"
        document = match_set(each.receivable, each.payment.detail.name, each.amount_dc)
        try:
            messages = self._client.upload(TOPIC, document)
        except RecordRefused as error:
            self._breaker.record(ENDPOINT, "payment_not_matched", error.status)
            return f"Exact takes no matches any more (status {error.status})"
        except OutcomeUnknown:
            return "Exact gave no answer to the match"
        refusals = [message.text for message in messages if message.is_refusal]
        return explain(refusals).reason if refusals else None

    def _commit(self, each: Unmatched) -> None:
        self._payments.matched(each.payment.source_id)
        self._outcomes.in_order(BOOKED_PAYMENT, each.payment.source_id)
        self._outcomes.done("payments matched", "payment of", each.payment.number)
