"""Payments that stand on an invoice in Teamleader, whoever registered them there."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from teamleader_exactonline_mappers.json_values import currency, day, money, objects, part, text

_LOCAL: Final = ZoneInfo("Europe/Brussels")
"""The clock of Belgium, and of the Netherlands."""


def registered_payments(document: dict[str, Any]) -> list[dict[str, Any]]:
    """List the payments of an invoice: amount (VAT included), currency and day; one without an amount is left out."""
    payments = []
    for payment in objects(part(document, "payments")):
        amount = money(part(payment, "payment"))
        if amount is not None:
            code = currency(part(payment, "payment", "currency"))
            payments.append({"amount": amount, "currency": code, "paid_at": _local_day(part(payment, "paid_at"))})
    return payments


def _local_day(moment: object) -> str | None:
    """Read the day on which a payer's calendar stood: a payment of midnight is told as 22:00 or 23:00 UTC before it."""
    plain = text(moment)
    try:
        at = datetime.fromisoformat(plain) if plain and len(plain) > len("2026-06-25") else None
        return at.astimezone(_LOCAL).date().isoformat() if at and at.tzinfo else day(moment)
    except (ValueError, OverflowError):
        return day(moment)
