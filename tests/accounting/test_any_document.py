"""Whatever the document: what is booked equals it, and what the journals add up to equals Teamleader's totals.

The documents are drawn at random, the same ones every time: up to forty lines of several rates, prices of four
decimals, negative lines, discounts on lines and documents, four currencies.
"""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest

RATES = ["21%", "12%", "6%", "0%", "0% Intracommunautair", "0% Medecontractant", "0% Export", "0% Vrijgesteld"]
CATEGORIES = ["", "", " in Handelsgoederen", " in Licenties", " in Diensten", " in Diversen"]
LINE_DISCOUNTS = ["", "", "", " less 5%", " less 12.5%", " less 33.33%", " less 100%"]
DISCOUNTS = [{}, {}, {"Handelskorting": "10"}, {"Actie": "2.5"}, {"Handelskorting": "7", "Trouwe klant": "3"}]
CURRENCIES = {"EUR": "1", "USD": "0.9137", "GBP": "1.1634", "CHF": "1.0457"}
SIZE = 50


def random_line(draw: random.Random) -> str:
    quantity = draw.choice([1, 1, 2, 3, 0.25, 7.5, 40])
    price = draw.randint(-5_000_000 if draw.random() < 0.15 else 1, 5_000_000) / 10_000
    rate = draw.choices(RATES, weights=[8, 2, 4, 1, 1, 1, 1, 1])[0]
    return f"{quantity} x {price:.4f} at {rate}{draw.choice(LINE_DISCOUNTS)}{draw.choice(CATEGORIES)}"


def worth(line: str) -> Decimal:
    """Net of a line, before the document's discounts."""
    quantity, _, price, *_ = line.split()
    discount = line.partition(" less ")[2].partition("%")[0] or "0"
    return Decimal(quantity) * Decimal(price) * (1 - Decimal(discount) / 100)


def random_document(draw: random.Random) -> dict[str, Any]:
    currency = draw.choices(list(CURRENCIES), weights=[5, 1, 1, 1])[0]
    kind = draw.choice(["invoice", "invoice", "credit note"])
    lines = [random_line(draw) for _ in range(draw.randint(1, 40))]
    if kind == "credit note" and sum(map(worth, lines)) < 0:
        kind = "invoice"  # a credit note that raises what the customer owes is refused
    return {
        kind: lines,
        "date": f"2026-{draw.randint(1, 10):02}-{draw.randint(1, 28):02}",
        "discounts": draw.choice(DISCOUNTS),
        "currency": currency,
        "rate": CURRENCIES[currency],
        "entry": {"currency": currency, "rate": CURRENCIES[currency]},
    }


@pytest.mark.parametrize("discount_account", [None, "708000"], ids=["discounts pro rata", "discounts as lines"])
def test_what_is_booked_equals_the_document(administration: Any, discount_account: str | None) -> None:
    draw = random.Random(f"documents {discount_account}")  # noqa: S311 - drawn for a test
    documents = {f"random document {number}": random_document(draw) for number in range(SIZE)}

    booked = administration(settings={"discount_gl_account": discount_account}, cases=documents)

    assert booked.ran.codes == [0], booked.ran.log[-3000:]
    for case in booked.cases.values():
        case.stands_as_told()
    for kind, journal in (("invoices", "70"), ("credit_notes", "71")):
        in_teamleader = booked.ran.teamleader[kind]["currencies"]
        in_exact = booked.ran.books["journals"][journal]["currencies"]
        for currency, totals in in_teamleader.items():
            assert {**in_exact[currency]} == {"entries": totals.pop("count"), **totals}, f"{kind} in {currency}"
