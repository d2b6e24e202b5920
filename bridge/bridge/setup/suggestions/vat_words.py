"""What a tax rate or VAT code is about, from its text in Dutch, French, English or German."""

from __future__ import annotations

import re
from typing import Final

_COUNTRIES: Final = {
    "AT": "oostenrijk|autriche|austria|österreich",
    "BE": "belgië|belgique|belgium|belgien",
    "DE": "duitsland|allemagne|germany|deutschland",
    "DK": "denemarken|danemark|denmark",
    "ES": "spanje|espagne|spain|spanien",
    "FR": "frankrijk|france|frankreich",
    "IE": "ierland|irlande|ireland|irland",
    "IT": "italië|italie|italy|italien",
    "LU": "luxemburg|luxembourg",
    "NL": "nederland|pays-bas|netherlands|niederlande",
    "PL": "polen|pologne|poland",
    "PT": "portugal",
    "SE": "zweden|suède|sweden|schweden",
}
KINDS: Final = {
    "oss": r"\boss\b|one.?stop|afstandsverkop|vente à distance",
    "margin": r"\bmarge|\bmargin",
    "reverse charge": r"medecontract|cocontract|verlegd|verlegg|autoliquid|reverse.?charge",
    "intra-community": r"intra.?comm|\bicl?\b|\bicv\b|binnen (?:de )?eu\b|within (?:the )?eu\b|innergemeinschaft",
    "export": r"\bexport|uitvoer|buiten (?:de )?eu\b|outside (?:the )?eu\b|hors (?:l')?ue\b|hors union",
    "exempt": r"vrijgesteld|vrijstelling|exempt|exon[eé]r|steuerfrei",
    "small enterprise": r"kleine onderneming|kleineondernemers|\bkor\b|franchise|small (?:business|enterprise)",
}
_SERVICES: Final = r"dienst|service|prestation|leistung"
_GOODS: Final = r"goed|goederen|levering|goods|biens|livraison|waren"
_ORDINARY: Final = (
    r"btw|tva|vat|verkoop|verkopen|ventes?|sales?|omzet|hoog|laag|nul|high|low|zero|normaal|tarief|taux|rate|"
    r"binnenland|national|excl(?:usief)?|te betalen|op|à|a|de|du|van|\d+(?:[.,]\d+)?|%|[(),.:;/-]"
)


def kind_of(text: str) -> str:
    """Return the kind that a text names, "" for an ordinary rate, and "?" when it says something else or two things."""
    plain = " ".join(text.casefold().split())
    kinds = [name for name, words in KINDS.items() if re.search(words, plain)]
    if len(kinds) == 1:
        return kinds[0]
    if kinds:
        return "oss" if "oss" in kinds else "?"
    rest = re.sub(rf"(?<!\w)(?:{_ORDINARY})(?!\w)|[%(),.:;/-]|\d+", " ", plain).strip()
    return "?" if rest else ""


def is_of_services(text: str) -> bool | None:
    """Tell whether a text is about services, or goods; None when it says neither or both."""
    plain = text.casefold()
    services, goods = bool(re.search(_SERVICES, plain)), bool(re.search(_GOODS, plain))
    return None if services == goods else services


def country_of(text: str) -> str | None:
    """Return the ISO-2 country that a text names, None when it names none or several."""
    plain = text.casefold()
    found = [code for code, names in _COUNTRIES.items() if re.search(names, plain)]
    return found[0] if len(found) == 1 else None
