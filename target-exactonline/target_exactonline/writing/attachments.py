"""The files of a document: a document in Exact that the sales entry points to, holding the PDF and the UBL.

Files go first, so that the entry needs no change afterwards (exact-online 6.35). What cannot be attached never
blocks or repeats the booking: it is kept as a reject of its own and tried alone in the next run.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from connector_store import State, Step
from connector_store.division_store import ATTACHMENT
from exactonline_api.errors import OutcomeUnknown, RecordRefused
from exactonline_api.odata import guid
from singer_shell.unknown_outcomes import look_again
from target_exactonline.reasons import Rejection, explain
from target_exactonline.writing.search import ATTACHMENTS, DOCUMENTS, ENTRIES, attached_names, documents_by_subject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from target_exactonline.administration import Administration
    from target_exactonline.writing.draft import Draft

Record = dict[str, Any]

SALES_INVOICE_DOCUMENT = 10
"""DocumentTypes.ID of a sales invoice (exact-online 6.33)."""
_NAMES = {"invoice": "Factuur", "credit_note": "Creditnota"}


class Attachments:
    """Sends files, finds again what was sent before, and keeps what could not be sent."""

    def __init__(self, administration: Administration) -> None:
        self._administration = administration
        self._links = administration.memory.links
        self._client = administration.client
        self._found: dict[str, str] = {}

    def find_again(self, drafts: Iterable[Draft]) -> None:
        """Look up, a batch per call, the documents that an interrupted or forgotten run may have left in Exact.

        Only for what may have been handled before: drafts with an intent that does not know its document, and records
        from before this memory began.
        """
        began = self._administration.memory.store.remembers_since(self._administration.memory.division)
        since = began.strftime("%Y-%m-%dT%H:%M:%S")
        subjects = [
            document_subject(draft.record)
            for draft in drafts
            if draft.record.get("attachments")
            and not draft.trace.document_id
            and (draft.tried or str(draft.record.get("updated_at") or "") < since)
        ]
        self._found = documents_by_subject(self._client, subjects) if subjects else {}

    def bring(self, draft: Draft, account: str) -> str | None:
        """Send the files of a draft and note in its intent how far that went; the last note is that the entry follows.

        Returns:
            GUID of the document for the entry to point to, None when there is none.
        """
        record, subject = draft.record, document_subject(draft.record)
        known = draft.trace.document_id or self._found.get(subject)
        document = self._reuse(known) if known else None
        held = attached_names(self._client, document) if document else set()
        if document is None:
            document, why_not = self._create(record, subject, account)
            if document is None:
                self._keep(record, why_not)
                self._links.progress(draft.kind, draft.id, step=Step.ENTRY)
                return None
            self._links.progress(draft.kind, draft.id, document_id=document)
        problem = self._send(document, record, held)
        if problem:
            self._keep(record, problem)
        elif draft.tried:
            self._administration.memory.rejects.resolve(ATTACHMENT, draft.id)
        self._links.progress(draft.kind, draft.id, document_id=document, step=Step.ENTRY)
        return document

    def retry(self, record: Record) -> None:
        """Send alone what could not be sent with the booking, and point the entry to it."""
        link = self._links.get(record["kind"], record["id"])
        if link is None or link.state is not State.LINKED or not link.exact_id:
            return
        subject = document_subject(record)
        known = link.document.document_id or documents_by_subject(self._client, [subject]).get(subject)
        document = self._reuse(known) if known else None
        held = attached_names(self._client, document) if document else set()
        problem: str | None = None
        if document is None:
            document, problem = self._create(record, subject, link.document.customer, link.exact_id)
        if document is not None:
            problem = self._send(document, record, held)
            if not link.document.document_id:
                problem = problem or self._point(link.exact_id, document)
        if document is not None and problem is None:
            self._links.progress(record["kind"], record["id"], document_id=document)
        if problem:
            self._keep(record, problem)
        else:
            self._administration.memory.rejects.resolve(ATTACHMENT, record["id"])
            self._administration.outcomes.done("files attached", record["kind"], record["number"])

    def _point(self, entry_id: str, document: str) -> str | None:
        try:
            self._client.put(ENTRIES, entry_id, {"Document": document})
        except OutcomeUnknown:
            return "no answer from Exact"
        except RecordRefused:
            # The document carries the entry's id itself, which shows it with the journal entry (exact-online 6.34).
            self._administration.outcomes.logger.info("Exact does not let entry %s point to its files", entry_id)
        return None

    def _reuse(self, document: str) -> str | None:
        """Return the document if it still is in Exact."""
        rows = self._client.rows(DOCUMENTS, select=("ID",), filter=f"ID eq {guid(document)}")
        return next((str(row["ID"]) for row in rows), None)

    def _create(
        self, record: Record, subject: str, account: str | None, entry_id: str | None = None
    ) -> tuple[str | None, str]:
        """Return the new document's GUID, or None and why there is none."""
        body = {
            "Subject": subject,
            "Type": SALES_INVOICE_DOCUMENT,
            "Account": account,
            "DocumentDate": record["date"],
            "FinancialTransactionEntryID": entry_id,
        }
        if not self._administration.breaker.allows(DOCUMENTS):
            return None, "too many documents were refused in the last hour"
        try:
            row = self._client.post(DOCUMENTS, {name: value for name, value in body.items() if value is not None})
        except RecordRefused as error:
            self._administration.breaker.record(DOCUMENTS, "attachment_refused", error.status)
            return None, explain(error.messages).reason
        except OutcomeUnknown:
            found = look_again(
                lambda: documents_by_subject(self._client, [subject]).get(subject), self._administration.interruption
            )
            return found, "no answer from Exact"
        return str(row["ID"]), ""

    def _send(self, document: str, record: Record, held: set[str]) -> str | None:
        """Attach the files that are not there yet; return why one could not be, None when all are there."""
        for file in record["attachments"]:
            if file["filename"] in held:
                continue
            if not self._administration.breaker.allows(ATTACHMENTS):
                return "too many files were refused in the last hour"
            body = {"Document": document, "FileName": file["filename"], "Attachment": file["content"]}
            try:
                self._client.post(ATTACHMENTS, body)
            except RecordRefused as error:
                self._administration.breaker.record(ATTACHMENTS, "attachment_refused", error.status)
                return explain(error.messages).reason
            except OutcomeUnknown:
                if file["filename"] not in attached_names(self._client, document):
                    return "no answer from Exact"
        return None

    def _keep(self, record: Record, problem: str) -> None:
        refusal = Rejection.of("attachment_refused", f"The files could not be attached: {problem}")
        self._administration.outcomes.reject(record, refusal, kind=ATTACHMENT)


def document_subject(record: dict[str, Any]) -> str:
    """Return the Subject of the document that holds the files of a sales entry: a lost store finds it by that."""
    return f"{_NAMES[record['kind']]} {record['number']} · {sha256(record['id'].encode()).hexdigest()[:8]}"
