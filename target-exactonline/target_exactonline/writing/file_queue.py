"""Takes the files of incoming records to the store's queue, so that no file is in the way of its document.

What reaches the rules and the rejects is a record that names its files; contents lie in the spool.
"""

from __future__ import annotations

import base64
import binascii
import io
from typing import TYPE_CHECKING, Any, Final

from connector_store import FileState, How, State
from connector_store.division_store import ATTACHMENT, DOCUMENT_KINDS
from singer_shell.files import DAMAGED, is_whole
from singer_shell.unknown_outcomes import REST
from target_exactonline.reasons import Rejection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from connector_store import File, Link
    from connector_store.division_store import DivisionStore
    from target_exactonline.outcomes import Outcomes

Record = dict[str, Any]

FOREIGN: Final = frozenset({How.ADOPTED, How.MATCHED})
"""How entries were linked that stood in Exact already."""


class FileQueue:
    """The files of one administration on their way to Exact.

    Args:
        store: What is remembered of the administration.
        outcomes: Takes in what became of files.
        now: Tells what time it is, by the clock of Exact as soon as that was heard.
        dry_run: Nothing is queued.
    """

    def __init__(self, store: DivisionStore, outcomes: Outcomes, now: Callable[[], datetime], *, dry_run: bool) -> None:
        self._store = store
        self._files = store.files
        self._outcomes = outcomes
        self._now = now
        self._dry_run = dry_run
        self._tried: set[tuple[str, str, str]] = set()

    def take(self, record: Record, link: Link | None) -> Record:
        """Queue the files of a record; return the record with their names and hashes alone.

        Args:
            record: A valid record of `sales_entries`.
            link: What is remembered of the document.

        Raises:
            StoreError: A content cannot be kept.
        """
        listed = record.get("attachments")
        if not listed:
            return record
        named = [self._without_content(file) for file in listed]
        if not self._dry_run and not _is_stale(record, link) and not self._is_of_a_person(link):
            self._note(record, named)
        return {**record, "attachments": named}

    def _is_of_a_person(self, link: Link | None) -> bool:
        """Tell whether an entry gets no files of ours (see `found_files`)."""
        return link is not None and link.how in FOREIGN and not self._files.of(link.kind, link.source_id)

    def take_over(self) -> None:
        """Queue the files that a version before this one kept as rejects."""
        for reject in self._store.rejects.pending({ATTACHMENT}):
            payload = reject.payload or {}
            if payload.get("kind") in DOCUMENT_KINDS:
                self.take(payload, self._store.links.get(payload["kind"], reject.source_id))
            self._store.rejects.resolve(ATTACHMENT, reject.source_id)

    def due(self) -> list[tuple[Link, list[File]]]:
        """Return the booked documents with files to attach now."""
        waiting: dict[tuple[str, str], list[File]] = {}
        for file in self._files.due(self._now()):
            if file.state is FileState.TO_ATTACH and not self._was_tried(file):
                waiting.setdefault((file.kind, file.source_id), []).append(file)
        found: list[tuple[Link, list[File]]] = []
        for kind in DOCUMENT_KINDS:
            ids = [source_id for each, source_id in waiting if each == kind]
            for source_id, link in (self._store.links.get_many(kind, ids) if ids else {}).items():
                if link.state is State.LINKED and link.exact_id:
                    found.append((link, waiting[kind, source_id]))
        return found

    def of(self, kind: str, source_id: str) -> list[File]:
        """Return the files of a document that can be attached now."""
        now = self._now()
        files = self._files.of(kind, source_id)
        return [
            file
            for file in files
            if file.state is FileState.TO_ATTACH
            and (file.not_before is None or file.not_before <= now)
            and not self._was_tried(file)
        ]

    def sending(self, file: File) -> None:
        """Say that a file is about to be sent: when the run dies, the next one leaves it until Exact has ended."""
        self._files.sending(file.kind, file.source_id, file.filename, until=self._now() + REST)

    def wait(self, file: File, number: str | None, code: str, *, in_doubt: bool = False) -> None:
        """Keep a file that could not be attached; it is tried again by a later run.

        Args:
            file: The file.
            number: Number of its document.
            code: Why.
            in_doubt: Exact may still be at it, which ends before the file is looked for and sent again.
        """
        self._tried.add((file.kind, file.source_id, file.filename))
        rest = self._now() + REST if in_doubt else None
        told = self._tell(number, code)
        self._files.failed(file.kind, file.source_id, file.filename, code, told, rests_until=rest)

    def lost(self, file: File, number: str | None, code: str) -> None:
        """Ask for a content again that is not in the spool any more, or not attached where it belongs."""
        told, is_gone = self._tell(number, code), file.state is FileState.ATTACHED
        self._files.expect(file.kind, file.source_id, file.filename, code, told, is_gone=is_gone)
        self._store.store.fetch_again(str(file.content_hash), code)

    def _was_tried(self, file: File) -> bool:
        return (file.kind, file.source_id, file.filename) in self._tried

    def _tell(self, number: str | None, code: str) -> str:
        hint = Rejection.of(code, "").hint
        self._outcomes.file_waits(number, code, hint)
        return hint

    def _without_content(self, file: Record) -> Record:
        """Put a content into the spool; return what names it, or why it cannot be attached."""
        if "content" not in file or file["content"] is None:
            return file
        named = {name: value for name, value in file.items() if name != "content"}
        try:
            content = io.BytesIO(base64.b64decode(file["content"], validate=True))
        except (binascii.Error, ValueError):
            return {**named, "problem": DAMAGED}
        if not is_whole(content, file["filename"]):
            return {**named, "problem": DAMAGED}
        if self._dry_run:
            return named
        return {**named, "sha256": self._store.store.spool.put(content)}

    def _note(self, record: Record, named: Iterable[Record]) -> None:
        key = record["kind"], record["id"]
        known = {file.filename: file for file in self._files.of(*key)}
        for file in named:
            before = known.pop(file["filename"], None)
            if file.get("sha256"):
                self._files.fetched(*key, file["filename"], file["sha256"])
            elif before is None or before.state is not FileState.TO_FETCH:
                code = file.get("problem") if file.get("problem") in _KNOWN else "file_not_delivered"
                self._files.expect(*key, file["filename"], code, self._tell(record["number"], str(code)))
        for gone in known.values():
            if gone.attachment_id is None:
                self._files.remove(*key, gone.filename)
            elif gone.state is not FileState.REPLACED:
                self._files.replaced(*key, gone.filename)


_KNOWN: Final = frozenset({"file_not_delivered", "file_damaged", "file_too_large", "file_denied", "file_lost"})
"""Problems of files that a tap of ours tells."""


def _is_stale(record: Record, link: Link | None) -> bool:
    """Tell whether a later version of the document was booked: its files are not those of this one."""
    return link is not None and str(record.get("updated_at") or "~") < (link.detail.updated_at or "")
