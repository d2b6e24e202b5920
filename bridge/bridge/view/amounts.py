"""Amounts as the reader writes them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_CENT: Final = Decimal("0.01")
_SIGNS: Final = {"en": (",", "."), "nl": (".", ","), "fr": ("\N{NARROW NO-BREAK SPACE}", ",")}
"""Language -> between thousands, before the cents."""


def amount_in(language: str) -> Callable[[Decimal, str], str]:
    """Return what writes an amount with its currency: EUR 16,127.67 in English, 16 127,67 EUR in French."""
    thousands, cents = _SIGNS[language]

    def write(amount: Decimal, currency: str) -> str:
        plain = f"{amount.quantize(_CENT):,}"
        number = plain.translate({ord(","): thousands, ord("."): cents})
        parts = (number, currency) if language == "fr" else (currency, number)
        return " ".join(part for part in parts if part)

    return write
