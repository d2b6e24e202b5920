"""The words of the tool in the language of its reader: gettext, with the catalogues in `locale`."""

from __future__ import annotations

from gettext import translation
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LANGUAGES: Final = ("nl", "fr", "en")


def gettext_for(language: str) -> Callable[[str], str]:
    """Return what translates a text; one that the catalogue lacks stays as it is."""
    return translation("bridge", str(files("bridge").joinpath("locale")), [language], fallback=True).gettext
