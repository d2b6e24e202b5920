"""Filters, orders and pages of the list actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sandbox.teamleader.refusals import bad_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sandbox.teamleader.model import Row

T = TypeVar("T")

PAGE_SIZE = 20
LARGEST_PAGE = 100
MOST_IDS = 100


def filtered(rows: Iterable[T], body: Row, tests: Mapping[str, Callable[[T, Any], bool]]) -> list[T]:
    """The rows that pass every filter of the body. `tests` has one test per name of a filter: row and wanted value."""
    wanted = body.get("filter", {})
    if len(wanted.get("ids", ())) > MOST_IDS:
        raise bad_request(f"filter.ids must contain at most {MOST_IDS} items")
    found = list(rows)
    for name, value in wanted.items():
        test, looked_for = tests[name], frozenset(value) if isinstance(value, list) and name != "tags" else value
        found = [row for row in found if test(row, looked_for)]
    return found


def ordered(rows: list[T], body: Row, keys: Mapping[str, Callable[[T], Any]]) -> list[T]:
    """The rows in the order that the body asks for; the first field counts most. Without one they stay as they are."""
    for order in reversed(body.get("sort", [])):
        rows = sorted(rows, key=keys[order["field"]], reverse=order.get("order") == "desc")
    return rows


def page(rows: Sequence[T], body: Row) -> tuple[Sequence[T], Row]:
    """The rows of the page that the body asks for, and the answer's `meta`."""
    size = body.get("page", {}).get("size", PAGE_SIZE)
    number = body.get("page", {}).get("number", 1)
    if not 1 <= size <= LARGEST_PAGE:
        raise bad_request(f"page.size must be between 1 and {LARGEST_PAGE}")
    if number < 1:
        raise bad_request("page.number must be at least 1")
    start = (number - 1) * size
    return rows[start : start + size], {"page": {"size": size, "number": number}, "matches": len(rows)}
