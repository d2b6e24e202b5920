"""A write without an answer: the service may still be at it, so it is given time and looked for again and again."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, TypeVar

from singer_shell.endings import RunEnded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from singer_shell.stop import Interruption

T = TypeVar("T")

WAITS = (0.0, 1.0, 3.0)
"""Seconds before each look after a write without an answer: the service may still be at it."""
GRACE_SECONDS = 2.0
"""A write that was cut off by the end of our process is looked for only this long after it."""
MAX_UNANSWERED = 3
"""So many writes in a row without an answer end the run: the service is not well."""
OUTCOME_UNKNOWN = "outcome_unknown"
"""Code under which a record is kept whose write had no answer, and that nobody found afterwards."""


def look_again(search: Callable[[], T | None], interruption: Interruption) -> T | None:
    """Search a few times, with pauses; None when it did not show up."""
    for wait in WAITS:
        interruption.sleep(wait)
        found = search()
        if found is not None:
            return found
    return None


def let_it_end(begun: Iterable[datetime], interruption: Interruption) -> None:
    """Wait until the youngest of the writes that were begun then can have ended in the service."""
    age = datetime.now(timezone.utc) - max(begun)
    interruption.sleep(GRACE_SECONDS - age.total_seconds())


class Unanswered:
    """Counts the writes in a row that had no answer.

    Args:
        service: Who does not answer.
        writes: What was sent, such as "entries".
    """

    def __init__(self, service: str, writes: str) -> None:
        self._service = service
        self._writes = writes
        self._times = 0

    def count(self, code: str | None) -> None:
        """Note how a write ended: the code under which its record was refused, None when it was not.

        Raises:
            RunEnded: Too many in a row had no answer.
        """
        self._times = self._times + 1 if code == OUTCOME_UNKNOWN else 0
        if self._times >= MAX_UNANSWERED:
            raise RunEnded(
                f"{self._service} gave no answer to {MAX_UNANSWERED} {self._writes} in a row; "
                "the next run looks them up before it sends any."
            )
