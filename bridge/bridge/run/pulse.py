"""A sign of life: whatever is done and however long a step of it takes, who looks on hears of it every half minute."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EVERY: Final = 20.0
"""Seconds between two lines: a machine that has much to do may be late by half as much."""


class Pulse:
    """The clock that all lines of a command share.

    Args:
        tell: Takes a line.
        every: Seconds after which the next line is due.
    """

    def __init__(self, tell: Callable[[str], None], every: float = EVERY) -> None:
        self._tell = tell
        self._every = every
        self._told_at = time.monotonic()

    @property
    def is_due(self) -> bool:
        """Whether the last line is long ago."""
        return self._left <= 0

    def tell(self, line: str) -> None:
        """Tell a line; the next one is due later."""
        self._told_at = time.monotonic()
        self._tell(line)

    @contextmanager
    def during(self, step: str) -> Iterator[None]:
        """Name the step whenever a line is due within the block, which may wait for others.

        No program may be forked off with code of ours in it meanwhile: this takes a thread.
        """
        over = threading.Event()
        watch = threading.Thread(target=self._watch, args=(step, over), daemon=True)
        watch.start()
        try:
            yield
        finally:
            over.set()
            watch.join()

    def _watch(self, step: str, over: threading.Event) -> None:
        while not over.wait(max(self._left, 0)):
            if self.is_due:
                self.tell(step)

    @property
    def _left(self) -> float:
        return self._told_at + self._every - time.monotonic()
