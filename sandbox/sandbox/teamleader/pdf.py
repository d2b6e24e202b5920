"""A small PDF of a document: real, readable, and always the same for the same document."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.teamleader.model import Document

_TITLES = {"invoice": "Factuur", "credit_note": "Creditnota"}
_PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
)
_HEADER = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"


def render(document: Document, least_bytes: int) -> bytes:
    """One page with number, customer, lines and totals, padded to at least that many bytes."""
    content = _content(_texts(document))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        _PAGE,
        _stream(content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    missing = least_bytes - len(_file(objects)) - 60
    if missing > 0:
        objects.append(_stream(_noise(document.id, missing)))
    return _file(objects)


def _texts(document: Document) -> list[str]:
    totals = document.totals
    texts = [
        f"{_TITLES[document.kind]} {document.number or '(concept)'}",
        f"Datum {document.date or '-'}   Vervaldag {document.due_on or '-'}",
        document.name,
        f"Btw {document.vat_number or '-'}",
        "",
    ]
    texts += [f"{line.quantity} x {line.unit_price}   {line.description}" for line in document.lines]
    texts.append("")
    texts.append(f"Netto {totals.net} {document.currency}")
    texts += [f"Btw {tax.rate * 100:g}% op {tax.taxable}: {tax.tax}" for tax in totals.taxes]
    texts.append(f"Totaal {totals.gross} {document.currency}")
    texts += [f"Betaald {payment.amount} op {payment.paid_at:%Y-%m-%d}" for payment in document.payments]
    if document.payment_reference:
        texts.append(f"Mededeling {document.payment_reference}")
    return texts


def _content(texts: list[str]) -> bytes:
    shown = [b"BT /F1 10 Tf 50 790 Td 14 TL"]
    for text in texts:
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        shown.append(b"(" + escaped.encode("cp1252", "replace") + b") '")
    return b"\n".join([*shown, b"ET"])


def _stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def _noise(seed: str, size: int) -> bytes:
    """Characters that do not compress away, as the fonts and logos of a real one do not."""
    return hashlib.shake_128(seed.encode()).hexdigest(size // 2 + 1).encode()[:size]


def _file(objects: list[bytes]) -> bytes:
    parts, offsets, position = [_HEADER], [], len(_HEADER)
    for number, content in enumerate(objects, start=1):
        part = b"%d 0 obj\n%s\nendobj\n" % (number, content)
        offsets.append(position)
        position += len(part)
        parts.append(part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    parts.append(b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table))
    parts.append(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, position))
    return b"".join(parts)
