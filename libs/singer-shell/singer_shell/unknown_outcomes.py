"""A write without an answer: the service may still be at it, so nothing is sent again before it can have ended.

Right after it the service is asked a few times whether it was done. When it does not show, it rests: every later run
looks once, and only when the service can no longer be at it counts what does not show as not carried out.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

from singer_shell.endings import RunEnded

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from singer_shell.stop import Interruption

T = TypeVar("T")

WAITS = (0.0, 1.0, 3.0)
"""Seconds before each look after a write without an answer."""
REST: Final = timedelta(minutes=5)
"""So long after a write was begun a service may still be at it; our clients wait 90 seconds for an answer."""
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


def resting_since(sent_at: datetime | None, now: datetime) -> datetime | None:
    """Return from when the rest of a write counts, None when it is over.

    A moment that is not known, or that lies ahead because a clock was wrong, counts from now: whoever notes what is
    returned waits once more for the length of a rest, and never for good.

    Args:
        sent_at: When the write was begun.
        now: The present moment by the same clock, that of the service.
    """
    if sent_at is None or sent_at > now:
        return now
    return sent_at if now - sent_at < REST else None


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
