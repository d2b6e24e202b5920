"""Literals, filters and addresses in the dialect of OData v2 that Exact speaks (exact-online 3.17)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import quote
from uuid import UUID

from exactonline_api.dates import EXACT_TIME_ZONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

T = TypeVar("T")

SAFE_TERMS = 40
"""So many `or` terms fit in one address (exact-online 3.16)."""


SAFE_LENGTH = 2_800
"""So many characters such terms take, percent-encoded, when each of the 40 is an id."""


def text(value: str) -> str:
    """Quote a text: `'O''Brien'`."""
    doubled = value.replace("'", "''")
    return f"'{doubled}'"


def guid(value: str | UUID) -> str:
    """Write an id: `guid'77e9fc0f-41a8-08f2-80a8-2b3c4d5e6f70'`; ValueError when it is none."""
    return f"guid'{UUID(str(value))}'"


def int64(value: int) -> str:
    """Write a long number such as a sync timestamp: `12L`."""
    return f"{value}L"


def moment(value: datetime) -> str:
    """Write a moment to compare Created or Modified with (exact-online 3.20): `datetime'2024-01-01T00:00:00'`.

    Args:
        value: Aware, of any zone; or naive, already in the Dutch time that Exact shows.
    """
    local = value.astimezone(EXACT_TIME_ZONE) if value.tzinfo else value
    return f"datetime'{local:%Y-%m-%dT%H:%M:%S}'"


def day(value: date) -> str:
    """Write a day to compare a date with, which Exact keeps as its midnight: `datetime'2024-01-01T00:00:00'`."""
    return f"datetime'{value.isoformat()}T00:00:00'"


def terms(field: str, literals: Iterable[str]) -> list[str]:
    """Write `field eq a`, `field eq b`, …; the values come as literals, of `text` or `guid`."""
    return [f"{field} eq {literal}" for literal in literals]


def any_term(wanted: Iterable[str]) -> str:
    """Write `(a or b …)`."""
    return f"({' or '.join(wanted)})"


def any_of(field: str, literals: Iterable[str]) -> str:
    """Write `(field eq a or field eq b …)`.

    Raises:
        ValueError: There are no values, which Exact could only refuse.
    """
    wanted = terms(field, literals)
    if not wanted:
        raise ValueError(f"no value to look for in {field}")
    return any_term(wanted)


def room_for(wanted: Iterable[str]) -> int:
    """Return how many characters terms take in an address, the `or` between them included."""
    return sum(len(quote(f"{term} or ", safe="")) for term in wanted)


def packs(wanted: Iterable[str], room: int = SAFE_LENGTH) -> Iterator[list[str]]:
    """Cut terms of any length into lists, so that each fits in one filter."""
    pack: list[str] = []
    left = room
    for term in wanted:
        taken = room_for([term])
        if pack and taken > left:
            yield pack
            pack, left = [], room
        pack.append(term)
        left -= taken
    if pack:
        yield pack


def chunks(values: Iterable[T], size: int = SAFE_TERMS) -> Iterator[list[T]]:
    """Cut values into lists of at most `size`, so that each fits in one filter."""
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk


def row_path(path: str, key: str | int) -> str:
    """Address one row: by number, by id, or by code: `documents/DocumentTypes(10)`, `crm/Accounts(guid'…')`."""
    if isinstance(key, int):
        return f"{path}({key})"
    try:
        return f"{path}({guid(key)})"
    except ValueError:
        return f"{path}({quote(text(key), safe='')})"


def query(**options: str | int | None) -> str:
    """Write the part after the question mark, each option with its dollar sign and every value percent-encoded."""
    given = {name: value for name, value in options.items() if value is not None}
    return "&".join(f"${name}={quote(str(value), safe=',')}" for name, value in given.items())
