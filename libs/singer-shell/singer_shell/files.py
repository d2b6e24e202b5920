"""The files of a document in a Singer stream: references to the store's spool, and whether a content is whole.

A record's `attachments` lists files, each with `filename`, `media_type`, and one of

    sha256, size    its content is in the spool of the store that both plugins share
    content         it is here, as Base64
    problem         it is still to come; a code says why
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import BinaryIO

DAMAGED: Final = "file_damaged"
"""Problem of a file of which only a part came, or something else in its place."""
LOST: Final = "file_lost"
"""Problem of a file whose content is not in the spool any more."""

_EDGE: Final = 1024
"""Bytes at either end of a PDF that its marks are looked for in: readers allow for some noise around them."""


def is_whole(content: BinaryIO, filename: str) -> bool:
    """Tell whether a content is what its name says: a PDF with its end, an XML document and no page of a website.

    A file of another kind only has to hold something.
    """
    size = content.seek(0, 2)
    content.seek(0)
    start = content.read(_EDGE)
    content.seek(max(0, size - _EDGE))
    end = content.read(_EDGE)
    content.seek(0)
    extension = filename.rpartition(".")[2].lower()
    if extension == "pdf":
        return b"%PDF-" in start and b"%%EOF" in end
    if extension == "xml":
        head = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
        is_page = head.startswith((b"<!doctype html", b"<html"))
        return head.startswith(b"<") and end.rstrip().endswith(b">") and not is_page
    return bool(start)
