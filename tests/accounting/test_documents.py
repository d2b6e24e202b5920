"""Which document goes where, and what a line may look like (accounting rules 1, 2, 4, 5, 6 and 31)."""

from __future__ import annotations

from typing import Any

BOOKS: dict[str, Any] = {
    "usual": {
        "cases": {
            "a draft is never booked": {
                "invoice": ["1 x 100.00 at 21%"],
                "draft": True,
                "absent": True,
            },
            "an invoice goes to the invoice journal": {
                "invoice": ["1 x 100.00 at 21%"],
                "entry": {"journal": "70", "type": "20"},
            },
            "a negative line stays a negative line": {
                "invoice": ["1 x 100.00 at 21%", "-1 x 30.00 at 21%"],
                "books": ["700000 21 100.00 21.00", "700000 21 -30.00 -6.30"],
            },
            "an advance that was invoiced before is deducted with its VAT": {
                "invoice": ["1 x 1000.00 at 21% in Diensten", "1 x -400.00 at 21% in Diensten"],
                "books": ["704000 21 1000.00 210.00", "704000 21 -400.00 -84.00"],
                "entry": {"gross": "726.00"},
            },
            "an invoice below zero stays in the invoice journal": {
                "invoice": ["1 x 100.00 at 21%", "1 x -250.00 at 21%"],
                "books": ["700000 21 100.00 21.00", "700000 21 -250.00 -52.50"],
                "entry": {"journal": "70", "gross": "-181.50", "open": "-181.50"},
            },
            "rates that cancel out on one line and not on the other": {
                "invoice": ["1 x 50.00 at 21%", "1 x -50.00 at 6%"],
                "books": ["700000 21 50.00 10.50", "700000 6 -50.00 -3.00"],
                "entry": {"net": "0.00", "vat": "7.50", "gross": "7.50"},
            },
            "a document of zero value is booked by default": {
                "invoice": ["1 x 0.00 at 21%"],
                "books": ["700000 21 0.00 0.00"],
                "entry": {"gross": "0.00"},
            },
            "prices of four decimals are multiplied before they are rounded": {
                "invoice": ["1000 x 0.0125 at 6%", "3 x 33.3333 at 21%"],
                "books": ["700000 6 12.50 0.75", "700000 21 100.00 21.00"],
            },
            "half a cent of a line is rounded away from zero": {
                "invoice": ["1 x 20.125 at 0%"],
                "books": ["700000 0 20.13 0.00"],
            },
            "quantities with decimals": {
                "invoice": ["1.75 x 95.00 at 21%"],
                "books": ["700000 21 166.25 34.91"],
            },
            "forty lines stay forty lines": {
                "invoice": [f"1 x {price}.37 at 21%" for price in range(1, 41)],
                "entry": {"net": "834.80", "vat": "175.31", "gross": "1010.11"},
                "line count": 40,
            },
            "an amount of a million": {
                "invoice": ["1 x 1234567.89 at 21%"],
                "books": ["700000 21 1234567.89 259259.26"],
            },
            "what is changed in Teamleader while the entry is open is changed in the books": {
                "invoice": ["1 x 100.00 at 21%"],
                "later": [("edit", {"lines": ["1 x 120.00 at 21%"]})],
                "books": ["700000 21 120.00 25.20"],
            },
            "what is changed in Teamleader after the entry was made final is shown, not booked": {
                "invoice": ["1 x 100.00 at 21%"],
                "later": [("process_entry", {"your_ref": "{number}"}), ("edit", {"lines": ["1 x 120.00 at 21%"]})],
                "refused": "changed_after_booking",
                "stands": ["700000 21 100.00 21.00"],
            },
            "an entry that was deleted in Exact is reported, not booked again by itself": {
                "invoice": ["1 x 100.00 at 21%"],
                "later": [("delete_entry", {"your_ref": "{number}"})],
                "refused": "entry_missing",
            },
            "a payment that is registered in Teamleader leaves the entry as it is": {
                "invoice": ["1 x 100.00 at 21%"],
                "later": [("pay", {})],
                "books": ["700000 21 100.00 21.00"],
            },
            "a second run books nothing twice": {
                "invoice": ["1 x 64.00 at 21%"],
                "later": [],
                "books": ["700000 21 64.00 13.44"],
            },
            "an invoice that was booked by hand with the same number, day and amount is taken as booked": {
                "invoice": ["1 x 100.00 at 21%"],
                "number": "2026 / 901",
                "customer": {"name": "Handmatig NV", "vat_number": "BE0780123191"},
                "exact": [
                    ("add_account", {"Name": "Handmatig NV", "Status": "C", "VATNumber": "BE0780123191"}),
                    (
                        "add_entry",
                        {
                            "customer": "Handmatig NV",
                            "your_ref": "2026 / 901",
                            "date": "2026-06-15",
                            "lines": [{"gl_account": "700000", "vat_code": "21", "amount": "100.00"}],
                        },
                    ),
                ],
                "books": ["700000 21 100.00 21.00"],
                "files": [],
            },
            "an entry by hand with the same number and another amount is a conflict": {
                "invoice": ["1 x 100.00 at 21%"],
                "number": "2026 / 902",
                "customer": {"name": "Handmatig Twee NV", "vat_number": "BE0780124874"},
                "exact": [
                    ("add_account", {"Name": "Handmatig Twee NV", "Status": "C", "VATNumber": "BE0780124874"}),
                    (
                        "add_entry",
                        {
                            "customer": "Handmatig Twee NV",
                            "your_ref": "2026 / 902",
                            "date": "2026-06-15",
                            "lines": [{"gl_account": "700000", "vat_code": "21", "amount": "90.00"}],
                        },
                    ),
                ],
                "refused": "conflict",
                "reason": "AmountFC: 108.90 in Exact, 121.00 in Teamleader",
                "stands": ["700000 21 90.00 18.90"],
            },
        },
    },
    "chosen": {
        "settings": {"zero_value_documents": "skip"},
        "cases": {
            "a document of zero value is left out when that is chosen, and shown with the reason": {
                "invoice": ["1 x 100.00 at 21%", "1 x -100.00 at 21%"],
                "refused": "zero_value_skipped",
            },
        },
    },
}


def test_documents(case: Any) -> None:
    case.stands_as_told()
