"""Names, streets and telephone numbers in one spelling, for comparing only."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
_ABBREVIATED = re.compile(r"\b(?:[a-z0-9][. ]){1,4}[a-z0-9]\b\.?")
_WORD = re.compile(r"[a-z0-9]+")

# fmt: off
LEGAL_FORMS = frozenset([
    # Belgium and the Netherlands
    "bv", "bvba", "ebvba", "srl", "sprl", "nv", "sa", "cv", "cva", "cvba", "cvoa", "scrl", "scs", "sca", "commv",
    "comm", "gcv", "vof", "snc", "vzw", "asbl", "ivzw", "aisbl", "maatschap", "stichting", "vereniging",
    "eenmanszaak",
    # their neighbours and beyond
    "gmbh", "ag", "kg", "ohg", "gbr", "ug", "ev", "sarl", "sas", "sasu", "eurl", "ei", "sci", "ltd", "limited",
    "plc", "llc", "llp", "inc", "corp", "co", "spa", "sl", "slu", "aps", "oy", "ab", "as",
])
# fmt: on
"""Words of a name that say in what form a firm is run, and that people write, shorten or leave out as they like."""
_JOINING = frozenset(["en", "et", "and", "und"])


def one_line(text: str | None) -> str:
    """Put a text on one line, without spaces around it or double spaces within."""
    return " ".join((text or "").split())


def bare(text: str | None) -> str:
    """Keep letters without their accents, and digits."""
    return "".join(each for each in _plain(text) if each.isalnum())


def words(name: str | None) -> list[str]:
    """Return the words of a name that tell it from another one: no legal form, no "and", no accents.

    A name that is nothing else keeps all its words.
    """
    joined = _ABBREVIATED.sub(lambda found: re.sub(r"[. ]", "", found[0]), _plain(name))
    found = _WORD.findall(joined)
    telling = [each for each in found if each not in LEGAL_FORMS and each not in _JOINING]
    return telling or found


def name_keys(name: str | None) -> frozenset[str]:
    """Return the spellings under which a name is found: as it stands, and with its words in any order."""
    telling = words(name)
    if not telling:
        return frozenset()
    return frozenset({"".join(telling), " ".join(sorted(telling))})


def similarity(one: str | None, other: str | None) -> float:
    """Return how alike two names are written, from 0 to 1, whatever the order of their words."""
    return SequenceMatcher(None, " ".join(sorted(words(one))), " ".join(sorted(words(other))), autojunk=False).ratio()


def telephone(number: str | None) -> str:
    """Return the digits of a number behind country code and trunk zero; too short a one is none."""
    digits = "".join(each for each in number or "" if each.isdigit())
    return digits[-8:] if len(digits) >= 8 else ""  # noqa: PLR2004 - the shortest subscriber number in Belgium


def _plain(text: str | None) -> str:
    folded = unicodedata.normalize("NFKD", (text or "").casefold().translate(_LETTERS))
    return "".join(each for each in folded if not unicodedata.combining(each))
