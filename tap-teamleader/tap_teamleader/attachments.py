"""The files of a document: its PDF and its UBL, fetched into the store's spool, or kept as still to come.

A file never stops or holds up its document. What Teamleader cannot deliver whole is tried again by each run, less and
less often, and the document comes again when its file is there. Where two in a row get no answer at all, the others
wait for the next run: each would hold up its document for the minutes in which Teamleader may answer.

A file that was fetched for the same state of its document is not fetched again: a registered payment moves `updated_at`
and renders the PDF anew (teamleader 5.4).
"""

from __future__ import annotations

import base64
import re
from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from singer_shell.files import DAMAGED, is_whole
from tap_teamleader.fingerprint import fingerprint
from teamleader_api import AccessDenied, ApiError, ConfigurationError, RecordRefused, StopRun, TryLater

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    from connector_store import ConnectorStore, Download, Downloads
    from tap_teamleader.changes import DocumentKind
    from teamleader_api import TeamleaderClient

NOT_DELIVERED: Final = "file_not_delivered"
TOO_LARGE: Final = "file_too_large"
DENIED: Final = "file_denied"

LARGEST: Final = 50 * 1024 * 1024
"""Bytes of a file that is fetched at all."""
LARGEST_INLINE: Final = 10 * 1024 * 1024
"""Bytes of all files of a record together: as Base64 a line then stays far below the 50 MiB that Meltano takes."""
UNANSWERED: Final = 2
"""After so many files in a row that got no answer, no other one is asked for in a run."""
FORGET_AFTER: Final = timedelta(days=30)
"""Contents that nothing waits for leave the spool so long after they were fetched."""


class _Format(NamedTuple):
    name_at_teamleader: str
    extension: str
    media_type: str


FORMATS: Final = {
    "pdf": _Format("pdf", "pdf", "application/pdf"),
    "ubl": _Format("ubl/e-fff", "xml", "application/xml"),
}
"""Per value of the setting `attachments`; e-fff is the one UBL form that credit notes have as well."""


class _Wanted(NamedTuple):
    document_id: str
    form: str
    """Key of `FORMATS`."""
    filename: str
    fingerprint: str
    """Of the document."""


class _Failed(Exception):  # noqa: N818 - carries a code from one step to the next
    def __init__(self, problem: str, *, is_unanswered: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.is_unanswered = is_unanswered


class Attachments:
    """The files of one kind of documents.

    Args:
        client: The connection to Teamleader.
        store: Where contents go, and where it is kept what was fetched.
        kind: Invoices or credit notes.
        department_id: The one department whose documents are read; each has files to come of its own.
        wanted: Keys of `FORMATS`.
        inline: Put contents into records instead of the spool.
        arrived: Number of the last late delivery that is known to have arrived.
    """

    def __init__(
        self,
        client: TeamleaderClient,
        store: ConnectorStore,
        kind: DocumentKind,
        *,
        department_id: str | None,
        wanted: Sequence[str],
        inline: bool,
        arrived: int,
    ) -> None:
        self._client = client
        self._store = store
        self._downloads: Downloads = store.downloads(f"teamleader:{department_id or ''}")
        self._kind = kind
        self._wanted = wanted
        self._inline = inline
        self._arrived = arrived
        self._denied = False
        self._unanswered = 0

    def of(self, document: dict[str, Any], delivery: int | None = None) -> list[dict[str, Any]]:
        """Fetch the files of a document that were not fetched for this state of it.

        Args:
            document: As Teamleader shows it.
            delivery: Number of the record, when it comes again for the sake of a late file only.

        Returns:
            Per file: filename, format, media_type, and sha256 and size, or content (Base64), or problem.

        Raises:
            teamleader_api.StopRun: No further call makes sense (login lost, wrong address).
            StoreError: The spool cannot be written.
        """
        known = self._downloads.of(self._kind.resource, document["id"])
        state = fingerprint(document)
        stem = _file_name(document.get(self._kind.number_field) or document["id"])
        left = LARGEST_INLINE
        files: list[dict[str, Any]] = []
        for name in self._wanted:
            filename = f"{stem}.{FORMATS[name].extension}"
            file = {"filename": filename, "format": name, "media_type": FORMATS[name].media_type}
            found = self._known(known.get(name), state)
            if found is None:
                found = self._fetched(_Wanted(document["id"], name, filename, state), left, delivery)
            left -= found.get("size", 0)
            files.append({**file, **found})
        return files

    def to_come(self) -> Iterator[tuple[str, set[str]]]:
        """Yield the documents with files to come whose next try is due, with the formats of those files."""
        for document_id in self._downloads.to_come(self._kind.resource, datetime.now(timezone.utc), self._arrived):
            known = self._downloads.of(self._kind.resource, document_id)
            yield (
                document_id,
                {name for name, each in known.items() if each.problem or (each.delivery or 0) > self._arrived},
            )

    def forget(self, document_id: str) -> None:
        """Await no file of a document that is gone."""
        self._downloads.forget(self._kind.resource, document_id)

    def tidy(self) -> None:
        """Clear the spool of contents that no target of ours ever asked for."""
        self._store.discard_forgotten_contents(datetime.now(timezone.utc) - FORGET_AFTER)

    def _known(self, known: Download | None, state: str) -> dict[str, Any] | None:
        """Return what is known of a file, None when it has to be fetched now."""
        if known is None or known.fingerprint != state:
            return None
        if known.content_hash is not None and not self._inline:
            return {"sha256": known.content_hash, "size": known.size}
        rests = known.not_before is not None and known.not_before > datetime.now(timezone.utc)
        return {"problem": known.problem} if known.problem and rests else None

    def _fetched(self, file: _Wanted, left: int, delivery: int | None) -> dict[str, Any]:
        """Fetch a file, or keep it as one to come."""
        key = self._kind.resource, file.document_id, file.form
        with TemporaryFile() as content:
            try:
                size = self._fetch(file, content, self._largest(left))
            except _Failed as failure:
                self._unanswered = self._unanswered + 1 if failure.is_unanswered else 0
                self._downloads.failed(*key, fingerprint=file.fingerprint, problem=failure.problem)
                return {"problem": failure.problem}
            self._unanswered, content_hash = 0, None
            if self._inline:
                found: dict[str, Any] = {"size": size, "content": base64.b64encode(content.read()).decode("ascii")}
            else:
                content_hash = self._store.spool.put(content)
                found = {"size": size, "sha256": content_hash}
        self._downloads.fetched(
            *key, fingerprint=file.fingerprint, content_hash=content_hash, size=size, delivery=delivery
        )
        return found

    def _largest(self, left: int) -> int:
        return left if self._inline else LARGEST

    def _fetch(self, file: _Wanted, into: BinaryIO, largest: int) -> int:
        """Fetch a file, whole; return its size."""
        if self._denied:
            raise _Failed(DENIED)
        if self._unanswered >= UNANSWERED:
            raise _Failed(NOT_DELIVERED, is_unanswered=True)
        body = {"id": file.document_id, "format": FORMATS[file.form].name_at_teamleader}
        try:
            place = self._client.call(f"{self._kind.resource}.download", body)
            size = self._client.download(place["location"], into, largest=largest)
        except AccessDenied:
            self._denied = True
            raise _Failed(DENIED) from None
        except RecordRefused as error:
            is_large = error.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            raise _Failed(TOO_LARGE if is_large else NOT_DELIVERED) from None
        except TryLater:
            raise _Failed(NOT_DELIVERED, is_unanswered=True) from None
        except (ApiError, KeyError, TypeError) as error:
            if isinstance(error, StopRun) and not isinstance(error, ConfigurationError):
                raise
            raise _Failed(NOT_DELIVERED) from None
        if not is_whole(into, file.filename):
            raise _Failed(DAMAGED)
        return size


def _file_name(number: str) -> str:
    """Make a file name of a document number: `2026 / 12` becomes `2026-12`."""
    return re.sub(r"[^0-9A-Za-z]+", "-", number).strip("-") or "document"
