"""A content counts only when it is whole, and what its name says."""

from __future__ import annotations

import io

import pytest

from singer_shell.files import is_whole

PDF = b"%PDF-1.7\n" + b"x" * 5000 + b"\n%%EOF\n"
PAGE = b"<!DOCTYPE html><html><body>Log in</body></html>"


@pytest.mark.parametrize(
    ("content", "filename", "whole"),
    [
        pytest.param(PDF, "a.pdf", True, id="PDF"),
        pytest.param(b"\n" + PDF + b"\0\0", "a.PDF", True, id="PDF with noise around it"),
        pytest.param(PDF[:2500], "a.pdf", False, id="half a PDF"),
        pytest.param(PDF[2500:], "a.pdf", False, id="the other half"),
        pytest.param(PAGE, "a.pdf", False, id="page instead of a PDF"),
        pytest.param(b"", "a.pdf", False, id="nothing"),
        pytest.param(b"\xef\xbb\xbf<?xml version='1.0'?><Invoice/>\n", "a.xml", True, id="XML"),
        pytest.param(b"<Invoice><ID>1", "a.xml", False, id="half an XML document"),
        pytest.param(PAGE, "a.xml", False, id="page instead of XML"),
        pytest.param(b"PK", "a.zip", True, id="other kind"),
        pytest.param(b"", "a.zip", False, id="other kind, nothing"),
    ],
)
def test_a_content_is_whole_or_not(content: bytes, filename: str, *, whole: bool) -> None:
    stream = io.BytesIO(content)
    assert is_whole(stream, filename) is whole
    assert stream.tell() == 0
