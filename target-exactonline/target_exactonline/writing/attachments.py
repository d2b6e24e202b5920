"""The files of a document: a document in Exact that the sales entry points to, holding the PDF and the UBL.

Files that are there go first, so that the entry needs no change afterwards (exact-online 6.35); those that come late
follow alone. When a backlog is longer than the calls of the day, entries go first and all files after them (setting
`files`). What cannot be attached never blocks or repeats the booking: it stays in the queue with a code. Where a few in
a row get no answer the others wait for the next run: each would hold up its entry for as long as a call may take.

A file is the one that its content says. Before anything is sent to a document of an earlier run, its attachments are
listed: one that was sent without an answer is recognised by its name and size, once Exact can no longer be at it. An
attachment cannot be changed (exact-online 6.36), so that a new content is sent first, and the old one removed after it,
or kept beside it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from os import SEEK_END
from typing import TYPE_CHECKING, Any, Final

from connector_store import FileState, How, Step, StoreError, StoreUnavailableError
from exactonline_api import Base64
from exactonline_api.errors import AccessDenied, ApiError, OutcomeUnknown, RecordRefused, TryLater
from exactonline_api.odata import guid
from singer_shell.files import DAMAGED, LOST, is_whole
from singer_shell.unknown_outcomes import MAX_UNANSWERED, look_again
from target_exactonline.writing.search import ATTACHMENTS, DOCUMENTS, ENTRIES, attachments_of, documents_by_subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector_store import File, Link
    from target_exactonline.administration import Administration
    from target_exactonline.writing.draft import Draft
    from target_exactonline.writing.file_queue import FileQueue

Row = dict[str, Any]

SALES_INVOICE_DOCUMENT: Final = 10
"""DocumentTypes.ID of a sales invoice (exact-online 6.33)."""
LARGEST: Final = 25 * 1024 * 1024
"""Bytes of a file that is sent at all: Exact states no limit (exact-online 6.37), and a request is held in memory."""
WITH_ENTRIES: Final = Fraction(1, 2)
"""So much of the day's calls has to be left for files to go with their entries."""
AFTER_ENTRIES: Final = Fraction(1, 4)
"""So much of the day's calls is for entries alone."""
REFUSED: Final = "attachment_refused"
DENIED: Final = "attachment_denied"
TOO_LARGE: Final = "file_too_large"
_FAILURES: Final = (RecordRefused, OutcomeUnknown, TryLater, AccessDenied)
"""What is wrong with files alone; everything else ends the run."""
_NAMES: Final = {"invoice": "Factuur", "credit_note": "Creditnota"}


@dataclass(frozen=True)
class _Owner:
    """The document at the source that files belong to."""

    kind: str
    id: str
    number: str
    date: str | None
    account: str | None
    entry_id: str | None = None
    """GUID of its entry, when that is booked."""
    points_to: str | None = None
    """GUID of the document that its entry is known to point to."""

    @property
    def subject(self) -> str:
        return document_subject(self.kind, self.number, self.id)


class Attachments:
    """Sends files, and finds again what was sent before."""

    def __init__(self, administration: Administration, queue: FileQueue) -> None:
        self._administration = administration
        self._links = administration.store.links
        self._client = administration.client
        self._queue = queue
        self._replaces = administration.rules.on_changed_file == "replace"
        self._found: dict[str, str] = {}
        self._closed: str | None = None
        """Code under which all other files wait for the next run."""
        self._unanswered = 0

    def find_again(self, drafts: Iterable[Draft]) -> None:
        """Look up, a batch per call, the documents that an interrupted or forgotten run may have left in Exact.

        Only for what may have been handled before: drafts with an intent that does not know its document, and records
        from before this store began.
        """
        began = self._administration.store.store.remembers_since(self._administration.store.division)
        since = began.strftime("%Y-%m-%dT%H:%M:%S")
        subjects = [
            document_subject(draft.kind, draft.number, draft.id)
            for draft in drafts
            if not draft.trace.document_id
            and (draft.tried or str(draft.record.get("updated_at") or "") < since)
            and self.has_files(draft)
        ]
        if not subjects or self._closed:
            return
        try:
            self._found = documents_by_subject(self._client, subjects)
        except _FAILURES as error:
            self._problem(DOCUMENTS, error)

    def has_files(self, draft: Draft) -> bool:
        """Tell whether files of a draft can go with its entry, or are in Exact already for it to point to."""
        waits = bool(self._go_with_entries() and self._queue.of(draft.kind, draft.id))
        return waits or self._known_document(draft) is not None

    def _known_document(self, draft: Draft) -> str | None:
        """Return what holds files of a draft: sent by an earlier attempt, or for an entry that is gone by now."""
        if draft.trace.document_id:
            return draft.trace.document_id
        files = self._administration.store.files.of(draft.kind, draft.id)
        return next((file.document_id for file in files if file.state is FileState.ATTACHED), None)

    def bring(self, draft: Draft, account: str) -> str | None:
        """Send the files of a draft and note in its intent how far that went; the last note is that the entry follows.

        Returns:
            GUID of the document for the entry to point to, None when there is none.
        """
        owner = _Owner(draft.kind, draft.id, draft.number, draft.record["date"], account)
        known = self._known_document(draft) or self._found.get(owner.subject)
        document = self._deliver(owner, known, self._queue.of(draft.kind, draft.id))
        sent_at = self._client.service_now()
        self._links.progress(draft.kind, draft.id, document_id=document, step=Step.ENTRY, sent_at=sent_at)
        return document

    def miss(self, draft: Draft, file: File) -> None:
        """Ask for a file of a draft again: what holds it is not what the entry of the draft points to."""
        self._queue.lost(file, draft.number, LOST)

    def _go_with_entries(self) -> bool:
        """Tell whether files are sent before their entries now."""
        when = self._administration.rules.files
        return self._is_left(WITH_ENTRIES) if when == "auto" else when == "with_entry"

    def _is_left(self, part: Fraction) -> bool:
        """Tell whether more than this part of the day's calls is left, as far as Exact told."""
        day = self._client.limits.day
        return day.limit is None or day.remaining is None or day.remaining > day.limit * part

    def catch_up(self) -> None:
        """Send the files of booked documents that came late, changed, could not be sent, or were to go after entries.

        When files may go after entries they leave a part of the day's calls to the entries of its later runs.
        """
        for link, files in self._queue.due():
            self._administration.interruption.check()
            if self._closed == REFUSED:
                return
            if self._administration.rules.files != "with_entry" and not self._is_left(AFTER_ENTRIES):
                return
            if link.how is How.MATCHED:
                self._administration.store.files.remove(link.kind, link.source_id)
                continue
            self._follow(link, files)

    def _follow(self, link: Link, files: list[File]) -> None:
        detail = link.document
        date = detail.date.isoformat() if detail.date else None
        known = detail.document_id
        owner = _Owner(link.kind, link.source_id, str(link.number), date, detail.customer, link.exact_id, known)
        if known is None and not self._closed:
            try:
                known = documents_by_subject(self._client, [owner.subject]).get(owner.subject)
            except _FAILURES as error:
                self._all_wait(files, owner, self._problem(DOCUMENTS, error))
                return
        self._deliver(owner, known, files)

    def _point(self, entry_id: str, document: str) -> None:
        """Have an entry point to its files; where it may not change, its document names it (exact-online 6.34).

        A document that was made before its entry does not name it yet.
        """
        of_entry = (ENTRIES, entry_id, {"Document": document})
        of_document = (DOCUMENTS, document, {"FinancialTransactionEntryID": entry_id})
        for path, row, fields in (of_entry, of_document):
            with suppress(*_FAILURES):
                self._client.put(path, row, fields)
                return
        self._administration.outcomes.logger.warning("Exact does not let entry %s and its files meet", entry_id)

    def _deliver(self, owner: _Owner, known: str | None, files: list[File]) -> str | None:
        """Attach files to the document of their owner, made when it is not there; return its GUID, None without one."""
        document, held = known, None
        try:
            if known is not None and not self._closed:
                document = self._reuse(known)
                if document is None:
                    self._fetch_again(owner, known)
                elif files:
                    held = attachments_of(self._client, document)[document]
            if document is None and files:
                document = self._create(owner, files)
                if document is not None and owner.entry_id is None:
                    self._links.progress(owner.kind, owner.id, document_id=document)
        except _FAILURES as error:
            in_doubt = isinstance(error, OutcomeUnknown)
            self._all_wait(files, owner, self._problem(DOCUMENTS, error), in_doubt=in_doubt)
            return document
        if document is None or self._closed:
            self._all_wait(files, owner, self._closed or REFUSED)
            return document
        if owner.entry_id is not None and document != owner.points_to:
            # Before its files, which are not looked at again once they are attached.
            self._point(owner.entry_id, document)
            self._links.progress(owner.kind, owner.id, document_id=document)
        for file in files:
            self._attach(owner, document, file, held or [])
        self._remove_what_went(owner, held or [])
        return document

    def _fetch_again(self, owner: _Owner, document: str) -> None:
        """Ask for the files again that went with a document which a person deleted."""
        for file in self._administration.store.files.of(owner.kind, owner.id):
            if file.state is FileState.ATTACHED and file.document_id == document:
                self._queue.lost(file, owner.number, LOST)

    def _reuse(self, document: str) -> str | None:
        """Return the document if it still is in Exact."""
        rows = self._client.rows(DOCUMENTS, select=("ID",), filter=f"ID eq {guid(document)}")
        return next((str(row["ID"]) for row in rows), None)

    def _create(self, owner: _Owner, files: Iterable[File]) -> str | None:
        """Return the GUID of a new document for files, None when there is none.

        Raises:
            OutcomeUnknown: It does not show, and Exact may still be at it.
        """
        body = {
            "Subject": owner.subject,
            "Type": SALES_INVOICE_DOCUMENT,
            "Account": owner.account,
            "DocumentDate": owner.date,
            "FinancialTransactionEntryID": owner.entry_id,
        }
        if self._closed or not self._administration.breaker.allows(DOCUMENTS):
            return None
        for file in files:
            self._queue.sending(file)
        try:
            row = self._client.post(DOCUMENTS, {name: value for name, value in body.items() if value is not None})
        except OutcomeUnknown:
            found = look_again(
                lambda: documents_by_subject(self._client, [owner.subject]).get(owner.subject),
                self._administration.interruption,
            )
            if found is None:
                raise
            return found
        return str(row["ID"])

    def _attach(self, owner: _Owner, document: str, file: File, held: list[Row]) -> None:
        """Attach one file, and remove or keep the one whose place it takes."""
        try:
            content = self.content_of(file)
        except StoreUnavailableError:
            raise
        except StoreError:
            self._queue.lost(file, owner.number, LOST)
            return
        if isinstance(content, str):
            self._queue.wait(file, owner.number, content)
            return
        same_name = [row for row in held if str(row["FileName"]) == file.filename]
        name = file.filename if self._replaces or not same_name else _name_beside(file)
        attachment = None
        try:
            attachment = sent_before(held, name, len(content), file) or self._send(document, name, content, file)
            if attachment is not None and self._replaces:
                for row in same_name:
                    if str(row["ID"]) != attachment:
                        self._remove(str(row["ID"]))
        except _FAILURES as error:
            in_doubt = attachment is None and isinstance(error, OutcomeUnknown)
            self._queue.wait(file, owner.number, self._problem(ATTACHMENTS, error), in_doubt=in_doubt)
            return
        if attachment is None:
            self._queue.wait(file, owner.number, REFUSED)
            return
        self._unanswered = 0
        names = {"document_id": document, "attachment_id": attachment}
        self._administration.store.files.attached(file.kind, file.source_id, file.filename, **names)
        if owner.entry_id is not None:
            self._administration.outcomes.done("files attached", owner.kind, owner.number)

    def content_of(self, file: File) -> bytes | str:
        """Return the content, or the code of why it is not sent. Raises StoreError when it is lost."""
        with self._administration.store.store.spool.open(str(file.content_hash)) as stream:
            if stream.seek(0, SEEK_END) > LARGEST:
                return TOO_LARGE
            return stream.read() if is_whole(stream, file.filename) else DAMAGED

    def _send(self, document: str, name: str, content: bytes, file: File) -> str | None:
        """Send a content; return the GUID of the attachment, None when there is none.

        Raises:
            OutcomeUnknown: It does not show, and Exact may still be at it.
        """
        if not self._administration.breaker.allows(ATTACHMENTS):
            return None
        self._queue.sending(file)
        body = {"Document": document, "FileName": name, "Attachment": Base64(content)}
        try:
            return str(self._client.post(ATTACHMENTS, body)["ID"])
        except OutcomeUnknown:
            found = sent_before(attachments_of(self._client, document)[document], name, len(content), file)
            if found is None:
                raise
            return found

    def _remove(self, attachment: str) -> None:
        """Remove an attachment; raises OutcomeUnknown or TryLater when it is not known whether it went."""
        try:
            self._client.delete(ATTACHMENTS, attachment)
        except (RecordRefused, AccessDenied):
            self._administration.outcomes.logger.info("An older file stays beside the new one: Exact keeps it")

    def _remove_what_went(self, owner: _Owner, held: list[Row]) -> None:
        """Remove the files that the document at the source has under another name now."""
        here = {str(row["ID"]) for row in held}
        for file in self._administration.store.files.of(owner.kind, owner.id):
            if file.state is not FileState.REPLACED or not self._replaces:
                continue
            if file.attachment_id in here:
                with suppress(OutcomeUnknown, TryLater):
                    self._remove(str(file.attachment_id))
            self._administration.store.files.remove(owner.kind, owner.id, file.filename)

    def _all_wait(self, files: Iterable[File], owner: _Owner, code: str, *, in_doubt: bool = False) -> None:
        for file in files:
            self._queue.wait(file, owner.number, code, in_doubt=in_doubt)

    def _problem(self, endpoint: str, error: ApiError) -> str:
        """Return the code of a failure, and remember what others would fail for as well."""
        self._unanswered = self._unanswered + 1 if isinstance(error, OutcomeUnknown | TryLater) else 0
        if isinstance(error, AccessDenied):
            self._closed = DENIED
            return DENIED
        if isinstance(error, RecordRefused):
            self._administration.breaker.record(endpoint, REFUSED, error.status)
        if self._unanswered >= MAX_UNANSWERED:
            self._closed = REFUSED
        return REFUSED


def sent_before(held: Iterable[Row], name: str, size: int, file: File) -> str | None:
    """Find what an earlier try sent without an answer; what it is to take the place of is another one."""
    return next(
        (
            str(row["ID"])
            for row in held
            if str(row["FileName"]) == name and int(row["FileSize"] or 0) == size and row["ID"] != file.attachment_id
        ),
        None,
    )


def _name_beside(file: File) -> str:
    """Return the name of a later content beside the earlier one: the name of the file, and how its hash begins."""
    stem, dot, extension = file.filename.rpartition(".")
    return f"{stem or extension} {str(file.content_hash)[:8]}{dot}{extension if stem else ''}"


def document_subject(kind: str, number: str, source_id: str) -> str:
    """Return the Subject of the document that holds the files of a sales entry: a lost store finds it by that."""
    return f"{_NAMES[kind]} {number} · {sha256(source_id.encode()).hexdigest()[:8]}"
