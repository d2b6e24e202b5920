"""Reading values that may have any shape: what does not fit is absent, nothing here raises."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Final

_LARGEST_EXPONENT: Final = 15
_SMALLEST_EXPONENT: Final = -15
_DAY: Final = re.compile(r"^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?:$|[T ])")


def part(value: object, *path: str) -> Any:  # noqa: ANN401 - the shape of the source is what is being found out
    """Follow names into nested objects; None where one is missing or not an object."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def objects(value: object) -> list[dict[str, Any]]:
    """List the objects of an array, leaving out everything else."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: object) -> str | None:
    """Read a text without blanks around it; an empty one is absent."""
    return (value.strip() or None) if isinstance(value, str) else None


def number(value: object) -> Decimal | None:
    """Read an amount, exact to the last digit; what no currency or rate could be (NaN, 1E+400) is absent."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        return None
    try:
        amount = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    except (ArithmeticError, ValueError):
        return None
    if not amount.is_finite():
        return None
    return amount if amount.is_zero() or _SMALLEST_EXPONENT <= amount.adjusted() <= _LARGEST_EXPONENT else None


def integer(value: object) -> int | None:
    """Read a whole number; one that came as 20.0 is one as well."""
    whole = number(value)
    return int(whole) if whole is not None and whole == whole.to_integral_value() else None


def money(value: object) -> Decimal | None:
    """Read the amount of {amount, currency}."""
    return number(part(value, "amount"))


def day(value: object) -> str | None:
    """Read a calendar day, `2026-06-25`; a time behind it is cut, never shifted."""
    found = _DAY.match(value) if isinstance(value, str) else None
    return found.group(1) if found else None


def country(value: object) -> str | None:
    """Read an ISO 3166-1 alpha-2 code in capitals."""
    code = (text(value) or "").upper()
    return code if re.fullmatch(r"[A-Z]{2}", code) else None


def currency(value: object) -> str | None:
    """Read an ISO 4217 code in capitals."""
    code = (text(value) or "").upper()
    return code if re.fullmatch(r"[A-Z]{3}", code) else None


def language(value: object) -> str | None:
    """Read an ISO 639-1 code in small letters; a region behind it (`nl_BE`) is left out."""
    code = re.split(r"[-_]", (text(value) or "").lower())[0]
    return code if re.fullmatch(r"[a-z]{2}", code) else None
