"""SIGTERM and SIGINT become a wish to stop, granted only where nothing is in flight.

A signal handler that raises may tear a request from its answer. While a message is worked on the handler only notes the
signal, and the work asks `check()` between two payments; while the target waits for input it raises at once.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from target_teamleader.errors import Interrupted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

SLICE_SECONDS = 0.25


class Interruption:
    """The wish to stop, if there is one."""

    def __init__(self) -> None:
        self._signum: int | None = None
        self._working = 0

    def handle(self, signum: int, _frame: FrameType | None) -> None:
        """Signal handler: note the wish; raise only when the target is waiting for input."""
        self._signum = signum
        if not self._working:
            raise Interrupted(signum)

    @contextmanager
    def deferred(self) -> Iterator[None]:
        """Work that must not be torn apart: a signal waits for `check` or for the end of the block."""
        self._working += 1
        try:
            yield
        finally:
            self._working -= 1
        if not self._working:
            self.check()

    def check(self) -> None:
        """Stop here if somebody asked for it; call it only where nothing is in flight.

        Raises:
            Interrupted: A signal came in.
        """
        if self._signum is not None:
            raise Interrupted(self._signum)

    def sleep(self, seconds: float) -> None:
        """Wait, but not longer than the wish to stop allows; raises as `check`."""
        until = time.monotonic() + seconds
        while True:
            self.check()
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(SLICE_SECONDS, left))
