"""When a target passes on state: in small steps, so that little is repeated after a crash."""

from __future__ import annotations

import time
from typing import Final

SECONDS: Final = 15.0


class Checkpoint:
    """Counts records since the last time that state was passed on; due after `records` of them, or after 15 s."""

    def __init__(self, records: int) -> None:
        self._records = records
        self._since = 0
        self._at = time.monotonic()

    def count(self) -> None:
        """Note that a record came."""
        self._since += 1

    @property
    def is_due(self) -> bool:
        """Whether to drain everything and pass on the state at hand."""
        return self._since >= self._records or time.monotonic() - self._at >= SECONDS

    def passed(self) -> None:
        """Begin to count anew."""
        self._since = 0
        self._at = time.monotonic()
