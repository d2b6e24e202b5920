"""Currencies: the document's own, at the document's rate, totals equal in both."""

from __future__ import annotations

from typing import Any

AMERICAN = {"name": "Hudson Trading Inc", "country": "US"}

BOOKS: dict[str, Any] = {
    "usual": {
        "cases": {
            "USD with its rate": {
                "invoice": ["1 x 1000.00 at 0% Export"],
                "currency": "USD",
                "rate": "0.9137",
                "customer": AMERICAN,
                "books": ["700000 EX 1000.00 0.00"],
                "entry": {"currency": "USD", "rate": "0.9137", "gross": "1000.00", "gross_dc": "913.70"},
            },
            "USD with VAT: equal to the cent in dollars": {
                "invoice": ["1 x 33.33 at 21%", "1 x 33.33 at 21%", "1 x 33.34 at 6%"],
                "currency": "USD",
                "rate": "0.8765",
                "books": ["700000 21 33.33 7.00", "700000 21 33.33 7.00", "700000 6 33.34 2.00"],
                "entry": {"currency": "USD", "net": "100.00", "vat": "16.00", "gross": "116.00"},
            },
            "a credit note in pounds": {
                "credit note": ["1 x 200.00 at 0% Export"],
                "currency": "GBP",
                "rate": "1.1634",
                "customer": AMERICAN,
                "entry": {"currency": "GBP", "gross": "-200.00", "gross_dc": "-232.68", "open": "-200.00"},
            },
            "a commercial discount in Swiss francs": {
                "invoice": ["1 x 100.00 at 21%"],
                "currency": "CHF",
                "rate": "1.05",
                "discounts": {"Handelskorting": "5"},
                "books": ["700000 21 95.00 19.95"],
                "entry": {"currency": "CHF", "gross": "114.95", "gross_dc": "120.70"},
            },
            "euro needs no rate": {
                "invoice": ["1 x 10.00 at 21%"],
                "entry": {"currency": "EUR", "rate": "1", "gross_dc": "12.10"},
            },
        },
    },
    "elsewhere": {
        "cases": {
            "a currency that is not active in Exact is refused": {
                "invoice": ["1 x 100.00 at 0% Export"],
                "currency": "JPY",
                "rate": "0.0061",
                "refused": "currency_unknown",
            },
        },
    },
    "unset": {
        "settings": {"invoice_journal": "72"},
        "cases": {
            "a journal that takes euro only refuses dollars before anything is sent": {
                "invoice": ["1 x 100.00 at 0% Export in Diensten"],
                "currency": "USD",
                "rate": "0.9137",
                "refused": "currency_not_allowed",
            },
        },
    },
}


def test_currencies(case: Any) -> None:
    case.stands_as_told()
