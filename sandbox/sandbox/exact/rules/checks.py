"""Small checks that several subjects share. Each adds to a list: one answer names them all (exact-online 4.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

Problems = list[tuple[str, ...]]

MAX_LENGTHS = {
    "crm/Accounts": {"Name": (50, "name")},
    "salesentry/SalesEntries": {
        "Description": (60, "description"),
        "YourRef": (30, "your_ref"),
        "PaymentReference": (50, "payment_reference"),
    },
    "salesentry/SalesEntryLines": {"Description": (60, "description")},
}
"""Lengths above which a text is refused. An assumption: the sources name them without proof (exact-online 6.12)."""


def too_long(path: str, values: Row, problems: Problems) -> None:
    """Texts that are longer than the column."""
    for field, (length, word) in MAX_LENGTHS[path].items():
        if len(values.get(field) or "") > length:
            problems.append(("too_long", word, str(length)))


def mandatory(values: Row, field: str, word: str, problems: Problems) -> bool:
    """Whether the field has a value; else the problem is noted."""
    if values.get(field) in {None, ""}:
        problems.append(("mandatory", word))
        return False
    return True


def exists(state: ExactState, path: str, key: str | None, word: str, problems: Problems) -> Row | None:
    """The row that a guid points to; a guid of nothing is noted."""
    if key is None:
        return None
    row = state[path].get(key)
    if row is None:
        problems.append(("reference", word))
    return row


def code_exists(state: ExactState, path: str, code: str | None, word: str, problems: Problems) -> Row | None:
    """The master data that a code names; an unknown code is noted."""
    if code is None:
        return None
    row = state.by_code(path, code)
    if row is None:
        problems.append(("reference", word))
    return row
