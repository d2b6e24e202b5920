"""A short value that changes exactly when what is booked may change."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADER = (
    "kind",
    "number",
    "date",
    "due_date",
    "currency",
    "exchange_rate",
    "customer",
    "department",
    "withheld",
    "payment_term",
    "payment_method",
    "mandate_reference",
    "payment_reference",
    "reference",
    "credited_id",
)
_LINES = ("lines", "discounts", "totals")
_NAMED = {"tax_rate_id": ("tax_rate_description",), "product_category_id": ("product_category", "ledger_number")}
"""Of a line: an id at the source, and the names of the same thing, which count only where the id is absent."""


def fingerprint(document: Mapping[str, Any]) -> str:
    """Return a hash of what the booking of a `sales_entries` record depends on.

    Ids and amounts count, not what a category or tax rate is called, nor which ledger number it has now: those belong
    to the moment of booking. Attachments, `updated_at` and problems do not count, so a payment registered in Teamleader
    (which renders the PDF anew and moves `updated_at`) leaves it alone. The credited invoice counts by its id: its
    number is known only when the invoice was at hand as well. 21, 21.0 and 21.00 are one number; an absent field equals
    null.
    """
    return digest({**{name: document.get(name) for name in _HEADER}, **_of_lines(document)})


def lines_digest(document: Mapping[str, Any]) -> str:
    """Return a hash of what the lines of the entry depend on, as `fingerprint` of the whole."""
    return digest({**_of_lines(document), "department": document.get("department")})


def _of_lines(document: Mapping[str, Any]) -> dict[str, Any]:
    lines = []
    for line in document["lines"]:
        names = {name for id_, others in _NAMED.items() if line.get(id_) for name in others}
        lines.append({name: value for name, value in line.items() if name not in names})
    return {**{name: document.get(name) for name in _LINES}, "lines": lines}


def digest(value: object) -> str:
    """Return the SHA-256 of a JSON value in one canonical spelling, as hex."""
    text = json.dumps(_canonical(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: object) -> object:
    if isinstance(value, dict):
        return {name: _canonical(each) for name, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_canonical(each) for each in value]
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        number = Decimal(str(value))
        return f"{number.normalize() if number else Decimal(0):f}"
    return value
