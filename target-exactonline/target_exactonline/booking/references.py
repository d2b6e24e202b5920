"""What a document is called in Exact: YourRef, description, payment reference and the optional entry number."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING

from stdnum import iso11649
from stdnum.be import ogm_vcs

from target_exactonline.reasons import refuse
from target_exactonline.text import cut, one_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

YOUR_REF_LIMIT = 30
DESCRIPTION_LIMIT = 60
PAYMENT_REFERENCE_LIMIT = 35
"""Lengths on the safe side of what Exact takes (exact-online 6.12)."""
ENTRY_NUMBER_LIMIT = 2**31 - 1
"""EntryNumber is an Int32 (exact-online 6.13)."""

INVOICE_TEMPLATE = "Factuur {number}"
CREDIT_NOTE_TEMPLATE = "Creditnota {number}[ op factuur {credited}]"

_DESCRIPTION_FIELDS = {"number", "credited", "reference", "date", "year"}
_NUMBER_FIELDS = {"year", "short_year", "journal", "sequence"}
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_STRUCTURED = re.compile(r"[+*]*[\d/. -]+[+*]*")
_STRUCTURED_DIGITS = 12
_YEAR = re.compile(r"(?:19|20|21)\d\d")


def your_ref(number: str | None) -> str:
    """Return Teamleader's number as the entry's own reference; it is what an entry is searched by, so never cut.

    Raises:
        Rejected: not_numbered or text_too_long.
    """
    text = (number or "").strip()
    if not text:
        raise refuse("not_numbered", "The document has no number")
    if len(text) > YOUR_REF_LIMIT:
        raise refuse(
            "text_too_long",
            f"The document number {text} is longer than {YOUR_REF_LIMIT} characters",
            field="document number",
            limit=YOUR_REF_LIMIT,
        )
    return text


def is_same_number(one: str, other: str) -> bool:
    """Tell whether two texts are the same document number, however people spell it.

    Spaces, signs, case and leading zeros do not count: "2026 / 125" is "2026-0125" and "2026125". Letters count when
    both have some and neither ends with the other's, so that two series stay apart, while "Factuur 2026/125" is still
    "2026 / 125".
    """
    letters = [re.sub(r"[\W\d_]", "", text).casefold() for text in (one, other)]
    if not letters[0].endswith(letters[1]) and not letters[1].endswith(letters[0]):
        return False
    groups = [re.findall(r"\d+", text) for text in (one, other)]
    if not groups[0] or not groups[1]:
        return groups[0] == groups[1] and letters[0] == letters[1]
    shortened = ["".join(group.lstrip("0") for group in each) for each in groups]
    return shortened[0] == shortened[1] or "".join(groups[0]) == "".join(groups[1])


def describe(template: str, values: Mapping[str, str | None], *, original_date: date | None = None) -> str:
    """Fill the description template and keep it within Exact's length without losing the document's number.

    A part in square brackets falls away when one of its fields is empty. `original_date` is given when the entry is
    booked on another day than the document's; it then always stands at the end (accounting rule 16).
    """
    filled = {name: one_line(values.get(name)) for name in _DESCRIPTION_FIELDS}
    pieces = _OPTIONAL.split(template)
    for place in range(1, len(pieces), 2):
        if not all(filled[name] for name in _fields(pieces[place])):
            pieces[place] = ""
    suffix = f" ({original_date})" if original_date else ""
    room = DESCRIPTION_LIMIT - len(suffix)
    text = one_line("".join(pieces).format_map(filled))
    shortened = cut(text, room)
    if filled["number"] not in shortened:
        shortened = cut(f"{filled['number']} {text}", room)
    return shortened + suffix


def description_problem(template: str) -> str | None:
    """Return what is wrong with a description template, None when it is fine."""
    return _template_problem(template, _DESCRIPTION_FIELDS, "number")


def payment_reference(text: str | None) -> tuple[str | None, str | None]:
    """Return what the customer mentions when paying, as bank files will hold it, and a warning if there is one.

    A Belgian structured reference keeps its twelve digits and loses its signs, an RF reference its spaces; other
    texts go unaltered, or not at all when they are too long, since a cut reference matches no payment.
    """
    plain = one_line(text)
    if not plain:
        return None, None
    digits = re.sub(r"\D", "", plain)
    if _STRUCTURED.fullmatch(plain) and len(digits) == _STRUCTURED_DIGITS:
        return digits, None if ogm_vcs.is_valid(digits) else "the structured payment reference has wrong check digits"
    if iso11649.is_valid(plain):
        return iso11649.compact(plain), None
    if len(plain) > PAYMENT_REFERENCE_LIMIT:
        return None, f"the payment reference is longer than {PAYMENT_REFERENCE_LIMIT} characters and is left out"
    return plain, None


def entry_number(template: str, number: str, day: date, journal: str) -> int | None:
    """Propose an entry number from the document's number, `2026 / 12` -> 2026012 with "{year}{sequence:03}".

    Returns None when the number or the outcome does not suit; Exact then numbers the entry itself.
    """
    groups = re.findall(r"\d+", number)
    if not groups:
        return None
    year = next((int(group) for group in groups[:-1] if _YEAR.fullmatch(group)), day.year)
    text = template.format(year=year, short_year=f"{year % 100:02}", journal=journal, sequence=int(groups[-1]))
    proposed = int(text) if text.isascii() and text.isdigit() else 0
    return proposed if 0 < proposed <= ENTRY_NUMBER_LIMIT else None


def entry_number_problem(template: str) -> str | None:
    """Return what is wrong with an entry number template, None when it is fine."""
    problem = _template_problem(template, _NUMBER_FIELDS, "sequence")
    if problem:
        return problem
    sample = template.format(year=2026, short_year="26", journal="70", sequence=1)
    if not sample.isdigit() or int(sample) > ENTRY_NUMBER_LIMIT:
        return f"{template!r} gives {sample!r}, which is not a number of at most {ENTRY_NUMBER_LIMIT}"
    return None


def _template_problem(template: str, known: set[str], needed: str) -> str | None:
    try:
        names = _fields(template)
        template.format_map(dict.fromkeys(known, 1))
    except (ValueError, KeyError, IndexError, AttributeError):
        return f"{template!r} is not a template; the fields are {_list(known)}"
    if not names <= known:
        return f"{template!r} has unknown fields; the fields are {_list(known)}"
    if needed not in names:
        return f"{template!r} must hold {{{needed}}}"
    return None


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def _list(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))
