"""Large blocks of memory go back to the system, so that it does not grow with the number of pages."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from typing import Final

_MMAP_THRESHOLD: Final = -3
_LARGE: Final = 1 << 20


def give_back() -> None:
    """Have blocks of a megabyte and more given back to the system when they are freed.

    A page of an answer is such a block. glibc would keep the place of a freed one, put small objects into it, and need
    a new place for the next page: some 250 bytes more for every row read. Elsewhere this does nothing.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _LARGE)
