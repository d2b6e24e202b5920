"""Names of persons as Exact Online keeps them, and other texts that stand in several fields."""

from __future__ import annotations

from typing import Any

from teamleader_exactonline_mappers.json_values import part, text


def names(contact: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return first and last name; a person of one name has it for a last name."""
    first = text(part(contact, "FirstName"))
    last = joined(contact, "MiddleName", "LastName")
    if last is None:
        return None, first or text(part(contact, "FullName"))
    return first, last


def joined(row: dict[str, Any], *fields: str) -> str | None:
    """Put the texts of several fields behind one another; None where all are empty."""
    return " ".join(each for field in fields if (each := text(part(row, field)))) or None
