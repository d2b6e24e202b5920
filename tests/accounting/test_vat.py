"""VAT: per rate as Teamleader prints it, on codes that may be used (accounting rules 6 to 8 and 10 to 14)."""

from __future__ import annotations

from typing import Any

DUTCH = {"name": "Molenaar Bouw BV", "vat_number": "NL801234566B01", "country": "NL"}

BOOKS: dict[str, Any] = {
    "usual": {
        "cases": {
            "21 % and 6 % on one invoice: VAT per rate as Teamleader prints it": {
                "invoice": ["2 x 50.00 at 21%", "1 x 50.00 at 6%"],
                "books": ["700000 21 100.00 21.00", "700000 6 50.00 3.00"],
                "entry": {"net": "150.00", "vat": "24.00", "gross": "174.00"},
            },
            "21, 12, 6 and 0 % on one invoice": {
                "invoice": ["1 x 10.00 at 21%", "1 x 10.00 at 12%", "1 x 10.00 at 6%", "1 x 10.00 at 0%"],
                "books": ["700000 21 10.00 2.10", "700000 12 10.00 1.20", "700000 6 10.00 0.60", "700000 0 10.00 0.00"],
            },
            "VAT is rounded per rate: three lines of 7 cents carry 4 cents, not 3": {
                "invoice": ["1 x 0.07 at 21%", "1 x 0.07 at 21%", "1 x 0.07 at 21%"],
                "books": ["700000 21 0.07 0.02", "700000 21 0.07 0.01", "700000 21 0.07 0.01"],
                "entry": {"vat": "0.04"},
            },
            "VAT is rounded per rate: three lines of 3 cents carry 2 cents, not 3": {
                "invoice": ["1 x 0.03 at 21%", "1 x 0.03 at 21%", "1 x 0.03 at 21%"],
                "books": ["700000 21 0.03 0.01", "700000 21 0.03 0.01", "700000 21 0.03 0.00"],
                "entry": {"vat": "0.02"},
            },
            "half a cent of VAT is rounded away from zero": {
                "invoice": ["1 x 2.50 at 21%"],
                "books": ["700000 21 2.50 0.53"],
            },
            "half a cent of VAT is rounded away from zero on a credit note too": {
                "credit note": ["1 x 2.50 at 21%"],
                "books": ["700000 21 -2.50 -0.53"],
            },
            "VAT that Teamleader prints a cent lower than the percentage is booked as printed": {
                "invoice": ["1 x 33.33 at 21%", "1 x 33.33 at 21%"],
                "totals": {"net": "66.66", "gross": "80.65", "taxes": [("0.21", "66.66", "13.99")]},
                "books": ["700000 21 33.33 7.00", "700000 21 33.33 6.99"],
                "entry": {"vat": "13.99", "gross": "80.65"},
            },
            "a document whose lines and totals do not agree is refused": {
                "invoice": ["1 x 100.00 at 21%"],
                "totals": {"net": "90.00", "gross": "108.90", "taxes": [("0.21", "90.00", "18.90")]},
                "refused": "totals_do_not_close",
            },
            "an intra-community supply has its own code and no VAT": {
                "invoice": ["1 x 1000.00 at 0% Intracommunautair"],
                "customer": DUTCH,
                "books": ["700000 IC 1000.00 0.00"],
            },
            "an intra-community supply without the customer's VAT number is booked with a warning": {
                "invoice": ["1 x 500.00 at 0% Intracommunautair"],
                "customer": {"name": "Sans Numero SARL", "country": "FR"},
                "books": ["700000 IC 500.00 0.00"],
                "warning": "is intra-community, but the customer has no valid VAT number",
            },
            "reverse charge (medecontractant, verlegd) has its own code": {
                "invoice": ["1 x 2500.00 at 0% Medecontractant"],
                "books": ["700000 MC 2500.00 0.00"],
            },
            "export outside the EU has its own code": {
                "invoice": ["1 x 750.00 at 0% Export"],
                "customer": {"name": "Hudson Trading Inc", "country": "US"},
                "books": ["700000 EX 750.00 0.00"],
            },
            "exempt turnover has its own code": {
                "invoice": ["1 x 80.00 at 0% Vrijgesteld"],
                "books": ["700000 VR 80.00 0.00"],
            },
            "five kinds of 0 % on one invoice keep five codes": {
                "invoice": [
                    "1 x 1.00 at 0%",
                    "1 x 2.00 at 0% Intracommunautair",
                    "1 x 3.00 at 0% Medecontractant",
                    "1 x 4.00 at 0% Export",
                    "1 x 5.00 at 0% Vrijgesteld",
                ],
                "customer": DUTCH,
                "books": [
                    "700000 0 1.00 0.00",
                    "700000 IC 2.00 0.00",
                    "700000 MC 3.00 0.00",
                    "700000 EX 4.00 0.00",
                    "700000 VR 5.00 0.00",
                ],
            },
            "0 % and 21 % on one invoice: the VAT stays with the 21 %": {
                "invoice": ["1 x 99.99 at 0% Medecontractant", "1 x 0.01 at 21%", "1 x 100.00 at 21%"],
                "books": ["700000 MC 99.99 0.00", "700000 21 0.01 0.00", "700000 21 100.00 21.00"],
            },
            "withholding tax is refused: nothing is guessed": {
                "invoice": ["1 x 1000.00 at 21%"],
                "withheld": True,
                "refused": "withholding_tax",
            },
        },
    },
    "chosen": {
        "settings": {
            "vat_codes": {
                "c0000011-0000-4000-8000-000000000005": "ICD",
                "21% OSS Nederland": "NL",
                "19% OSS Duitsland": "DE",
            }
        },
        "teamleader": [
            ("add_tax_rate", {"description": "21% OSS Nederland", "rate": "0.21"}),
            ("add_tax_rate", {"description": "19% OSS Duitsland", "rate": "0.19"}),
        ],
        "cases": {
            "OSS: a consumer in the Netherlands gets the code of the Netherlands": {
                "invoice": ["1 x 100.00 at 21% OSS Nederland"],
                "customer": {"first_name": "Joost", "last_name": "van Dam", "country": "NL", "city": "Breda"},
                "books": ["700000 NL 100.00 21.00"],
            },
            "OSS: a consumer in Germany gets the code of Germany": {
                "invoice": ["1 x 100.00 at 19% OSS Duitsland"],
                "customer": {"first_name": "Petra", "last_name": "Krause", "country": "DE", "city": "Aachen"},
                "books": ["700000 DE 100.00 19.00"],
            },
            "OSS: the code of the Netherlands is refused for a customer in France": {
                "invoice": ["1 x 100.00 at 21% OSS Nederland"],
                "customer": {"first_name": "Luc", "last_name": "Moreau", "country": "FR", "city": "Lille"},
                "refused": "vat_country_differs",
            },
            "the id of a tax rate wins over its description": {
                "invoice": ["1 x 300.00 at 0% Intracommunautair"],
                "customer": DUTCH,
                "books": ["700000 ICD 300.00 0.00"],
            },
        },
    },
    "wrong codes": {
        "settings": {
            "vat_codes": {
                "21%": "I21",
                "12%": "P12",
                "6%": "VR",
                "0%": None,
                "0% Intracommunautair": "OLD",
                "0% Medecontractant": "21",
                "0% Export": "XXX",
            }
        },
        "cases": {
            "a VAT code of type including is refused, since amounts without VAT are sent": {
                "invoice": ["1 x 100.00 at 21%"],
                "refused": "vat_code_type",
                "reason": "VAT code I21 is of type I, while amounts are booked without VAT",
            },
            "a VAT code for purchases is refused": {
                "invoice": ["1 x 100.00 at 12%"],
                "refused": "vat_code_not_for_sales",
            },
            "a VAT code that takes no VAT is refused for 6 %": {
                "invoice": ["1 x 100.00 at 6%"],
                "refused": "vat_code_type",
            },
            "a rate without a VAT code is refused": {
                "invoice": ["1 x 100.00 at 0%"],
                "refused": "vat_code_unmapped",
            },
            "a blocked VAT code is refused": {
                "invoice": ["1 x 100.00 at 0% Intracommunautair"],
                "refused": "vat_code_blocked",
            },
            "a VAT code of another percentage is refused": {
                "invoice": ["1 x 100.00 at 0% Medecontractant"],
                "refused": "vat_percentage_differs",
            },
            "a VAT code that Exact does not have is refused": {
                "invoice": ["1 x 100.00 at 0% Export"],
                "refused": "vat_code_missing",
            },
            "one wrong line holds the whole document, a good document goes on": {
                "invoice": ["1 x 100.00 at 0% Vrijgesteld"],
                "books": ["700000 VR 100.00 0.00"],
            },
        },
    },
    "elsewhere": {
        "settings": {"vat_codes": {"0% Vrijgesteld": None}},
        "exact": [("change_percentage", {"code": "12", "percentage": "0.13", "from": "2026-09-01"})],
        "cases": {
            "a kind of 0 % without a code of its own gets that of plain 0 %, with a warning": {
                "invoice": ["1 x 100.00 at 0% Vrijgesteld"],
                "books": ["700000 0 100.00 0.00"],
                "warning": "is booked with VAT code 0 because of its percentage only",
            },
            "the percentage of a VAT code counts on the document's date: the day before it changes": {
                "invoice": ["1 x 100.00 at 12%"],
                "date": "2026-08-31",
                "books": ["700000 12 100.00 12.00"],
            },
            "the percentage of a VAT code counts on the document's date: the day it has changed": {
                "invoice": ["1 x 100.00 at 12%"],
                "date": "2026-09-01",
                "refused": "vat_percentage_differs",
                "reason": "VAT code 12 is 13% on 2026-09-01, the document 12%",
            },
        },
    },
}


def test_vat(case: Any) -> None:
    case.stands_as_told()
