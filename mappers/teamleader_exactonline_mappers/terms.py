"""Terms of payment and currencies of a document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from teamleader_exactonline_mappers.json_values import currency, number, part, text

_DIRECT_DEBIT: Final = frozenset({"direct_debit", "sepa_direct_debit"})
_RATE_DIGITS: Final = Decimal("0.0000000001")


def payment_term(document: dict[str, Any]) -> dict[str, Any] | None:
    """Give {type, days}; None when the document has no term, as credit notes."""
    kind = text(part(document, "payment_term", "type"))
    if kind is None:
        return None
    days = number(part(document, "payment_term", "days"))
    return {"type": kind, "days": int(days) if days is not None else 0}


def payment_method(document: dict[str, Any]) -> str | None:
    """Name how the customer is expected to pay; both forms of collection are `direct_debit`."""
    method = text(part(document, "expected_payment_method", "method"))
    return "direct_debit" if method in _DIRECT_DEBIT else method


def mandate_reference(document: dict[str, Any]) -> str | None:
    """Give the reference of the mandate under which the amount is collected."""
    if payment_method(document) != "direct_debit":
        return None
    return text(part(document, "expected_payment_method", "reference"))


def exchange_rate(document: dict[str, Any], document_currency: str | None, company: str | None) -> Decimal | None:
    """Give how many units of the company's currency one unit of the document's is worth.

    Teamleader writes {from, to, rate}, which is read as: 1 `from` = `rate` `to`. So the rate stands as it is when
    `from` is the document's currency, and upside down (to 10 decimals) when `to` is and the department is known to
    keep its books in `from`.

    Args:
        document: An invoice or credit note.
        document_currency: Its currency.
        company: Currency of the department, when it is known.

    Returns:
        1 when both are the same; None when it cannot be told.
    """
    if document_currency is None:
        return None
    source = currency(part(document, "currency_exchange_rate", "from"))
    target = currency(part(document, "currency_exchange_rate", "to"))
    if company == document_currency or (company is None and source == target == document_currency):
        return Decimal(1)
    rate = number(part(document, "currency_exchange_rate", "rate"))
    if rate is None or rate <= 0 or source == target:
        return None
    if source == document_currency and company in {None, target}:
        return rate
    if target == document_currency and company == source:
        upside_down = (1 / rate).quantize(_RATE_DIGITS)
        return upside_down.normalize() if upside_down else None
    return None
