"""The mark by which a document with files is found again in Exact, also by a memory that knows nothing of it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

NAMES = {"invoice": "Factuur", "credit_note": "Creditnota"}


def document_subject(record: dict[str, Any]) -> str:
    """Return the Subject of the document that holds a sales entry's files, unique per source document."""
    return f"{NAMES[record['kind']]} {record['number']} · {sha256(record['id'].encode()).hexdigest()[:8]}"
