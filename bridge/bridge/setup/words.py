"""The words of the guided set-up in the language of its reader, read from `locale/LANGUAGE/LC_MESSAGES/setup.po`."""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_TEXT = re.compile(r'^(msgid|msgstr) ((?:"(?:[^"\\]|\\.)*"\s*)+)', re.MULTILINE)


@cache
def catalogue(language: str) -> dict[str, str]:
    """Return English text -> text in a language; empty for English."""
    path = files("bridge").joinpath("locale", language, "LC_MESSAGES", "setup.po")
    if not path.is_file():
        return {}
    texts = [(kind, str(ast.literal_eval(f"({text})"))) for kind, text in _TEXT.findall(path.read_text("utf-8"))]
    pairs = zip(texts[::2], texts[1::2], strict=True)
    return {original: text for (_, original), (_, text) in pairs if original and text}


def words(language: str) -> Callable[[str], str]:
    """Return what translates a text; one that the catalogue lacks stays as it is."""
    known = catalogue(language)
    return lambda text: known.get(text, text)
