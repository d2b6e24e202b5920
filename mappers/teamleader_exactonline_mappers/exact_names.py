"""Names of persons as Exact Online keeps them."""

from __future__ import annotations

from typing import Any

from teamleader_exactonline_mappers.json_values import part, text


def names(contact: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return first and last name; a person of one name has it for a last name."""
    first = text(part(contact, "FirstName"))
    middle, last = text(part(contact, "MiddleName")), text(part(contact, "LastName"))
    last = " ".join(each for each in (middle, last) if each) or None
    if last is None:
        return None, first or text(part(contact, "FullName"))
    return first, last
