"""A short value that changes when the file of a document may show something else."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import simplejson

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOVES: Final = frozenset({"updated_at", "status", "sent", "paid", "paid_at", "payments", "file", "attachments"})
_MOVES_IN_TOTAL: Final = frozenset({"due", "due_incasso_inclusive", "fixed_late_fee", "interest"})
"""What payments, sending and the passing of time change. Everything else counts, what we do not know included."""


def fingerprint(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document as Teamleader shows it, without what moves when only a payment does."""
    shown = {name: value for name, value in document.items() if name not in _MOVES}
    total = shown.get("total")
    if isinstance(total, dict):
        shown["total"] = {name: value for name, value in total.items() if name not in _MOVES_IN_TOTAL}
    text = simplejson.dumps(shown, sort_keys=True, use_decimal=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
