"""Credit notes: own journal, negative amounts, the credited invoice in the text (accounting rules 2, 3 and 5)."""

from __future__ import annotations

from typing import Any

BOOKS: dict[str, Any] = {
    "usual": {
        "cases": {
            "a credit note lowers turnover, VAT and the receivable": {
                "credit note": ["1 x 100.00 at 21%"],
                "books": ["700000 21 -100.00 -21.00"],
                "entry": {"net": "-100.00", "vat": "-21.00", "gross": "-121.00", "open": "-121.00"},
            },
            "a credit note goes to its own journal, and Exact calls it a credit note": {
                "credit note": ["1 x 10.00 at 21%"],
                "entry": {"journal": "71", "type": "21"},
            },
            "a credit note names the invoice that it credits": {
                "credit note": ["2 x 50.00 at 21%"],
                "credits": ["2 x 50.00 at 21%"],
                "entry": {"description": "Creditnota {number} op factuur {credited}", "gross": "-121.00"},
            },
            "a partial credit note gives back its own part only": {
                "credit note": ["1 x 50.00 at 21%"],
                "credits": ["2 x 50.00 at 21%", "1 x 20.00 at 6%"],
                "books": ["700000 21 -50.00 -10.50"],
                "entry": {"description": "Creditnota {number} op factuur {credited}"},
            },
            "a credit note without an invoice": {
                "credit note": ["1 x 30.00 at 6%"],
                "books": ["700000 6 -30.00 -1.80"],
                "entry": {"description": "Creditnota {number}"},
            },
            "a credit note over three rates": {
                "credit note": ["1 x 100.00 at 21%", "1 x 100.00 at 12%", "1 x 100.00 at 0% Medecontractant"],
                "books": ["700000 21 -100.00 -21.00", "700000 12 -100.00 -12.00", "700000 MC -100.00 0.00"],
            },
            "VAT of a credit note is rounded per rate: three lines of 7 cents take back 4 cents": {
                "credit note": ["1 x 0.07 at 21%", "1 x 0.07 at 21%", "1 x 0.07 at 21%"],
                "entry": {"net": "-0.21", "vat": "-0.04", "gross": "-0.25"},
            },
            "a negative line on a credit note raises what the customer owes": {
                "credit note": ["1 x 100.00 at 21%", "1 x -25.00 at 21%"],
                "books": ["700000 21 -100.00 -21.00", "700000 21 25.00 5.25"],
            },
            "a credit note that raises what the customer owes is refused": {
                "credit note": ["1 x -40.00 at 21%"],
                "refused": "sign_unexpected",
            },
            "a credit note keeps the ledger account of its category": {
                "credit note": ["1 x 100.00 at 21% in Licenties"],
                "books": ["702000 21 -100.00 -21.00"],
            },
            "a credit note gets the default payment condition": {
                "credit note": ["1 x 15.00 at 21%"],
                "entry": {"payment_condition": "30"},
            },
        },
    },
    "elsewhere": {
        "settings": {"single_journal": True, "credit_note_journal": None},
        "cases": {
            "one journal for both is possible when it is chosen: the invoice": {
                "invoice": ["1 x 100.00 at 6%"],
                "entry": {"journal": "70", "type": "20"},
            },
            "one journal for both is possible when it is chosen: the credit note": {
                "credit note": ["1 x 100.00 at 6%"],
                "books": ["700000 6 -100.00 -6.00"],
                "entry": {"journal": "70", "type": "21"},
            },
        },
    },
}


def test_credit_notes(case: Any) -> None:
    case.stands_as_told()
