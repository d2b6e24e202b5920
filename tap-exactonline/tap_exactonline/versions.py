"""How far a reading by row versions came (exact-online 9.1-9.5).

A row version rises with every change. Exact promises no order of the rows, so what a reading has seen only counts once
the last page was read, unless its pages turn out to follow each other: then one that is cut off need not be repeated
from where it began. Versions are given when a change begins and show when it ends, so each reading begins some rows
before the end of the last one.
"""

from __future__ import annotations

from heapq import heappush, heappushpop
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from exactonline_api import odata

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BEGINNING: Final = 1
"""What a first reading starts behind."""
PAGE: Final = 1000
"""Rows that a sync endpoint gives at a time (exact-online 3.8)."""

Row = dict[str, Any]


class Page(NamedTuple):
    """Rows in the order of their versions; `is_followed_by_newer` unless an older row came or comes after them."""

    rows: list[Row]
    is_followed_by_newer: bool


def pages(rows: Iterable[Row]) -> Iterator[Page]:
    """Put the rows of a sync endpoint in order page by page, each when its successor is known, two in memory."""
    highest = 0
    is_in_order = True
    held: list[Row] = []
    for page in odata.chunks(rows, PAGE):
        page.sort(key=version)
        is_in_order = is_in_order and version(page[0]) > highest
        highest = max(highest, version(page[-1]))
        if held:
            yield Page(held, is_in_order)
        held = page
    if held:
        yield Page(held, is_in_order)


def version(row: Row) -> int:
    """Return the row version of a row as the client gives it: a long integer is a text (exact-online 3.21)."""
    return int(row["Timestamp"])


class Reading:
    """One pass over the rows of an endpoint behind a version.

    Attributes:
        highest: Highest version met, or what the reading started behind.
        is_safe: Whether a reading that starts behind `since` would miss nothing, were this one cut off now.
    """

    def __init__(self, start: int, look_back: int) -> None:
        self._start = start
        self._look_back = look_back
        self._newest: list[int] = []
        self.highest = start
        self.is_safe = True

    def turn_to(self, page: Page) -> None:
        """Note how the next rows stand to those that follow them, before any of them is met."""
        self.is_safe = self.is_safe and page.is_followed_by_newer

    def meet(self, version: int) -> None:
        """Count a row that was dealt with."""
        self.highest = max(self.highest, version)
        if len(self._newest) < self._look_back:
            heappush(self._newest, version)
        else:
            heappushpop(self._newest, version)

    def end(self) -> None:
        """Note that the last page was read: now all that was met counts, in whatever order it came."""
        self.is_safe = True

    @property
    def is_empty(self) -> bool:
        """Whether nothing was met, not even what the last reading ended with."""
        return not self._newest

    @property
    def since(self) -> int:
        """What the next reading starts behind: some rows back from the end, or where this one began."""
        is_long = self.is_safe and len(self._newest) == self._look_back
        return max(self._start, self._newest[0] - 1) if is_long else self._start

    @property
    def newest(self) -> list[int]:
        """The versions met behind `since`, rising."""
        since = self.since
        return sorted(version for version in self._newest if version > since)
