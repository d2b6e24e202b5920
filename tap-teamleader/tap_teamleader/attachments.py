"""The files of a document: its PDF and its UBL."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from teamleader_api import ApiError, ConfigurationError, StopRun

if TYPE_CHECKING:
    from collections.abc import Sequence

    from teamleader_api import TeamleaderClient


class _Format(NamedTuple):
    name_at_teamleader: str
    extension: str
    media_type: str


FORMATS: Final = {
    "pdf": _Format("pdf", "pdf", "application/pdf"),
    "ubl": _Format("ubl/e-fff", "xml", "application/xml"),
}
"""Per value of the setting `attachments`; e-fff is the one UBL form that credit notes have as well."""


class Files(NamedTuple):
    """What could be downloaded, and a line about what could not."""

    attachments: list[dict[str, str]]
    error: str | None


def download(
    client: TeamleaderClient, resource: str, document_id: str, number: str | None, wanted: Sequence[str]
) -> Files:
    """Fetch the wanted files of one document.

    Args:
        client: The connection to Teamleader.
        resource: `invoices` or `creditNotes`.
        document_id: The document.
        number: Its number, for the name of the files.
        wanted: Keys of `FORMATS`.

    Returns:
        Files as {filename, media_type, content (base64)}. A file that cannot be had does not raise: the document
        matters more.

    Raises:
        teamleader_api.StopRun: No further call makes sense (login lost, access denied).
    """
    files: list[dict[str, str]] = []
    faults: list[str] = []
    for name in wanted:
        form = FORMATS[name]
        try:
            place = client.call(f"{resource}.download", {"id": document_id, "format": form.name_at_teamleader})
            content = client.download(place["location"])
        except (ApiError, KeyError, TypeError) as error:
            if isinstance(error, StopRun) and not isinstance(error, ConfigurationError):
                raise
            reason = error if isinstance(error, ApiError) else "Teamleader gave no place to fetch it from"
            faults.append(f"{name}: {reason}")
            continue
        files.append(
            {
                "filename": f"{_file_name(number or document_id)}.{form.extension}",
                "media_type": form.media_type,
                "content": base64.b64encode(content).decode("ascii"),
            }
        )
    return Files(files, "; ".join(faults) or None)


def _file_name(number: str) -> str:
    """Make a file name of a document number: `2026 / 12` becomes `2026-12`."""
    return re.sub(r"[^0-9A-Za-z]+", "-", number).strip("-") or "document"
