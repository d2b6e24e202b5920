"""What became of each record: counted for the run, kept as a reject when it could not be written, said in one line.

Log lines hold document numbers, codes and hints; the full reason, which may quote Exact, stands in the store only.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from connector_store import How, Status
from connector_store.columns import utc_now
from connector_store.division_store import BOOKED_PAYMENT, REVERSAL
from connector_store.rejects import EXCLUDED_CODE
from singer_shell import closing
from singer_shell.plan_file import PlanFile
from singer_shell.validation import is_number, text_or_none
from target_exactonline.streams import kind_of

if TYPE_CHECKING:
    import logging

    from connector_store import Link, Rejects
    from connector_store.runs import Outcome
    from target_exactonline.reasons import Rejection

STATUS = {
    "not_sent": Status.WAITING,
    "waiting_for_customer": Status.WAITING,
    "customer_missing": Status.WAITING,
    "error_budget": Status.WAITING,
    "payment_waits": Status.WAITING,
    "payment_being_collected": Status.WAITING,
    "outcome_awaited": Status.WAITING,
    "outcome_unknown": Status.UNKNOWN,
    "change_unfinished": Status.UNKNOWN,
}
"""Status of the reject by code; any other is "rejected"."""
REST = timedelta(days=1)
"""How long what waits for a person is not looked at, unless what it rests on moves."""
RESTLESS = {"change_unfinished", "error_budget", "outcome_awaited", "outcome_unknown", "payment_waits"}
"""Codes of what the next run looks at: it follows by itself."""
AWAITED = "outcome_awaited"
"""Code of a payment that may be in Exact: each run clears such up first, so that looking at it costs no call."""
PAYMENT_REFUSALS = {"payment_refused", "payment_not_matched"}
"""Codes of payments that were sent to no avail: each try costs a call."""
VERBS = ("booked", "reversed", "adopted", "updated", "unchanged", "left out", "rejected", "waiting", "unknown")


TEAMLEADER = "Teamleader"
"""What reasons and hints call the source."""


class Outcomes:
    """The tally of one run: each document counts once, with what became of it last.

    Args:
        rejects: Where what could not be written is kept.
        logger: The plugin's logger.
        dry_run: Only count and say; keep nothing.
        source: What a person calls the program that the documents come from.
    """

    def __init__(
        self, rejects: Rejects, logger: logging.Logger, *, dry_run: bool = False, source: str = TEAMLEADER
    ) -> None:
        self._rejects = rejects
        self._source = source
        self._refused: dict[tuple[str, str], tuple[str, str]] = {}
        self._dry_run = dry_run
        self._plan = PlanFile.of_run(dry_run=dry_run)
        self._any = any(rejects.count().values())
        self.logger = logger
        self.counts: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()

    def done(
        self, verb: str, kind: str, number: str | None = None, *, text: str = "", plan: dict[str, Any] | None = None
    ) -> None:
        """Count a record that is in order.

        Args:
            verb: One of `VERBS`, or what happened to an account or a payment.
            kind: Kind of the record.
            number: Number of the document.
            text: What else to say in the log.
            plan: What else to tell the reader of a dry run's plan.
        """
        if self._dry_run:
            self._plan.tell(verb=verb, kind=kind, number=number, **(plan or {}))
        if number is not None:
            self._count_no_longer(kind, number)
        self.counts[verb] += 1
        if verb != "unchanged":
            would = "would be " if self._dry_run else ""
            level = self.logger.info if self._dry_run else self.logger.debug
            level("%s %s: %s%s%s", kind, number or "", would, verb, f", {text}" if text else "")

    def in_exact(
        self,
        kind: str,
        number: str | None,
        how: How = How.POSTED,
        *,
        text: str = "",
        plan: dict[str, Any] | None = None,
    ) -> None:
        """Count a document that is linked to its entry by now."""
        verb = "reversed" if kind == REVERSAL else "booked" if how is How.POSTED else how
        self.done(verb, kind, number, text=text, plan=plan)

    def reject(
        self, record: dict[str, Any], rejection: Rejection, *, kind: str | None = None, amount: Decimal | None = None
    ) -> None:
        """Keep a record that could not be written, durably, before anything acknowledges it.

        Args:
            record: The input record; it is what the next run tries again.
            rejection: Why, and what to do.
            kind: Kind of the reject when it is not the record's own.
            amount: In the record's currency, when it is not the document's gross amount.
        """
        status = STATUS.get(rejection.code, Status.REJECTED)
        kind = kind or kind_of("sales_entries" if "lines" in record else "accounts", record)
        number = text_or_none(record.get("number"))
        named = number or str(record["id"])
        reason = "; ".join([rejection.reason, *map(str, rejection.field_differences)])
        reason, hint = (text.replace(TEAMLEADER, self._source) for text in (reason, rejection.hint))
        self._count(kind, named, status, rejection.code)
        self.logger.warning("%s %s: %s (%s). %s", kind, named, status, rejection.code, hint)
        if self._dry_run:
            told = {"code": rejection.code, "reason": reason, "hint": hint}
            self._plan.tell(verb=str(status), kind=kind, number=named, **told)
            return
        self._any = True
        backs_off, rest = _rest(kind, rejection)
        self._rejects.put(
            kind,
            record["id"],
            code=rejection.code,
            reason=reason,
            hint=hint,
            payload=record,
            status=status,
            number=number,
            amount=_gross(record) if amount is None else amount,
            currency=text_or_none(record.get("currency")),
            not_before=utc_now() + rest if rest else None,
            backs_off=backs_off,
        )

    def left_out(self, record: dict[str, Any]) -> None:
        """Keep the newest version of a document that a person left out; it is booked when that person takes it in."""
        self.done("left out", record["kind"], record["number"])
        if not self._dry_run:
            kept = _whole(record)
            self._rejects.put(record["kind"], record["id"], code=EXCLUDED_CODE, reason="", hint="", **kept)

    def file_waits(self, number: str | None, code: str, hint: str) -> None:
        """Tell that a file of a document is not attached yet; the document itself is not held up by that."""
        self.counts["files waiting"] += 1
        self.codes[code] += 1
        self.logger.warning("attachment %s: waiting (%s). %s", number or "", code, hint)

    def missing(self, link: Link, rejection: Rejection) -> None:
        """Keep that the entry of a booked document is gone; what was booked is not at hand, so there is no payload."""
        # By its id: another document may have its number by now.
        self._count(link.kind, link.source_id, Status.REJECTED, rejection.code)
        self.logger.warning("%s %s: rejected (%s). %s", link.kind, link.number, rejection.code, rejection.hint)
        self._any = True
        self._rejects.put(
            link.kind,
            link.source_id,
            code=rejection.code,
            reason=rejection.reason,
            hint=rejection.hint,
            payload=None,
            number=link.number,
            amount=link.amount,
            currency=link.currency,
        )

    def solved(self, link: Link) -> None:
        """Forget what was told of the entry of a booked document."""
        self._count_no_longer(link.kind, link.source_id)
        if not self._dry_run:
            self._rejects.resolve(link.kind, link.source_id)

    def _count(self, kind: str, named: str, status: str, code: str) -> None:
        self._count_no_longer(kind, named)
        self._refused[kind, named] = (status, code)
        self.counts[status] += 1
        self.codes[code] += 1

    def _count_no_longer(self, kind: str, named: str) -> None:
        """Take back what was counted of a document that is met a second time, as when its newer version comes."""
        before = self._refused.pop((kind, named), None)
        if before is not None:
            status, code = before
            self.counts -= Counter({status: 1})
            self.codes -= Counter({code: 1})

    def leave_out(self, record: dict[str, Any], rejection: Rejection) -> None:
        """Keep of a document that waited why it is not booked any more; no run tries it again."""
        self.counts["left out"] += 1
        self.logger.warning(
            "%s %s: left out (%s)", record["kind"], record.get("number") or record["id"], rejection.code
        )
        if not self._dry_run:
            self._exclude(record, rejection, payload=None)

    def switched_off(self, record: dict[str, Any], rejection: Rejection) -> None:
        """Leave a document out because a setting says so, with its record, so that a person can take it in later."""
        self.done("left out", record["kind"], record["number"], text=rejection.code)
        if self._dry_run:
            return
        self._any = True
        self._exclude(record, rejection, **_whole(record))

    def _exclude(self, record: dict[str, Any], rejection: Rejection, **kept: Any) -> None:  # noqa: ANN401 - columns
        self._rejects.put(
            record["kind"],
            record["id"],
            code=rejection.code,
            reason=rejection.reason,
            hint=rejection.hint,
            status=Status.EXCLUDED,
            **kept,
        )

    def in_order(self, kind: str, source_id: str) -> None:
        """Forget the reject of a record that turns out to be in order."""
        if self._any and not self._dry_run:
            self._rejects.resolve(kind, source_id)

    @property
    def outcome(self) -> Outcome:
        """Return "ok", or "degraded" when some record of this run could not be written."""
        return closing.outcome(self.counts)

    def sentence(self) -> str:
        """Return the last line of the run."""
        return closing.sentence(self.counts, self.codes, VERBS, {"booked", "rejected"}, dry_run=self._dry_run)


def _whole(record: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of a document that a person may take in again."""
    told = {"number": record["number"], "amount": _gross(record), "currency": record["currency"]}
    return {"payload": record, **told}


def _gross(record: dict[str, Any]) -> Decimal | None:
    """Return the gross amount of a record, None when it has none that a ledger could hold."""
    totals = record.get("totals")
    gross = totals.get("gross") if isinstance(totals, dict) else None
    return Decimal(gross) if is_number(gross) else None


def _rest(kind: str, rejection: Rejection) -> tuple[bool, timedelta | None]:
    """Return whether it backs off by the number of tries, else how long it rests.

    A closed period is asked about once a day, whichever document or payment asks.
    """
    if rejection.code in RESTLESS or (kind == BOOKED_PAYMENT and rejection.code == AWAITED):
        return False, None
    if rejection.code in PAYMENT_REFUSALS or (rejection.is_refusal and rejection.code != "period_closed"):
        return True, None
    return False, REST
