"""A program's start: what it imports stays to its end, so that nobody looks for garbage in it."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def imports_that_stay() -> Iterator[None]:
    """Import within the block: every look for garbage passes by what is made there, the last one at the end as well.

    For a program that runs for a second, those looks are a quarter of its work.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
