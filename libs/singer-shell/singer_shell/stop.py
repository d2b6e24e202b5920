"""SIGTERM and SIGINT become a wish to stop, granted only where nothing is in flight.

Python runs a signal handler between two instructions of the main thread, so a handler that raises may tear a request
from its answer: a document would be booked that nobody knows of, or a refresh token lost that was just replaced. While
a plugin works, the handler therefore only notes the signal, and the work asks `check()` between two records. While a
target waits for input, nothing is in flight and the handler raises at once.

A second signal does not hurry: Ctrl-C reaches the plugin twice, once from the terminal and once from Meltano.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

SLICE_SECONDS: Final = 0.25


class Interrupted(BaseException):
    """A signal asked the run to stop; raised only where nothing is in flight."""

    def __init__(self, signum: int) -> None:
        super().__init__(f"stopped by signal {signum}")
        self.signum = signum


class Interruption:
    """The wish to stop, if there is one; `at_work` from the beginning when the plugin never waits for input."""

    def __init__(self, *, at_work: bool = False) -> None:
        self._signum: int | None = None
        self._working = int(at_work)

    def handle(self, signum: int, _frame: FrameType | None) -> None:
        """Signal handler: note the wish; raise only while no work is deferred."""
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
        """Wait, but not longer than the wish to stop allows (nothing is in flight while one waits).

        Raises:
            Interrupted: A signal came in, before or while waiting.
        """
        until = time.monotonic() + seconds
        while True:
            self.check()
            left = until - time.monotonic()
            if left <= 0:
                return
            time.sleep(min(SLICE_SECONDS, left))
