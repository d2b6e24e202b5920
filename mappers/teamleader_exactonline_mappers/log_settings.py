"""How Meltano wants the log to be, read when it is whole.

Meltano writes it anew for each run, in one file for each plugin; all couplings of a project share this one. A run that
starts in the same second finds the file empty, or half of it, and could not start.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

VARIABLE: Final = "SINGER_SDK_LOG_CONFIG"
TRIES: Final = 200
PAUSE: Final = 0.02
"""Seconds between two looks: what writes the file needs less, a killed one never ends."""


@contextmanager
def settled(pause: Callable[[], object] = lambda: time.sleep(PAUSE)) -> Iterator[None]:
    """Let the SDK read the settings of the log from a file of this process's own; without whole ones the usual log.

    Args:
        pause: Waits between two looks at the file.
    """
    named = os.environ.pop(VARIABLE, None)
    if named is None:
        yield
        return
    with NamedTemporaryFile("w", encoding="utf-8", suffix=".json") as own:
        if content := _whole(Path(named), pause):
            own.write(content)
            own.flush()
            os.environ[VARIABLE] = own.name
        try:
            yield
        finally:
            os.environ[VARIABLE] = named


def _whole(path: Path, pause: Callable[[], object]) -> str | None:
    for _ in range(TRIES):
        try:
            content = path.read_text(encoding="utf-8")
        except OSError:
            return None
        if _is_whole(content):
            return content
        pause()
    return None


def _is_whole(content: str) -> bool:
    """Tell whether nothing is missing. Meltano writes JSON; anything else is a person's own, and whole."""
    if not content.startswith("{"):
        return bool(content)
    try:
        json.loads(content)
    except json.JSONDecodeError:
        return False
    return True
