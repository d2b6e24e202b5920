"""One run of the target: the store is opened at the first record, an administration when its first record comes."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from connector_store import DivisionStore
from singer_shell.endings import RunEnded
from singer_shell.login import open_store
from singer_shell.runs import RunRecord, alone
from target_teamleader.administration import Administration, Settings
from target_teamleader.connection import connect
from target_teamleader.invoice_search import InvoiceSearch
from target_teamleader.outcomes import Outcomes
from target_teamleader.reasons.rejection import Rejection
from target_teamleader.writing.invoice_of_entry import reject_id
from target_teamleader.writing.payment_writer import PaymentWriter
from target_teamleader.writing.retry import retry_rejects
from target_teamleader.writing.unknown_outcomes import resolve_unknown_outcomes

if TYPE_CHECKING:
    import logging
    from collections.abc import Mapping

    from singer_shell.endings import Trouble
    from singer_shell.stop import Interruption

PLUGIN = "target-teamleader"

Record = dict[str, Any]


class Run:
    """A run. Teamleader is called only when something has to be registered, or was left undone.

    Args:
        config: The plugin's settings.
        logger: The plugin's logger.
        interruption: The wish to stop.

    Raises:
        StoreError: The store cannot be opened.
        teamleader_api.ConfigurationError: An address cannot be used.
    """

    def __init__(self, config: Mapping[str, Any], logger: logging.Logger, interruption: Interruption) -> None:
        self._config = config
        self._logger = logger
        self._interruption = interruption
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
        self._invoices = InvoiceSearch(self._client, config.get("department_id") or None)

    def payments(self, records: list[Record]) -> None:
        """Bring Teamleader in line with at most 100 records.

        Raises:
            RunEnded, ApiError: The run cannot go on; what was done is committed.
        """
        sorted_out: dict[int, list[Record]] = {}
        for record in records:
            division = self._division_of(record)
            if self._only is not None and division != self._only:
                self._opened(self._only).administration.outcomes.passed_over("of other administrations")
            else:
                sorted_out.setdefault(division, []).append(record)
        for division, some in sorted_out.items():
            self._opened(division).writer.handle(some)

    def invalid(self, record: Record, reason: str) -> None:
        """Keep a record that does not fit the input schema."""
        administration = self._opened(self._division_of(record)).administration
        administration.outcomes.reject(
            reject_id(administration, record["id"]), record, Rejection.of("record_invalid", reason)
        )

    def finish(self) -> None:
        """Do what was left undone by earlier runs, and close."""
        if self._only is not None:
            self._opened(self._only)
        for each in self._open.values():
            retry_rejects(each.administration, each.writer)
        self.close()

    def close(self, trouble: Trouble | None = None) -> None:
        """Write each administration's record of the run and its last log line, and let it go.

        Args:
            trouble: What ended the run early.
        """
        with self._stack:
            for division, each in self._open.items():
                tally = each.administration.outcomes
                line = each.record.end(tally.counts, tally.sentence(), tally.outcome, trouble=trouble)
                self._logger.info("%s", line if len(self._open) == 1 else f"Administration {division}: {line}")
            if not self._open:
                record = RunRecord(self._connector_store.runs, PLUGIN, self._only)
                self._logger.info("%s", record.end(Counter(), "0 registered, 0 rejected", trouble=trouble))

    def _division_of(self, record: Record) -> int:
        division = record.get("division")
        if isinstance(division, int) and not isinstance(division, bool):
            return division
        if self._only is None:
            raise RunEnded(
                "A record of stream 'payments' does not tell its administration, so that it cannot even be kept as "
                "rejected: set division, or mend the sender."
            )
        return self._only

    def _opened(self, division: int) -> _OpenAdministration:
        """Return an administration that is locked, with nothing of an earlier run in doubt."""
        if division not in self._open:
            store = DivisionStore(self._connector_store, division)
            doing = f"registering payments of administration {division}"
            self._stack.enter_context(alone(self._config, store.writing_to_teamleader, doing))
            outcomes = Outcomes(store.rejects, self._logger, dry_run=self._settings.dry_run)
            administration = Administration(
                store=store,
                client=self._client,
                invoices=self._invoices,
                outcomes=outcomes,
                settings=self._settings,
                interruption=self._interruption,
                doubtful_until=self._connector_store.identity_since,
            )
            record = RunRecord(self._connector_store.runs, PLUGIN, division)
            self._open[division] = _OpenAdministration(administration, record)
            if not self._settings.dry_run:
                resolve_unknown_outcomes(administration)
        return self._open[division]


class _OpenAdministration:
    """One administration of the run."""

    def __init__(self, administration: Administration, record: RunRecord) -> None:
        self.administration = administration
        self.writer = PaymentWriter(administration)
        self.record = record
