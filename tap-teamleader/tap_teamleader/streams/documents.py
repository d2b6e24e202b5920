"""Invoices and credit notes: booked documents with their lines and files."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from connector_store.asked_again import asked_after
from connector_store.until_sent import unsent
from tap_teamleader import deletions, timestamps
from tap_teamleader.attachments import Attachments
from tap_teamleader.changes import (
    CREDIT_NOTES,
    INVOICES,
    Change,
    DocumentKind,
    changed_documents,
    is_booked,
    listed_change,
)
from tap_teamleader.scope import keep_scope, scope_of
from tap_teamleader.streams.base import ChangesStream, id_batches, page_of
from teamleader_api import NotFound, RecordRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from singer_sdk import Tap
    from singer_sdk.helpers.types import Record

    from connector_store.asked_again import Request
    from tap_teamleader.changes import CustomerKind


class DocumentStream(ChangesStream):
    """Documents that changed, read in full in the order of their change."""

    kind: ClassVar[DocumentKind]

    _current: Change
    _read_at: str
    _is_late: bool
    """Whether the document comes again for the sake of a file that came late."""

    @cached_property
    def changes(self) -> list[Change]:
        """The documents to deliver in this run, oldest change first; listed once, also for the customers."""
        store, department = self._tap.store, self.config.get("department_id")
        scope = self.progress.confine_to(scope_of(store, department, self.config["start_date"]))
        keep_scope(store, scope)
        first_day = date.fromisoformat(scope["from"]) if scope["from"] else None
        since = self.progress.since
        wanted: dict[str, Any] = {"since": since, "first_day": first_day, "department_id": department}
        deletions.remember_earlier(self.client, store, self.kind, **wanted)
        listed = changed_documents(self.client, self.kind, **wanted)
        new = [change for change in listed if self.progress.is_new(change.id, change.updated_at)]
        listed_again = {change.id for change in new}
        refused_before = [
            Change(updated_at or "", row_id, customer_kind, customer_id)
            for row_id, (updated_at, customer_kind, customer_id) in self.progress.put_aside.items()
            if row_id not in listed_again
        ]
        found = sorted(refused_before + new)
        again = self._asked_again({change.id for change in found})
        return [*self._sent_by_now({change.id for change in [*again, *found]}), *again, *found]

    def _sent_by_now(self, found: set[str]) -> list[Change]:
        """Return the invoices that wait until they were sent, and were: that may not count as a change."""
        department = self.config.get("department_id")
        waiting = unsent(self._tap.store, department) if self.kind is INVOICES else []
        sent: list[Change] = []
        for ids in id_batches([each for each in waiting if each not in found]):
            rows = self.client.rows("invoices.list", page_of(("ids", ids), ("department_id", department)))
            listed = (listed_change(row, self.kind, None) for row in rows if row.get("sent"))
            sent += [change._replace(updated_at="") for change in listed if change is not None]
        return sorted(sent)

    def _asked_again(self, found: set[str]) -> list[Change]:
        """Return the documents that a person wants read again, changed or not, whatever the start date.

        Those of other departments are left to their own coupling.
        """
        wanted = [each for each in self._requests if each.source_id not in found]
        listed: list[Change] = []
        department = ("department_id", self.config.get("department_id"))
        for ids in id_batches([each.source_id for each in wanted]):
            rows = self.client.rows(f"{self.kind.resource}.list", page_of(("ids", ids), department))
            listed += [change for row in rows if (change := listed_change(row, self.kind, None)) is not None]
        # Without a moment: they say nothing of how far the changes were read.
        return sorted(change._replace(updated_at="") for change in listed)

    @cached_property
    def _requests(self) -> list[Request]:
        return asked_after(self._tap.store, self.kind.name, self.progress.asked_again)

    @cached_property
    def late_documents(self) -> list[tuple[str, set[str]]]:
        """The documents with files to come that are due, with the formats of those files."""
        return [] if self._files is None else list(self._files.to_come())

    def customers(self, kind: CustomerKind) -> tuple[set[str], set[str]]:
        """Name the companies, or the contacts, of the changed documents: of new ones, and of those put out before."""
        new: set[str] = set()
        known: set[str] = set()
        put_out = self.progress.put_out
        for change in self.changes:
            if change.customer_kind == kind and change.customer_id:
                (known if change.id in put_out else new).add(change.customer_id)
        return new, known

    @override
    def read(self) -> Iterable[Record]:
        files, late = self._files, self.late_documents
        deletions.remember(self._tap.store, self.kind, self.changes)
        for change in self.changes:
            document = self._document(change)
            if document is None:
                continue
            if files is not None:
                document["attachments"] = files.of(document)
                self._tell(document)
            yield document
        if self._requests:
            self.progress.asked_again = self._requests[-1].asked_at
        if files is not None:
            yield from self._late(files, late)
            files.tidy()

    @override
    def delivered(self, record: Record) -> None:
        # The place in the list counts, not the time in the record: a document that changed since it was listed came
        # out before others that are still to be read.
        current = self._current
        self.progress.settle(current.id)
        if current.updated_at:
            self.progress.move_to(current.updated_at)
        if self._is_late:
            self.progress.late_files += 1
        self.progress.note_put_out(current.id)
        self.progress.remember(current.id, record.get("updated_at") or current.updated_at, self._read_at)

    @cached_property
    def _files(self) -> Attachments | None:
        wanted = self.config["attachments"]
        if not wanted or not self.wants("attachments"):
            return None
        return Attachments(
            self.client,
            self._tap.store,
            self.kind,
            department_id=self.config.get("department_id"),
            wanted=wanted,
            inline=self.config["attachment_content"] == "inline",
            arrived=self.progress.late_files,
        )

    def _document(self, change: Change, *, is_late: bool = False) -> dict[str, Any] | None:
        """Read a document in full; None when it is left out."""
        self._current, self._read_at, self._is_late = change, timestamps.now(), is_late
        try:
            document: dict[str, Any] = self.client.call(f"{self.kind.resource}.info", {"id": change.id})
        except NotFound:
            self.logger.warning("%s %s was deleted in Teamleader while it was read: left out", self.name, change.id)
            self.progress.settle(change.id)
            return None
        except RecordRefused as error:
            self.logger.warning("%s %s cannot be read, the next run tries again: %s", self.name, change.id, error)
            self.progress.set_aside(change.id, [change.updated_at, change.customer_kind, change.customer_id])
            return None
        if not is_booked(document):
            self.logger.warning("%s %s is a draft again in Teamleader: left out", self.name, change.id)
            self.progress.settle(change.id)
            return None
        document["updated_at"] = timestamps.utc(document["updated_at"])
        return document

    def _late(self, files: Attachments, late: list[tuple[str, set[str]]]) -> Iterable[Record]:
        """Yield again the documents whose files came late: those that are there now."""
        read = {change.id for change in self.changes}
        for document_id, awaited in late:
            if document_id in read:
                continue
            document = self._document(Change("", document_id, None, None), is_late=True)
            if document is None:
                files.forget(document_id)
                continue
            document["attachments"] = files.of(document, delivery=self.progress.late_files + 1)
            if any(file["format"] in awaited and "problem" not in file for file in document["attachments"]):
                yield document

    def _tell(self, document: dict[str, Any]) -> None:
        for file in document["attachments"]:
            if "problem" in file:
                number = document.get(self.kind.number_field)
                self.logger.warning(
                    "%s %s goes on without file, the next runs try again: %s (%s)",
                    self.name,
                    number,
                    file["filename"],
                    file["problem"],
                )


def selected_documents(tap: Tap) -> list[DocumentStream]:
    """Return the streams of documents that take part in a run."""
    return [each for each in tap.streams.values() if isinstance(each, DocumentStream) and each.selected]


def brings_documents(tap: Tap) -> bool:
    """Tell whether a run may have a document to deliver; a first run may, without that anybody looks."""
    streams = selected_documents(tap)
    is_first = all(each.progress.since is None for each in streams)
    return is_first or any(each.changes or each.late_documents for each in streams)


class Invoices(DocumentStream):
    """Booked invoices, paid or not."""

    name = "invoices"
    kind = INVOICES


class CreditNotes(DocumentStream):
    """Booked credit notes."""

    name = "credit_notes"
    kind = CREDIT_NOTES
