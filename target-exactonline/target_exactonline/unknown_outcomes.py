"""A write without an answer: the service may still be at it, so it is given time and looked for again and again."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from singer_shell.stop import Interruption

T = TypeVar("T")

WAITS = (0.0, 1.0, 3.0)
"""Seconds before each look after a write without an answer: the service may still be at it."""
GRACE_SECONDS = 2.0
"""A write that was cut off by the end of our process is looked for only this long after it."""


def look_again(search: Callable[[], T | None], interruption: Interruption) -> T | None:
    """Search a few times, with pauses; None when it did not show up."""
    for wait in WAITS:
        interruption.sleep(wait)
        found = search()
        if found is not None:
            return found
    return None


def let_it_end(begun: Iterable[datetime], interruption: Interruption) -> None:
    """Wait until the youngest of the writes that were begun then can have ended in Exact."""
    age = datetime.now(timezone.utc) - max(begun)
    interruption.sleep(GRACE_SECONDS - age.total_seconds())
