"""Invoices and credit notes: booked documents with their lines and files."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_teamleader import timestamps
from tap_teamleader.attachments import download
from tap_teamleader.changes import CREDIT_NOTES, INVOICES, Change, DocumentKind, changed_documents, is_booked
from tap_teamleader.scope import keep, scope_of
from tap_teamleader.streams.base import ChangesStream
from teamleader_api import NotFound, RecordRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from singer_sdk.helpers.types import Record


class DocumentStream(ChangesStream):
    """Documents that changed, read in full in the order of their change."""

    kind: ClassVar[DocumentKind]

    _current: Change
    _read_at: str

    @cached_property
    def changes(self) -> list[Change]:
        """The documents to deliver in this run, oldest change first; listed once, also for the customers."""
        store, department = self._tap.store, self.config.get("department_id")
        scope = self.progress.confine_to(scope_of(store, department, self.config["start_date"]))
        keep(store, scope)
        first_day = scope["from"]
        listed = changed_documents(
            self.client,
            self.kind,
            since=self.progress.since,
            first_day=date.fromisoformat(first_day) if first_day else None,
            department_id=department,
        )
        new = [change for change in listed if self.progress.is_new(change.id, change.updated_at)]
        listed_again = {change.id for change in new}
        refused_before = [
            Change(updated_at or "", row_id, customer_kind, customer_id)
            for row_id, (updated_at, customer_kind, customer_id) in self.progress.put_aside.items()
            if row_id not in listed_again
        ]
        return sorted(refused_before + new)

    @override
    def read(self) -> Iterable[Record]:
        wanted = self.config["attachments"] if self.wants("attachments") else []
        for change in self.changes:
            self._current, self._read_at = change, timestamps.now()
            try:
                document: dict[str, Any] = self.client.call(f"{self.kind.resource}.info", {"id": change.id})
            except NotFound:
                self.logger.warning("%s %s was deleted in Teamleader while it was read: left out", self.name, change.id)
                self.progress.settle(change.id)
                continue
            except RecordRefused as error:
                self.logger.warning("%s %s cannot be read, the next run tries again: %s", self.name, change.id, error)
                self.progress.set_aside(change.id, [change.updated_at, change.customer_kind, change.customer_id])
                continue
            if not is_booked(document):
                self.logger.warning("%s %s is a draft again in Teamleader: left out", self.name, change.id)
                self.progress.settle(change.id)
                continue
            document["updated_at"] = timestamps.utc(document["updated_at"])
            if wanted:
                files = download(
                    self.client, self.kind.resource, change.id, document.get(self.kind.number_field), wanted
                )
                document["attachments"] = files.attachments
                document["attachments_error"] = files.error
                if files.error:
                    self.logger.warning("%s %s goes on without file: %s", self.name, change.id, files.error)
            yield document

    @override
    def delivered(self, record: Record) -> None:
        # The place in the list counts, not the time in the record: a document that changed since it was listed came
        # out before others that are still to be read.
        self.progress.settle(self._current.id)
        self.progress.move_to(self._current.updated_at)
        self.progress.remember(self._current.id, record.get("updated_at") or self._current.updated_at, self._read_at)


class Invoices(DocumentStream):
    """Booked invoices, paid or not."""

    name = "invoices"
    kind = INVOICES


class CreditNotes(DocumentStream):
    """Booked credit notes."""

    name = "credit_notes"
    kind = CREDIT_NOTES
