"""Countries, languages and states that accounts may name."""

from __future__ import annotations

COUNTRIES = {
    "AT": "Oostenrijk",
    "AU": "Australië",
    "BE": "België",
    "BG": "Bulgarije",
    "BR": "Brazilië",
    "CA": "Canada",
    "CH": "Zwitserland",
    "CN": "China",
    "CY": "Cyprus",
    "CZ": "Tsjechië",
    "DE": "Duitsland",
    "DK": "Denemarken",
    "EE": "Estland",
    "ES": "Spanje",
    "FI": "Finland",
    "FR": "Frankrijk",
    "GB": "Verenigd Koninkrijk",
    "GR": "Griekenland",
    "HR": "Kroatië",
    "HU": "Hongarije",
    "IE": "Ierland",
    "IN": "India",
    "IT": "Italië",
    "JP": "Japan",
    "LT": "Litouwen",
    "LU": "Luxemburg",
    "LV": "Letland",
    "MA": "Marokko",
    "MT": "Malta",
    "NL": "Nederland",
    "NO": "Noorwegen",
    "PL": "Polen",
    "PT": "Portugal",
    "RO": "Roemenië",
    "SE": "Zweden",
    "SI": "Slovenië",
    "SK": "Slowakije",
    "TR": "Turkije",
    "US": "Verenigde Staten",
    "ZA": "Zuid-Afrika",
}

LANGUAGES = {"NL": "Nederlands", "FR": "Frans", "EN": "Engels", "DE": "Duits", "ES": "Spaans", "IT": "Italiaans"}

STATES = {
    "BE": frozenset({"ANT", "BRU", "HAI", "LIE", "LIM", "LUX", "NAM", "OVL", "VBR", "WBR", "WVL"}),
    "NL": frozenset({"DR", "FL", "FR", "GD", "GR", "LB", "NB", "NH", "OV", "UT", "ZH", "ZL"}),
}
"""States per country (exact-online 5.6); countries that are not named have none."""
