"""Currencies and exchange rates, within what the journal allows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

Make = Any


@pytest.mark.parametrize(
    ("name", "currency", "rate", "journal", "sent", "warned"),
    [
        ("the administration's own currency has no rate", "EUR", 1, "70", None, False),
        ("a foreign one has the document's", "USD", Decimal("0.9137"), "70", Decimal("0.9137"), False),
        ("without a rate Exact takes its own", "USD", None, "70", None, True),
        ("a journal without own rates takes Exact's", "USD", Decimal("0.9137"), "74", None, True),
    ],
)
def test_the_exchange_rate(
    document: Make, book: Make, name: str, currency: str, rate: Any, journal: str, sent: Decimal | None, *, warned: bool
) -> None:
    plan = book(document(currency=currency, exchange_rate=rate), invoice_journal=journal)
    assert plan.body("c")["Currency"] == currency
    assert plan.body("c").get("Rate") == sent, name
    assert bool(plan.warnings) is warned


def test_a_journal_of_one_currency_takes_no_other(document: Make, refusal: Make) -> None:
    assert refusal(document(currency="USD"), invoice_journal="73").code == "currency_not_allowed"


def test_a_journal_of_one_currency_takes_its_own(document: Make, book: Make) -> None:
    assert book(document(), invoice_journal="73").currency == "EUR"
