"""What became of each record: counted for the run, kept as a reject when it could not be written, said in one line.

Log lines hold document numbers, codes and hints; the full reason, which may quote Exact, stands in the store only.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from connector_store import Status
from singer_shell import closing
from target_exactonline.streams import kind_of

if TYPE_CHECKING:
    import logging
    from decimal import Decimal

    from connector_store import Link, Rejects
    from connector_store.runs import Outcome
    from target_exactonline.reasons import Rejection

STATUS = {
    "waiting_for_customer": Status.WAITING,
    "customer_missing": Status.WAITING,
    "error_budget": Status.WAITING,
    "attachment_refused": Status.WAITING,
    "payment_waits": Status.WAITING,
    "payment_being_collected": Status.WAITING,
    "outcome_unknown": Status.UNKNOWN,
}
"""Status of the reject by code; any other is "rejected"."""
PAUSES = {"customer_refused": timedelta(hours=20)}
"""How long what was refused with a code is not sent again, unless it changes."""
VERBS = ("booked", "adopted", "updated", "unchanged", "rejected", "waiting", "unknown")


class Outcomes:
    """The tally of one run.

    Args:
        rejects: Where what could not be written is kept.
        logger: The plugin's logger.
        dry_run: Only count and say; keep nothing.
    """

    def __init__(self, rejects: Rejects, logger: logging.Logger, *, dry_run: bool = False) -> None:
        self._rejects = rejects
        self._dry_run = dry_run
        self._any = any(rejects.count().values())
        self.logger = logger
        self.counts: Counter[str] = Counter()
        self.codes: Counter[str] = Counter()

    def done(self, verb: str, kind: str, number: str | None = None, *, text: str = "") -> None:
        """Count a record that is in order; `verb` is one of `VERBS` or names what happened to an account."""
        self.counts[verb] += 1
        if verb != "unchanged":
            would = "would be " if self._dry_run else ""
            level = self.logger.info if self._dry_run else self.logger.debug
            level("%s %s: %s%s%s", kind, number or "", would, verb, f", {text}" if text else "")

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
        number = record.get("number") if isinstance(record.get("number"), str) else None
        self.counts[status] += 1
        self.codes[rejection.code] += 1
        self.logger.warning("%s %s: %s (%s). %s", kind, number or record["id"], status, rejection.code, rejection.hint)
        if self._dry_run:
            return
        self._any = True
        totals = record.get("totals")
        currency = record.get("currency")
        pause = PAUSES.get(rejection.code)
        self._rejects.put(
            kind,
            record["id"],
            code=rejection.code,
            reason="; ".join([rejection.reason, *map(str, rejection.field_differences)]),
            hint=rejection.hint,
            payload=record,
            status=status,
            number=number,
            amount=totals.get("gross") if isinstance(totals, dict) else amount,
            currency=currency if isinstance(currency, str) else None,
            not_before=datetime.now(timezone.utc) + pause if pause else None,
        )

    def missing(self, link: Link, rejection: Rejection) -> None:
        """Keep that the entry of a booked document is gone; what was booked is not at hand, so there is no payload."""
        self.counts["rejected"] += 1
        self.codes[rejection.code] += 1
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
