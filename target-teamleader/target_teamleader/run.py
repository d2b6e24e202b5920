"""One run of the target: the store is opened at the first record, an administration when its first record comes."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from connector_store import DivisionStore
from connector_store.rejects import UNREADABLE_HINT
from singer_shell.endings import RunEnded
from singer_shell.login import open_store
from singer_shell.runs import RunRecord, alone
from target_teamleader.administration import Administration, Settings
from target_teamleader.connection import connect
from target_teamleader.customer_search import CustomerSearch
from target_teamleader.invoice_search import InvoiceSearch
from target_teamleader.outcomes import CustomerOutcomes, PaymentOutcomes
from target_teamleader.reasons.rejection import Rejection
from target_teamleader.streams import COMPANIES, CONTACTS, PAYMENTS
from target_teamleader.writing.customer_writer import CustomerWriter
from target_teamleader.writing.invoice_of_entry import reject_id
from target_teamleader.writing.payment_writer import PaymentWriter
from target_teamleader.writing.retry import retry_rejects
from target_teamleader.writing.unknown_outcomes import resolve_unknown_outcomes

if TYPE_CHECKING:
    import logging
    from collections.abc import Container, Mapping

    from connector_store import CustomerType
    from connector_store.runs import Outcome
    from singer_shell.endings import Trouble
    from singer_shell.stop import Interruption

PLUGIN = "target-teamleader"
NO_ADMINISTRATION = 0
"""What customers of a sender that names no administration, and none is set, are kept under."""

Record = dict[str, Any]


class Run:
    """A run. Teamleader is called only when something has to be registered, or was left undone.

    Args:
        config: The plugin's settings.
        logger: The plugin's logger.
        interruption: The wish to stop.
        streams: Those whose schema came in; what waits of the others is left alone.

    Raises:
        StoreError: The store cannot be opened.
        teamleader_api.ConfigurationError: An address cannot be used.
    """

    def __init__(
        self,
        config: Mapping[str, Any],
        logger: logging.Logger,
        interruption: Interruption,
        streams: Container[str] = (PAYMENTS,),
    ) -> None:
        self._config = config
        self._logger = logger
        self._interruption = interruption
        self._streams = streams
        self._only: int | None = config.get("division")
        self._settings = Settings.from_config(config)
        self._open: dict[int, _OpenAdministration] = {}
        self._stack = ExitStack()
        try:
            self._connector_store = self._stack.enter_context(open_store(config))
            self._client = connect(config, self._connector_store, interruption)
        except BaseException:
            self._stack.close()
            raise
        self._customers = CustomerSearch(self._client, self._settings.customers.number_fields)
        self._invoices = InvoiceSearch(self._client, config.get("department_id") or None)

    def payments(self, records: list[Record]) -> None:
        """Bring Teamleader in line with at most 100 records.

        Raises:
            RunEnded, ApiError: The run cannot go on; what was done is committed.
        """
        for division, some in self._by_division(PAYMENTS, records).items():
            opened = self._opened(division)
            if self._settings.registers:
                with self._connector_store.gathering():
                    opened.writer.handle(some)
            else:
                opened.administration.outcomes.passed_over("left out: register_payments is off", len(some))

    def customers(self, type_: CustomerType, records: list[Record]) -> None:
        """Bring at most 100 customers of the books into Teamleader.

        Raises:
            RunEnded, ApiError: The run cannot go on; what was done is committed.
        """
        for division, some in self._by_division(COMPANIES, records).items():
            self._opened(division).customers.handle(type_, some)

    def invalid(self, stream: str, record: Record, reason: str) -> None:
        """Keep a record that does not fit the input schema."""
        administration = self._opened(self._division_of(stream, record)).administration
        rejection = Rejection.of("record_invalid", reason)
        if stream == PAYMENTS:
            administration.outcomes.reject(reject_id(administration, record["id"]), record, rejection)
        else:
            administration.customer_outcomes.reject(record, rejection)

    def finish(self) -> None:
        """Do what was left undone by earlier runs, and close."""
        if self._only is not None:
            self._opened(self._only)
        for each in self._open.values():
            if self._settings.registers and (PAYMENTS in self._streams or not self._imports_customers):
                retry_rejects(each.administration, each.writer)
            if self._imports_customers:
                each.customers.finish()
        self.close()

    def close(self, trouble: Trouble | None = None) -> None:
        """Write each administration's record of the run and its last log line, and let it go.

        Args:
            trouble: What ended the run early.
        """
        with self._stack:
            for division, each in self._open.items():
                line = each.record.end(*each.result(), trouble=trouble)
                self._logger.info("%s", line if len(self._open) == 1 else f"Administration {division}: {line}")
            if not self._open:
                record = RunRecord(self._connector_store.runs, PLUGIN, self._only, self._config)
                self._logger.info("%s", record.end(Counter(), "0 registered, 0 rejected", trouble=trouble))

    @property
    def _imports_customers(self) -> bool:
        return COMPANIES in self._streams or CONTACTS in self._streams

    def _by_division(self, stream: str, records: list[Record]) -> dict[int, list[Record]]:
        sorted_out: dict[int, list[Record]] = {}
        for record in records:
            division = self._division_of(stream, record)
            if self._only is not None and division != self._only:
                administration = self._opened(self._only).administration
                tally = administration.outcomes if stream == PAYMENTS else administration.customer_outcomes
                tally.passed_over("of other administrations")
            else:
                sorted_out.setdefault(division, []).append(record)
        return sorted_out

    def _division_of(self, stream: str, record: Record) -> int:
        division = record.get("division")
        if isinstance(division, int) and not isinstance(division, bool):
            return division
        if self._only is not None:
            return self._only
        if stream == PAYMENTS:
            raise RunEnded(
                "A record of stream 'payments' does not tell its administration, so that it cannot even be kept as "
                "rejected: set division, or mend the sender."
            )
        return NO_ADMINISTRATION

    def _opened(self, division: int) -> _OpenAdministration:
        """Return an administration that is locked, with nothing of an earlier run in doubt."""
        if division not in self._open:
            store = DivisionStore(self._connector_store, division)
            doing = f"writing to Teamleader for administration {division}"
            self._stack.enter_context(alone(self._config, store.writing_to_teamleader, doing))
            if unreadable := store.rejects.unreadable():
                self._logger.warning("Rejects that cannot be opened: %d. %s", unreadable, UNREADABLE_HINT)
            dry_run = self._settings.dry_run
            administration = Administration(
                store=store,
                client=self._client,
                invoices=self._invoices,
                outcomes=PaymentOutcomes(store.rejects, self._logger, dry_run=dry_run),
                customer_search=self._customers,
                customer_outcomes=CustomerOutcomes(store.rejects, self._logger, dry_run=dry_run),
                settings=self._settings,
                interruption=self._interruption,
                doubtful_until=self._connector_store.identity_since,
            )
            record = RunRecord(self._connector_store.runs, PLUGIN, division, self._config)
            self._open[division] = _OpenAdministration(administration, record)
            if not dry_run:
                resolve_unknown_outcomes(administration)
        return self._open[division]


class _OpenAdministration:
    """One administration of the run."""

    def __init__(self, administration: Administration, record: RunRecord) -> None:
        self.administration = administration
        self.writer = PaymentWriter(administration)
        self.customers = CustomerWriter(administration)
        self.record = record

    def result(self) -> tuple[Counter[str], str, Outcome]:
        """Return what became of the records, in numbers, in words and as a whole."""
        payments, customers = self.administration.outcomes, self.administration.customer_outcomes
        told = [each for each in (payments, customers) if each.counts] or [payments]
        sentence = "; ".join(each.sentence() for each in told)
        outcome: Outcome = "degraded" if "degraded" in {each.outcome for each in told} else "ok"
        return payments.counts + customers.counts, sentence, outcome
