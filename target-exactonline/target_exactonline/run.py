"""One run of the target: opened when there is something to write, closed with one line that says what became of it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from connector_store import State
from connector_store.columns import utc_now
from connector_store.division_store import ACCOUNT, DOCUMENT_KINDS, DivisionStore
from connector_store.rejects import UNREADABLE_HINT
from connector_store.until_sent import keep_unsent
from singer_shell.endings import SettingsRefused
from singer_shell.login import open_store
from singer_shell.runs import RunRecord, alone
from target_exactonline.administration import Administration, refuse_other_company, refuse_other_department
from target_exactonline.booking import Rules, SettingsError, account_fingerprint
from target_exactonline.booking.entry import told_by_sender
from target_exactonline.circuit_breaker import CircuitBreaker
from target_exactonline.connection import PROVIDER, connect
from target_exactonline.looks import WAITING, WAITING_DOCUMENTS, look_around, notice_settings
from target_exactonline.master_cache import MasterCache
from target_exactonline.outcomes import TEAMLEADER, Outcomes
from target_exactonline.payments.first_day import first_day
from target_exactonline.payments.invoices import InvoicePayments, UnopenedAdministration
from target_exactonline.reasons import Rejection
from target_exactonline.settings_check import check_settings, stopping_problems
from target_exactonline.writing.accounts import Accounts
from target_exactonline.writing.changed_customers import changed_customers, room_for_updates, send_changed
from target_exactonline.writing.deleted import notice_deleted, notice_move
from target_exactonline.writing.documents import Documents, is_unchanged, links_of, newest
from target_exactonline.writing.file_queue import FileQueue
from target_exactonline.writing.open_changes import finish_open_changes
from target_exactonline.writing.resolve import resolve_unknown_outcomes
from target_exactonline.writing.retry import due_rejects, retry_rejects
from target_exactonline.writing.reversals import reversals_due, reverse_deleted
from target_exactonline.writing.source_deleted import note_deleted, take_back
from target_exactonline.writing.waiting import wake_documents_of

if TYPE_CHECKING:
    import logging
    from collections.abc import Mapping
    from datetime import datetime

    from exactonline_api import ExactClient
    from singer_shell.endings import Trouble
    from singer_shell.stop import Interruption
    from target_exactonline.booking import MasterData

PLUGIN = "target-exactonline"

Record = dict[str, Any]


class Run:
    """A run in one administration.

    The store is opened and the administration locked at once; Exact is called only when something has to be written,
    was left undone, or may have been deleted there.

    Args:
        config: The plugin's settings.
        logger: The plugin's logger.
        interruption: The wish to stop.

    Raises:
        SettingsRefused: The settings are malformed.
        RunEnded: Another run is writing to the administration.
    """

    def __init__(self, config: Mapping[str, Any], logger: logging.Logger, interruption: Interruption) -> None:
        self._config = config
        self._logger = logger
        self._interruption = interruption
        self._division = int(config["division"])
        self._dry_run = bool(config.get("dry_run"))
        try:
            self._rules = Rules.from_config(config)
        except SettingsError as error:
            raise SettingsRefused(*error.problems) from error
        self._stack = ExitStack()
        try:
            self._connector_store = self._stack.enter_context(open_store(config))
            self._store = DivisionStore(self._connector_store, self._division)
            self._errors = self._connector_store.error_budget(PROVIDER, self._division)
            doing = f"writing to administration {self._division}"
            self._stack.enter_context(alone(config, self._store.writing_to_exact, doing))
            source = str(config.get("source_name") or TEAMLEADER)
            self.outcomes = Outcomes(self._store.rejects, logger, dry_run=self._dry_run, source=source)
            self._record = RunRecord(self._connector_store.runs, PLUGIN, self._division, config)
            self._store.store.remembers_since(self._division)
            if unreadable := self._store.rejects.unreadable():
                logger.warning("Rejects that cannot be opened: %d. %s", unreadable, UNREADABLE_HINT)
            self._payments = self._payments_work() if self._rules.book_payments else None
        except BaseException:
            self._stack.close()
            raise
        self._files = FileQueue(self._store, self.outcomes, self._now, dry_run=self._dry_run)
        self._connection: ExactClient | None = None
        self._cache = MasterCache(lambda: self._client, self._store, self._rules, keep=not self._dry_run)
        self._writers: tuple[Administration, Accounts, Documents] | None = None
        self._looked_for_deleted = False
        self._handled: set[tuple[str, str]] = set()
        self._received: set[str] = set()
        self._deleted: set[tuple[str, str]] = set()
        notice_settings(self._store, self._rules, self._cache, keep=not self._dry_run)

    def customers(self, records: list[Record]) -> None:
        """Keep customers until a document needs them, or until there is time to bring their accounts up to date."""
        links = self._store.links.get_many(ACCOUNT, [record["id"] for record in records])
        waiting = self._store.customers.ids()
        staged: dict[str, Record] = {}
        for record in records:
            link = links.get(record["id"])
            if link is None or link.state is not State.LINKED:
                staged[record["id"]] = record
            elif link.fingerprint == account_fingerprint(record):
                self.outcomes.in_order(ACCOUNT, record["id"])
                if record["id"] in waiting or record["id"] in staged:
                    staged[record["id"]] = record
            elif str(record.get("updated_at") or "~") >= (link.detail.updated_at or ""):
                staged[record["id"]] = record
        if staged:
            self._store.customers.put_many(staged)
            self._received |= staged.keys()

    def deleted(self, records: list[Record]) -> None:
        """Take in which documents were deleted at the source, before anything is booked."""
        self._deleted |= {(record["kind"], record["id"]) for record in records}
        if not self._dry_run:
            note_deleted(self._store, self.outcomes, records)

    def documents(self, records: list[Record]) -> None:
        """Book what is not booked yet, of at most 40 documents."""
        with self._connector_store.gathering():
            self._see_to(records)

    def _see_to(self, records: list[Record]) -> None:
        links = links_of(self._store, records)
        excluded = {(kind, each) for kind in DOCUMENT_KINDS for each in self._store.rejects.excluded(kind)}
        if not self._dry_run:
            come = {(record["kind"], record["id"]) for record in records}
            excluded -= take_back(self._store, come & excluded - self._deleted)
        left = []
        records = [self._files.take(record, links.get((record["kind"], record["id"]))) for record in records]
        for record in records:
            key = (record["kind"], record["id"])
            if key in excluded:
                self.outcomes.left_out(record)
            elif is_unchanged(record, links.get(key)):
                self.outcomes.in_order(*key)
                self.outcomes.done("unchanged", record["kind"], record["number"])
            else:
                left.append(record)
        if left:
            refuse_other_department(self._rules, left)
            refuse_other_company(self._cache, left)
            _, _, documents = self._open()
            documents.handle(left)
            self._handled |= {(record["kind"], record["id"]) for record in left}
        self._consider_payments(records)

    def invalid(self, kind: str, record: Record, reason: str) -> None:
        """Keep a record that does not fit the input schema; a sender that says itself what is missing knows better."""
        rejection = told_by_sender(record) or Rejection.of("record_invalid", reason)
        self.outcomes.reject(record, rejection, kind=kind)

    def finish(self) -> None:
        """After the new work, do what was left undone by earlier runs as far as it is due, and close."""
        with self._connector_store.gathering():
            self._catch_up()
        self.close()

    def _catch_up(self) -> None:
        if not self._dry_run:
            self._files.take_over()
        if self._store.links.intents() or self._store.links.changes():
            self._open()
        if not self._dry_run:
            self._notice_what_moved()
            if self._files.due():
                self._open()
        if reversals_due(self._store, self.outcomes, self._rules):
            administration, _, documents = self._open()
            reverse_deleted(administration, documents.attachments)
        if self._rejects_are_due():
            administration, accounts, documents = self._open()
            retry_rejects(administration, accounts, documents, self._handled, self._consider_payments)
        if self._writers is not None and not self._dry_run:
            self._writers[2].attachments.catch_up()
        if not self._dry_run:
            self._wait_for_sending()
        if self._payments is not None:
            self._payments.retry()
        self._purge(self._send_customers())

    def close(self, trouble: Trouble | None = None) -> None:
        """Write the run's record and its last log line, and let the administration go.

        Args:
            trouble: What ended the run early.
        """
        tally = self.outcomes
        with self._stack:
            line = self._record.end(tally.counts, tally.sentence(), tally.outcome, trouble=trouble)
        self._logger.info("%s", line)

    def _now(self) -> datetime:
        """Return what time it is in Exact, by our clock until that was heard."""
        return self._connection.service_now() if self._connection is not None else utc_now()

    @property
    def _client(self) -> ExactClient:
        if self._connection is None:
            self._connection = connect(self._config, self._connector_store, self._interruption, read_only=self._dry_run)
        return self._connection

    def _open(self) -> tuple[Administration, Accounts, Documents]:
        """Open the administration for writing: read it, check the settings, clear up what a cut-off run left."""
        if self._writers is not None:
            return self._writers
        master = self._checked(self._cache.master())
        administration = Administration(
            client=self._client,
            master=master,
            cache=self._cache,
            rules=self._rules,
            store=self._store,
            outcomes=self.outcomes,
            breaker=CircuitBreaker(self._errors),
            interruption=self._interruption,
            dry_run=self._dry_run,
        )
        accounts = Accounts(administration)
        documents = Documents(administration, accounts, self._files)
        self._writers = administration, accounts, documents
        if not self._dry_run:
            notice_move(self._store, self._cache.division().get("DivisionMoveDate"))
            resolve_unknown_outcomes(administration)
            finish_open_changes(administration)
            if not self._looked_for_deleted:
                self._look_for_deleted()
        return self._writers

    def _payments_work(self) -> InvoicePayments:
        administration = UnopenedAdministration(
            store=self._store,
            outcomes=self.outcomes,
            interruption=self._interruption,
            errors=self._errors,
            client=lambda: self._client,
            open=lambda: self._open()[0],
            since=first_day(self._store, self._rules, self._logger, dry_run=self._dry_run),
            dry_run=self._dry_run,
        )
        return InvoicePayments(administration)

    def _consider_payments(self, records: list[Record]) -> None:
        """Book the payments of documents that are booked by now, changed or not."""
        if self._payments is not None:
            self._payments.consider(newest(records))

    def _checked(self, master: MasterData) -> MasterData:
        """Say what is wrong with the settings; end the run, after reading afresh, when that concerns every document."""
        if stopping_problems(self._rules, master) and self._cache.renew_all():
            master = self._cache.master()
        problems = check_settings(self._rules, master, utc_now().date())
        if stopping_problems(self._rules, master):
            raise SettingsRefused(*problems)
        for problem in problems:
            self._logger.warning("%s", problem)
        return master

    def _notice_what_moved(self) -> None:
        """Find out whether something that waits can go on: two calls at most, none when nothing is booked or waits."""
        wake_documents_of(self._store, self._received)
        if not self._looked_for_deleted and self._store.links.count():
            self._look_for_deleted()
        kinds = WAITING if self._payments is not None else WAITING_DOCUMENTS
        look_around(lambda: self._client, self._store, self._cache, kinds)

    def _look_for_deleted(self) -> None:
        self._looked_for_deleted = True
        notice_deleted(self._client, self._store, self.outcomes)

    def _wait_for_sending(self) -> None:
        """Tell who reads the source which invoices wait until they were sent, by their departments."""
        waiting = {}
        if "not_sent" in self._store.rejects.codes({"invoice"}):
            found = (each for each in self._store.rejects.pending({"invoice"}) if each.code == "not_sent")
            waiting = {each.source_id: (each.payload or {}).get("department") for each in found}
        keep_unsent(self._connector_store, self._division, waiting)

    def _rejects_are_due(self) -> bool:
        due = due_rejects(self._store, self._rules, everything=self._dry_run)
        return any((reject.kind, reject.source_id) not in self._handled for reject in due)

    def _send_customers(self) -> set[str]:
        """Bring changed customers up to date; return those that wait for the next run."""
        changed = changed_customers(self._store)
        room = room_for_updates(
            self._connector_store.budget(PROVIDER, self._config["client_id"], self._division).read()
        )
        if not changed or not room:
            return set(changed)
        _, accounts, _ = self._open()
        return send_changed(accounts, changed, room)

    def _purge(self, changed: set[str]) -> None:
        """Forget the customers that neither a document nor their account waits for."""
        waiting = set()
        for reject in self._store.rejects.pending(DOCUMENT_KINDS):
            if reject.payload:
                waiting.add(str(reject.payload.get("customer")))
        self._store.customers.keep_only(waiting | changed)
        if self._dry_run:
            return
        for reject in self._store.rejects.pending({ACCOUNT}):
            if reject.source_id not in waiting:
                link = self._store.links.get(ACCOUNT, reject.source_id)
                if link is None:
                    self._store.rejects.resolve(ACCOUNT, reject.source_id)
