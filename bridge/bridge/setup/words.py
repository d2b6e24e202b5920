"""The words of the guided set-up in the language of its reader, from the catalogue `setup`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.words import messages

if TYPE_CHECKING:
    from collections.abc import Callable


def words(language: str) -> Callable[[str], str]:
    """Return what translates a text; one that the catalogue lacks stays as it is."""
    known = messages(language, "setup")
    return lambda text: known.get(text, text)
