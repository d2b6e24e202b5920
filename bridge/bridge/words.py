"""The words of the tool in the language of its reader: gettext catalogues in `locale`, read as they are written.

Reasons and hints hold what is filled in for a document, and are kept so: a text that is not in the catalogue is held
against those with a place to fill in, such as `Create VAT code {vat_code} in Exact`. What is filled in may be a text of
its own, or an amount or a day, which are written as the reader does.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

LANGUAGES: Final = ("nl", "fr", "en")
LOCALES: Final = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB"}
"""How dates are written for the readers of a language."""
REASONS: Final = "reasons"
"""The catalogue of what is said of a single document, read with that of the tool itself."""
_PLACE: Final = re.compile(r"\{(\w+)\}")
_AMOUNT: Final = re.compile(r"-?\d+\.\d{2}")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class _Template(NamedTuple):
    """A text with places to fill in, and its translation."""

    pattern: re.Pattern[str]
    translation: str


def gettext_for(language: str, catalogue: str = "bridge") -> Callable[[str], str]:
    """Return what translates a text; one that the catalogue lacks stays as it is."""
    texts, templates = _catalogue(language, catalogue)

    def translated(text: str) -> str:
        if not texts or not text:
            return text
        if text in texts:
            return texts[text]
        for template in templates:
            if found := template.pattern.fullmatch(text):
                filled = {name: written(value) for name, value in found.groupdict().items()}
                return template.translation.format(**filled)
        return text

    def written(value: str) -> str:
        if _AMOUNT.fullmatch(value):
            return value.replace(".", ",")
        return day(value) if _DAY.fullmatch(value) else translated(value)

    day = day_in(language)
    return translated


def day_in(language: str) -> Callable[[str], str]:
    """Return what writes a day (ISO), or the day of a moment, as the reader does; English keeps it."""
    if language == "en":
        return lambda text: text
    return lambda text: f"{date.fromisoformat(text[:10]):%d/%m/%Y}" if text else ""


def messages(language: str, catalogue: str = "bridge") -> dict[str, str]:
    """Return a catalogue in a language, text by text; English has none."""
    if language == "en":
        return {}
    from babel.messages.pofile import read_po  # noqa: PLC0415 - who reads English starts without it

    path = files("bridge").joinpath("locale", language, "LC_MESSAGES", f"{catalogue}.po")
    with path.open("rb") as stream:
        found: Any = read_po(stream, locale=language)
    return {str(each.id): str(each.string) for each in found if each.id and each.string}


@cache
def _catalogue(language: str, name: str) -> tuple[dict[str, str], list[_Template]]:
    names = (name, REASONS) if name == "bridge" else (name,)
    texts = {text: told for each in names for text, told in messages(language, each).items()}
    templates = [_Template(_pattern(text), told) for text, told in texts.items() if _PLACE.search(text)]
    # The one with the longest fixed text first: it says most.
    return texts, sorted(templates, key=lambda template: -len(template.pattern.pattern))


def _pattern(text: str) -> re.Pattern[str]:
    """Return what a text looks like with its places filled in; a place that comes twice holds the same twice."""
    seen: set[str] = set()
    parts = []
    for place, part in enumerate(_PLACE.split(text)):
        if place % 2 == 0:
            parts.append(re.escape(part))
        else:
            parts.append(f"(?P={part})" if part in seen else f"(?P<{part}>.+?)")
            seen.add(part)
    return re.compile("".join(parts), re.DOTALL)
