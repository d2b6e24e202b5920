"""How settings name what has a code in Exact: one spelling for tax rates and payment terms."""

from __future__ import annotations

import re
from decimal import Decimal

_RATE = re.compile(r"(\d+(?:[.,]\d+)?) ?%?")
_TERM = re.compile(r"(\d+)(?: ?(?:days?|dagen))?(?: (?:after_)?(?:invoice_)?(end_of_month|date))?")


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def percent(fraction: Decimal | int) -> str:
    """Write a fraction as people do: 0.21 -> "21%", 0.055 -> "5.5%"."""
    return f"{(Decimal(fraction) * 100).normalize():f}%"


def canonical_rate(name: str) -> str:
    """Bring "21%", "21,0 %", "21.00%" and "21" to "21%"; other names lose case and double spaces only."""
    plain = _plain(name)
    rate = _RATE.fullmatch(plain)
    return percent(Decimal(rate[1].replace(",", ".")) / 100) if rate else plain


def canonical_term(name: str) -> str:
    """Bring "30", "30 days" and "30 after_invoice_date" to "30", and "30 End of month" to "30 end_of_month"."""
    plain = (
        _plain(name).replace("end of month", "end_of_month").replace("-", "_").replace("direct debit", "direct_debit")
    )
    term = _TERM.fullmatch(plain)
    if term is None:
        return plain
    return f"{int(term[1])} end_of_month" if term[2] == "end_of_month" else str(int(term[1]))
