"""The rest of the pipe: taken in when a target ends early, so that the program before it ends well.

Meltano answers a closed pipe with a stack trace of each writer, which bury the one line that says what is wrong.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from typing import Final

from singer_shell.stop import Interrupted

SECONDS: Final = 20.0
"""Enough for what a tap of ordinary size still says; who has more to say meets a closed pipe."""
_CHUNK: Final = 1 << 16


def take_in_the_rest(seconds: float = SECONDS) -> None:
    """Read standard input to its end and forget it, for so many seconds at most; a signal ends that at once."""
    try:
        descriptor = sys.stdin.fileno()
        if os.isatty(descriptor):
            return
    except (AttributeError, OSError, ValueError):
        return  # there is none, or it is no file
    # A thread of its own, because no clock stops a read; it reads past Python's buffer, which it could leave locked.
    reading = threading.Thread(target=_read, args=(descriptor,), daemon=True)
    reading.start()
    with suppress(Interrupted, KeyboardInterrupt):
        reading.join(seconds)


def _read(descriptor: int) -> None:
    with suppress(OSError):
        while os.read(descriptor, _CHUNK):
            pass
