"""The files of documents whose entry stood in Exact already: it is a person's, or was booked by a store that was lost.

What a person booked gets no files of ours. An entry that has our description keeps those it has, and those that were
still to come when the store was lost follow it. So do those that are known to be in another document: an older copy of
the store was put back, that knows of an entry before this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from connector_store import FileState, StoreError, StoreUnavailableError
from exactonline_api.errors import AccessDenied, OutcomeUnknown, RecordRefused, TryLater
from target_exactonline.writing.attachments import sent_before
from target_exactonline.writing.search import attachments_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from connector_store import File
    from target_exactonline.administration import Administration
    from target_exactonline.writing.attachments import Attachments
    from target_exactonline.writing.draft import Draft

Row = dict[str, Any]


class FoundFiles:
    """Tells which files entries have that were found in Exact."""

    def __init__(self, administration: Administration, attachments: Attachments) -> None:
        self._administration = administration
        self._files = administration.store.files
        self._attachments = attachments
        self._held: dict[str, list[Row]] = {}

    def look_into(self, found: Iterable[tuple[Draft, Iterable[Row]]]) -> None:
        """List what the entries of documents with files hold: one call per 40.

        Args:
            found: Documents, and the entries of their reference.
        """
        documents = {
            str(row["Document"])
            for draft, rows in found
            for row in rows
            if row.get("Document") and _is_ours(draft, row) and self._files.of(draft.kind, draft.id)
        }
        if not documents:
            return
        try:
            self._held.update(attachments_of(self._administration.client, *documents))
        except (RecordRefused, OutcomeUnknown, TryLater, AccessDenied):
            self._administration.outcomes.logger.info("The files of entries that were found cannot be listed now")

    def settle(self, draft: Draft, row: Row) -> str | None:
        """Settle the files of a document that is to be linked to an entry; return the GUID of what holds them in Exact.

        Raises:
            StoreUnavailableError: The store fails.
        """
        files = self._files.of(draft.kind, draft.id)
        if self._administration.dry_run or not files:
            return None
        if not _is_ours(draft, row):
            self._files.remove(draft.kind, draft.id)
            return None
        document = str(row["Document"]) if row.get("Document") else None
        for file in files:
            if file.state is FileState.ATTACHED and file.document_id != document:
                self._attachments.miss(draft, file)
                continue
            attachment = self._among(self._held.get(document or "", []), file)
            if document is not None and attachment is not None:
                names = {"document_id": document, "attachment_id": attachment}
                self._files.attached(file.kind, file.source_id, file.filename, **names)
        return document

    def _among(self, held: list[Row], file: File) -> str | None:
        """Find a file by its name and size; None when its content is not at hand."""
        if not held or file.state is not FileState.TO_ATTACH:
            return None
        try:
            content = self._attachments.content_of(file)
        except StoreUnavailableError:
            raise
        except StoreError:  # asked for again when it is to be attached
            return None
        return None if isinstance(content, str) else sent_before(held, file.filename, len(content), file)


def _is_ours(draft: Draft, row: Row) -> bool:
    """Tell whether an entry has the description that we give it."""
    return str(row.get("Description") or "").strip() == draft.plan.description.strip()
