"""Discounts: of a line in its net, of a document as lines of their own or pro rata; sums close (accounting rule 9)."""

from __future__ import annotations

from typing import Any

FIVE_LINES = [
    "1 x 19.99 at 21%",
    "3 x 7.33 at 21%",
    "1 x 0.05 at 21%",
    "2 x 11.11 at 6%",
    "1 x 4.44 at 6%",
]

BOOKS: dict[str, Any] = {
    "usual": {
        "cases": {
            "a line discount lowers the line": {
                "invoice": ["4 x 25.00 at 21% less 10%"],
                "books": ["700000 21 90.00 18.90"],
            },
            "a line discount of 12.5 % on a price of four decimals": {
                "invoice": ["7 x 3.3333 at 6% less 12.5%"],
                "books": ["700000 6 20.42 1.23"],
            },
            "a line given away for nothing is no line in the books": {
                "invoice": ["1 x 100.00 at 21%", "1 x 40.00 at 6% less 100%"],
                "books": ["700000 21 100.00 21.00"],
            },
            "the commercial discount lowers the lines pro rata when there is no discount account": {
                "invoice": ["1 x 100.00 at 21%", "1 x 50.00 at 6%"],
                "discounts": {"Handelskorting": "10"},
                "books": ["700000 21 90.00 18.90", "700000 6 45.00 2.70"],
            },
            "pro rata over five lines closes to the cent": {
                "invoice": FIVE_LINES,
                "discounts": {"Handelskorting": "7.5"},
                "books": [
                    "700000 21 18.49 3.88",
                    "700000 21 20.34 4.27",
                    "700000 21 0.05 0.01",
                    "700000 6 20.55 1.23",
                    "700000 6 4.11 0.25",
                ],
                "entry": {"net": "63.54", "vat": "9.64", "gross": "73.18"},
            },
            "pro rata where rounding makes a cent too many: one line gives it up": {
                "invoice": ["1 x 0.33 at 21%", "1 x 0.33 at 21%", "1 x 0.33 at 21%"],
                "discounts": {"Handelskorting": "10"},
                "books": ["700000 21 0.30 0.07", "700000 21 0.30 0.06", "700000 21 0.29 0.06"],
                "entry": {"net": "0.89", "vat": "0.19"},
            },
            "two commercial discounts count one after the other": {
                "invoice": ["1 x 200.00 at 21%"],
                "discounts": {"Handelskorting": "10", "Trouwe klant": "5"},
                "books": ["700000 21 171.00 35.91"],
            },
            "a line discount and a commercial discount on the same line": {
                "invoice": ["2 x 100.00 at 21% less 25%"],
                "discounts": {"Actie": "2"},
                "books": ["700000 21 147.00 30.87"],
            },
            "a commercial discount on a credit note lowers what is given back": {
                "credit note": ["1 x 100.00 at 21%"],
                "discounts": {"Handelskorting": "10"},
                "books": ["700000 21 -90.00 -18.90"],
            },
        },
    },
    "chosen": {
        "settings": {"discount_gl_account": "708000"},
        "cases": {
            "the commercial discount becomes a negative line per VAT rate": {
                "invoice": ["1 x 100.00 at 21%", "1 x 50.00 at 6%"],
                "discounts": {"Handelskorting": "10"},
                "books": [
                    "700000 21 100.00 21.00",
                    "700000 6 50.00 3.00",
                    "708000 6 -5.00 -0.30",
                    "708000 21 -10.00 -2.10",
                ],
                "entry": {"net": "135.00", "vat": "21.60", "gross": "156.60"},
            },
            "the discount line tells which discount it is": {
                "invoice": ["1 x 100.00 at 21%"],
                "discounts": {"Trouwe klant": "5"},
                "books": ["700000 21 100.00 21.00", "708000 21 -5.00 -1.05"],
                "texts": ["Dienst", "Trouwe klant"],
            },
            "a discount line per VAT code, also when two codes share 0 %": {
                "invoice": ["1 x 100.00 at 0% Medecontractant", "1 x 100.00 at 0% Export"],
                "discounts": {"Handelskorting": "10"},
                "books": [
                    "700000 MC 100.00 0.00",
                    "700000 EX 100.00 0.00",
                    "708000 MC -10.00 0.00",
                    "708000 EX -10.00 0.00",
                ],
            },
            "lines and discount lines over five lines close to the cent": {
                "invoice": FIVE_LINES,
                "discounts": {"Handelskorting": "7.5"},
                "entry": {"net": "63.54", "vat": "9.64", "gross": "73.18"},
            },
            "on a credit note the discount line is positive": {
                "credit note": ["1 x 100.00 at 21%"],
                "discounts": {"Handelskorting": "10"},
                "books": ["700000 21 -100.00 -21.00", "708000 21 10.00 2.10"],
            },
        },
    },
}


def test_discounts(case: Any) -> None:
    case.stands_as_told()
