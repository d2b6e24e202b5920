"""What became of each record: counted for the run, kept as a reject when it could not be registered, said in one line.

The source id of a reject is Teamleader's id of the invoice, that of the entry while it is not known. Log lines hold
document numbers, codes and hints; the full reason, which may quote Teamleader, stands in the store only.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from connector_store import RemovePlan, Status
from connector_store.columns import utc_now
from connector_store.division_store import CUSTOMER, PAYMENT
from connector_store.rejects import EXCLUDED_CODE
from singer_shell import closing
from singer_shell.plan_file import PlanFile
from singer_shell.validation import text_or_none
from target_teamleader.reasons.rejection import Rejection
from target_teamleader.rules.exact_entry import money

if TYPE_CHECKING:
    import logging
    from datetime import datetime
    from decimal import Decimal

    from connector_store import RegisteredPayment, Reject, Rejects
    from connector_store.runs import Outcome

UNMATCHED = "unmatched_in_exact"
UNEXPLAINED = "paid_without_settlement"
INCOMPLETE = "receivable_incomplete"
LATE = timedelta(hours=2)
"""So long Exact may take to show all terms of an entry; one that is incomplete for longer needs a person."""
STATUS = {
    INCOMPLETE: Status.WAITING,
    "company_awaited": Status.WAITING,
    "outcome_awaited": Status.WAITING,
    "outcome_unknown": Status.UNKNOWN,
}
"""Status of the reject by code, at first; any other is "rejected"."""
_UNWRITTEN = ("rejected", "waiting", "unknown")


class Outcomes:
    """The tally of one run in one administration, of what one kind of record came to.

    Args:
        rejects: Where what could not be written is kept.
        logger: The plugin's logger.
        dry_run: Only count and say; keep nothing.

    Attributes:
        kind: Kind of the rejects.
        called: What a line of the log is about, such as "payment of".
        verbs: What may become of a record, in the order in which it is told.
        always: Told when there is none, too.
    """

    kind: ClassVar[str]
    called: ClassVar[str]
    verbs: ClassVar[tuple[str, ...]]
    always: ClassVar[frozenset[str]]

    def __init__(self, rejects: Rejects, logger: logging.Logger, *, dry_run: bool = False) -> None:
        self._rejects = rejects
        self._dry_run = dry_run
        self._plan = PlanFile.of_run(dry_run=dry_run)
        kept = [each for each in rejects.all() if each.kind == self.kind]
        self._codes = {each.source_id: each.code for each in kept}
        incomplete = [each for each in kept if each.code == INCOMPLETE]
        self._late = {each.source_id for each in incomplete if utc_now() - each.first_at > LATE}
        self._tried: set[str] = set()
        self._logger = logger
        self.counts: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()

    def done(self, verb: str, number: str | None, text: str = "", plan: dict[str, Any] | None = None) -> None:
        """Count a record that is in order; `verb` is one of `verbs`, `plan` what else a dry run tells of it."""
        if self._dry_run:
            self._plan.tell(verb=verb, kind=self.kind, number=number, **(plan or {}))
        self.counts[verb] += 1
        if verb != "unchanged":
            would = "would be " if self._dry_run else ""
            level = self._logger.info if self._dry_run else self._logger.debug
            level("%s %s: %s%s%s", self.called, number or "an entry", would, verb, f", {text}" if text else "")

    def mark_seen(self, *source_ids: str) -> None:
        """Note that a record is at hand: what was refused under its ids is not tried a second time in this run."""
        self._tried.update(source_id for source_id in source_ids if source_id in self._codes)

    def was_tried(self, source_id: str) -> bool:
        """Tell whether this run has dealt with what was refused under that id before."""
        return source_id in self._tried

    def passed_over(self, verb: str, count: int = 1) -> None:
        """Count records that are none of ours."""
        self.counts[verb] += count

    def solve(self, *source_ids: str) -> None:
        """Forget the rejects of a record that turns out to be in order."""
        for source_id in source_ids:
            if self._codes.pop(source_id, None) is not None and not self._dry_run:
                self._rejects.resolve(self.kind, source_id)

    def code_of(self, source_id: str) -> str | None:
        """Return the code under which a record is kept, None when none is."""
        return self._codes.get(source_id)

    def _status(self, source_id: str, code: str) -> Status:
        """Tell whose turn it is."""
        is_overdue = code == INCOMPLETE and source_id in self._late
        return Status.REJECTED if is_overdue else STATUS.get(code, Status.REJECTED)

    def _count(self, source_id: str, rejection: Rejection, number: str) -> None:
        status = self._status(source_id, rejection.code)
        self.counts[status] += 1
        self.codes[rejection.code] += 1
        self._logger.warning("%s %s: %s (%s). %s", self.called, number, status, rejection.code, rejection.hint)

    def _put(
        self,
        source_id: str,
        rejection: Rejection,
        payload: dict[str, Any] | None,
        number: str | None,
        amount: Decimal | None = None,
        currency: str | None = None,
        *,
        not_before: datetime | None = None,
    ) -> None:
        self._tried.add(source_id)
        if self._dry_run:
            told = {"code": rejection.code, "reason": rejection.reason, "hint": rejection.hint}
            verb = str(self._status(source_id, rejection.code))
            self._plan.tell(verb=verb, kind=self.kind, number=number, **told)
            return
        self._codes[source_id] = rejection.code
        self._rejects.put(
            self.kind,
            source_id,
            code=rejection.code,
            reason=rejection.reason,
            hint=rejection.hint,
            payload=payload,
            status=self._status(source_id, rejection.code),
            number=number,
            amount=amount,
            currency=currency,
            not_before=not_before,
        )

    @property
    def outcome(self) -> Outcome:
        """Return "ok", or "degraded" when some record of this run could not be written."""
        return closing.outcome(self.counts)

    def sentence(self) -> str:
        """Return the last line of the run."""
        return closing.sentence(self.counts, self.codes, self.verbs, self.always, dry_run=self._dry_run)


class PaymentOutcomes(Outcomes):
    """What became of payments. The source id of a reject is the invoice's, that of the entry while it is not known."""

    kind = PAYMENT
    called = "payment of"
    verbs = (
        *("registered", "paid already", "taken back", "nothing of ours", "unchanged"),
        *("not from Teamleader", "of other administrations", "of other departments"),
        "without room for its entry number",
        *_UNWRITTEN,
    )
    always = frozenset({"registered", "rejected"})

    def reject(self, source_id: str, record: dict[str, Any], rejection: Rejection) -> None:
        """Keep a record that could not be registered, durably, before anything acknowledges it."""
        number, currency = text_or_none(record.get("number")), text_or_none(record.get("currency"))
        self._count(source_id, rejection, number or str(record["id"]))
        self._put(source_id, rejection, record, number, _amount(record.get("settled")), currency)

    def reject_again(self, payment: RegisteredPayment, rejection: Rejection) -> None:
        """Keep what could not be finished for a record that is not at hand; the one that is kept stays."""
        self._count(payment.invoice_id, rejection, payment.number or payment.invoice_id)
        self._put(payment.invoice_id, rejection, None, payment.number, payment.settled, payment.currency)

    def look_again(self, reject: Reject) -> None:
        """See to what waits for Exact alone: when that takes too long, a person is told."""
        if reject.status is not Status.WAITING or reject.source_id not in self._late:
            return
        rejection = Rejection(reject.code, reject.reason, reject.hint)
        self._count(reject.source_id, rejection, reject.number or reject.source_id)
        self._put(reject.source_id, rejection, reject.payload, reject.number, reject.amount, reject.currency)

    def hold(self, payment: RegisteredPayment, record: dict[str, Any], rejection: Rejection) -> None:
        """Keep a record whose invoice has something under way, under the reason that is known of that."""
        known = self._rejects.get(PAYMENT, payment.invoice_id) if payment.invoice_id in self._codes else None
        if known is not None and isinstance(payment.plan, RemovePlan):
            rejection = Rejection(known.code, known.reason, known.hint)
        self.reject(payment.invoice_id, record, rejection)


class CustomerOutcomes(Outcomes):
    """What became of customers of the books; a line of the log calls them by their number."""

    kind = CUSTOMER
    called = "customer"
    verbs = (
        *("created", "found", "filled in", "unchanged", "no customers", "blocked in Exact", "left out"),
        "of other administrations",
        *_UNWRITTEN,
    )
    always = frozenset({"created", "rejected"})

    def reject(
        self, record: dict[str, Any], rejection: Rejection, *, rests: timedelta | None = None, quietly: bool = False
    ) -> None:
        """Keep a customer that could not be written, durably, before anything acknowledges it.

        Args:
            record: As it came.
            rejection: Why.
            rests: For how long it is not tried again.
            quietly: It is going to be tried again in this very run: neither counted nor told.
        """
        number = text_or_none(record.get("code"))
        if not quietly:
            self._count(str(record["id"]), rejection, number or str(record["id"]))
        not_before = None if rests is None else utc_now() + rests
        self._put(str(record["id"]), rejection, record, number, not_before=not_before)

    def left_out(self, record: dict[str, Any]) -> None:
        """Keep what a person left out as it is by now: it comes no other time when the person takes it in."""
        self.passed_over("left out")
        if not self._dry_run:
            number = text_or_none(record.get("code"))
            told = {"code": EXCLUDED_CODE, "reason": "", "hint": "", "status": Status.EXCLUDED}
            self._rejects.put(self.kind, str(record["id"]), **told, payload=record, number=number)  # type: ignore[arg-type]


def _amount(value: object) -> Decimal | None:
    return None if value is None or isinstance(value, str | bool | list | dict) else money(value)
