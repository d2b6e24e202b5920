"""VAT and company numbers in one spelling, and checked."""

from __future__ import annotations

import re

from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

_PREFIXED = re.compile(r"([A-Z]{2})[0-9A-Z+*]{2,}")
_VAT_PREFIX = {"GR": "EL"}
"""VAT numbers of Greece begin with EL, its ISO code is GR."""
_COUNTRY = {prefix: country for country, prefix in _VAT_PREFIX.items()} | {"XI": "GB"}


def compact(number: str | None) -> str:
    """Remove everything but letters, digits, + and *, and write in capitals."""
    return re.sub(r"[^0-9A-Z+*]", "", (number or "").upper())


def vat_number(number: str | None, country: str | None) -> str | None:
    """Return a VAT number with its country's prefix if it is valid, else None.

    "be 0428.759.497", "0428759497" in Belgium and "BE428759497" are one number. Numbers of countries that
    python-stdnum does not know are taken as they are.
    """
    plain = compact(number)
    prefixed = _PREFIXED.fullmatch(plain)
    own = _VAT_PREFIX.get(country, country) if country else None
    candidates = []
    if prefixed and (prefixed[1] == own or get_cc_module(_COUNTRY.get(prefixed[1], prefixed[1]), "vat")):
        candidates.append((_VAT_PREFIX.get(prefixed[1], prefixed[1]), plain))
    if own and not plain.startswith(own):
        candidates.append((own, plain))
    for prefix, candidate in candidates:
        valid = _valid(candidate, _COUNTRY.get(prefix, prefix))
        if valid:
            return valid if valid.startswith(prefix) else prefix + valid
    return None


def _valid(number: str, country: str) -> str | None:
    module = get_cc_module(country, "vat")
    if module is None:
        return number if any(each.isdigit() for each in number) else None
    try:
        return str(module.validate(number))
    except ValidationError:
        return None


def chamber_number(number: str | None, country: str | None) -> str:
    """Return a company's registration number for comparing: digits and letters, the Belgian one ten digits long."""
    plain = compact(number)
    if country == "BE" or plain.startswith("BE"):
        plain = plain.removeprefix("BE").zfill(10)
    return plain


def vat_country(number: str) -> str:
    """Return the ISO-2 country of a prefixed VAT number."""
    return _COUNTRY.get(number[:2], number[:2])
