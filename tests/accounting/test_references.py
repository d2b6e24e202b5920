"""Numbers and references: Teamleader's number always, equality only, nothing lost by cutting (rules 18 to 21)."""

from __future__ import annotations

from typing import Any

LINES = ["1 x 100.00 at 6%"]

BOOKS: dict[str, Any] = {
    "usual": {
        "cases": {
            "Teamleader's number is the reference of the entry": {
                "invoice": LINES,
                "entry": {"your_ref": "{number}", "description": "Factuur {number}"},
            },
            "2026 / 1 is not 2026 / 10: the first": {
                "invoice": ["1 x 1.00 at 6%"],
                "number": "2026 / 1",
                "entry": {"your_ref": "2026 / 1", "net": "1.00"},
            },
            "2026 / 1 is not 2026 / 10: the tenth": {
                "invoice": ["1 x 10.00 at 6%"],
                "number": "2026 / 10",
                "entry": {"your_ref": "2026 / 10", "net": "10.00"},
            },
            "2026 / 1 is not 2026 / 10: the hundredth was booked by hand and stops neither": {
                "invoice": ["1 x 100.00 at 6%"],
                "number": "2026 / 100",
                "exact": [
                    ("add_account", {"Name": "Klant van honderd NV", "Status": "C", "VATNumber": "BE0780126557"}),
                    (
                        "add_entry",
                        {
                            "customer": "Klant van honderd NV",
                            "your_ref": "2026 / 100",
                            "date": "2026-06-15",
                            "lines": [{"gl_account": "700000", "vat_code": "6", "amount": "100.00"}],
                        },
                    ),
                ],
                "customer": {"name": "Klant van honderd NV", "vat_number": "BE0780126557"},
                "entry": {"your_ref": "2026 / 100", "net": "100.00"},
                "files": [],
            },
            "an invoice 2026 / 1 is not the credit note 2026/1": {
                "credit note": ["1 x 1.00 at 6%"],
                "number": "2026/1",
                "entry": {"your_ref": "2026/1", "net": "-1.00"},
            },
            "Belgian structured reference arrives digit for digit": {
                "invoice": LINES,
                "payment reference": "+++123/4567/89002+++",
                "entry": {"payment_reference": "123456789002"},
            },
            "a structured reference that begins with zeros keeps them": {
                "invoice": LINES,
                "payment reference": "+++000/0000/09797+++",
                "entry": {"payment_reference": "000000009797"},
            },
            "a structured reference with wrong check digits is kept, with a warning": {
                "invoice": LINES,
                "payment reference": "+++123/4567/89012+++",
                "entry": {"payment_reference": "123456789012"},
                "warning": "the structured payment reference has wrong check digits",
            },
            "an RF reference arrives without its spaces": {
                "invoice": LINES,
                "payment reference": "RF18 5390 0754 7034",
                "entry": {"payment_reference": "RF18539007547034"},
            },
            "a reference in words arrives as it is": {
                "invoice": LINES,
                "payment reference": "Factuur Jansen, juni",
                "entry": {"payment_reference": "Factuur Jansen, juni"},
            },
            "a line of 200 characters is cut, and the cut shows": {
                "invoice": [{"line": "1 x 100.00 at 6%", "text": "Advies " * 29}],
                "books": ["700000 6 100.00 6.00"],
                "texts": ["Advies Advies Advies Advies Advies Advies Advies Advies Adv…"],
            },
            "a text over several lines becomes one line": {
                "invoice": [{"line": "1 x 100.00 at 6%", "text": "Advies\n  juni 2026\t(deel 1)"}],
                "texts": ["Advies juni 2026 (deel 1)"],
            },
            "quotes and accents in a text arrive": {
                "invoice": [{"line": "1 x 100.00 at 6%", "text": 'Café \'t Hoekje & "Zoon" = 5 €'}],
                "texts": ['Café \'t Hoekje & "Zoon" = 5 €'],
            },
            "a number that does not fit in Exact is refused, never cut": {
                "invoice": LINES,
                "number": "VERKOOP-GENT-AFDELING-NOORD-2026-000123",
                "refused": "text_too_long",
            },
        },
    },
    "elsewhere": {
        "settings": {
            "single_journal": True,
            "credit_note_journal": None,
            "description_template": "[{reference}: ]verkoop {number}",
            "credit_note_description_template": "terug {number} van {date}",
            "entry_number_template": "{short_year}{journal}{sequence:04}",
        },
        "cases": {
            "the description follows the template": {
                "invoice": LINES,
                "order": "PO-4471",
                "entry": {"description": "PO-4471: verkoop {number}"},
            },
            "the description leaves out what the document has not": {
                "invoice": LINES,
                "entry": {"description": "verkoop {number}"},
            },
            "the description of a credit note follows its own template": {
                "credit note": LINES,
                "date": "2026-05-04",
                "entry": {"description": "terug {number} van 2026-05-04"},
            },
            "an over-long order number is cut without losing the document's number": {
                "invoice": LINES,
                "order": "BESTELBON-" * 9,
                "entry": {"description": "{number} BESTELBON-BESTELBON-BESTELBON-BESTELBON-BESTELB…"},
            },
            "the entry number follows the template": {
                "invoice": LINES,
                "number": "2026 / 812",
                "date": "2025-01-15",
                "entry": {"entry_number": "26700812"},
            },
            "an entry number that is in use in the journal is left to Exact": {
                "credit note": LINES,
                "number": "2026/812",
                "date": "2025-01-15",
                "entry": {"entry_number": "26700813"},
            },
        },
    },
}


def test_references(case: Any) -> None:
    case.stands_as_told()
