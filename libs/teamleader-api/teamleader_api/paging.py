"""Numbered pages, and how to read a list whose rows move while it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Row = dict[str, Any]
Answer = dict[str, Any]
K = TypeVar("K")
V = TypeVar("V")

PAGE_SIZE = 100
"""The largest that Teamleader gives."""
PASSES = 6
"""How often a list is read at most until it holds still."""

UNPAGED = frozenset(
    {
        "businessTypes.list",
        "commercialDiscounts.list",
        "departments.list",
        "paymentTerms.list",
        "productCategories.list",
        "webhooks.list",
        "withholdingTaxRates.list",
    }
)
"""Lists that come whole; Teamleader's description gives them no `page`."""


def pages(ask: Callable[[dict[str, Any]], Answer], body: dict[str, Any], size: int) -> Iterator[Answer]:
    """Yield the answers of page after page.

    Args:
        ask: Sends one body and returns the whole answer, `{"data": […], "meta": …}`.
        body: Filter and sorting; `page` is added to a copy.
        size: Rows per page that are asked for.
    """
    number, seen = 1, 0
    while True:
        answer = ask({**body, "page": {"size": size, "number": number}})
        yield answer
        rows = len(answer["data"])
        seen += rows
        meta = answer.get("meta") or {}
        given = (meta.get("page") or {}).get("size") or size
        if rows < given or seen >= meta.get("matches", float("inf")):
            return
        number += 1


def read_until_stable(
    read: Callable[[], Iterator[list[Row]]], key: Callable[[Row], K], project: Callable[[Row], V]
) -> list[V]:
    """Read a list of more than one page again until a pass brings no row that was not seen before.

    Pages are numbered, so a row that is added, removed or re-sorted during a pass moves others over a page border,
    where a single pass misses them. Of a row that came more than once the last version counts. Only the projections are
    kept in memory.
    """
    found: dict[K, V] = {}
    for _ in range(PASSES):
        before, count = len(found), 0
        for page in read():
            count += 1
            found.update((key(row), project(row)) for row in page)
        if count <= 1 or len(found) == before:
            break
    return list(found.values())
