"""Ledger accounts: of the product category, mapped, by default; revenue only; cost centres and units."""

from __future__ import annotations

from typing import Any

ZERO_RATED = "1 x 100.00 at 0% Vrijgesteld"

BOOKS: dict[str, Any] = {
    "usual": {
        "cases": {
            "the ledger account comes from the product category": {
                "invoice": ["1 x 100.00 at 21% in Licenties", "1 x 50.00 at 21% in Diensten"],
                "books": ["702000 21 100.00 21.00", "704000 21 50.00 10.50"],
            },
            "a line without category gets the default ledger account": {
                "invoice": ["1 x 100.00 at 21%"],
                "books": ["700000 21 100.00 21.00"],
            },
            "a category without ledger number gets the default ledger account": {
                "invoice": ["1 x 100.00 at 21% in Diversen"],
                "books": ["700000 21 100.00 21.00"],
            },
        },
    },
    "by tax rate": {
        "settings": {
            "gl_accounts_by_tax_rate": {"21%": "701000", "6%": "702000", "0% Export": "703000"},
            "default_gl_account": "704000",
        },
        "cases": {
            "lines without a ledger number go to the account of their rate, to the cent": {
                "invoice": ["3 x 33.33 at 21%", "1 x 0.07 at 6%", "1 x 50.00 at 0% Export"],
                "books": ["701000 21 99.99 21.00", "702000 6 0.07 0.00", "703000 EX 50.00 0.00"],
            },
            "a rate without an account of its own goes to the default": {
                "invoice": ["1 x 10.00 at 12%"],
                "books": ["704000 12 10.00 1.20"],
            },
            "the ledger number of the product category goes before the rate": {
                "invoice": ["1 x 10.00 at 21% in Onderhoud", "1 x 5.00 at 21%"],
                "books": ["705000 21 10.00 2.10", "701000 21 5.00 1.05"],
            },
            "a credit note takes back from the account of its rate": {
                "credit note": ["1 x 10.00 at 6%"],
                "books": ["702000 6 -10.00 -0.60"],
            },
        },
    },
    "chosen": {
        "settings": {
            "gl_accounts": {"703000": "707000", "701000": "460000", "705000": "743000"},
            "other_gl_account_types": [21],
            "cost_centers": {"Abonnementen": "VERK", "d0000000-0000-4000-8000-000000000001": "ALG"},
            "cost_units": {"Diensten": "DIENST"},
        },
        "cases": {
            "a ledger number is mapped to the account of this administration": {
                "invoice": ["1 x 100.00 at 21% in Abonnementen"],
                "books": ["707000 21 100.00 21.00"],
            },
            "a ledger number that is not mapped is taken as it is": {
                "invoice": ["1 x 100.00 at 21% in Licenties"],
                "books": ["702000 21 100.00 21.00"],
            },
            "advances received may be booked on their own type of account when that is chosen": {
                "invoice": ["1 x 500.00 at 21% in Maatwerk"],
                "books": ["460000 21 500.00 105.00"],
            },
            "costs that are charged on may be booked on their own account": {
                "invoice": ["1 x 35.00 at 21% in Onderhoud"],
                "books": ["743000 21 35.00 7.35"],
            },
            "the cost centre comes from the product category, else from the department": {
                "invoice": ["1 x 100.00 at 21% in Abonnementen", "1 x 50.00 at 21%"],
                "books": ["707000 21 100.00 21.00", "700000 21 50.00 10.50"],
                "cost centers": ["VERK", "ALG"],
            },
            "the cost unit comes from the product category": {
                "invoice": ["1 x 100.00 at 21% in Diensten", "1 x 50.00 at 21%"],
                "books": ["704000 21 100.00 21.00", "700000 21 50.00 10.50"],
                "cost units": ["DIENST", None],
            },
        },
    },
    "wrong codes": {
        "settings": {
            "gl_accounts": {
                "701000": "400000",
                "702000": "451000",
                "703000": "600000",
                "704000": "706000",
                "705000": "799999",
            }
        },
        "cases": {
            "a receivable account is refused": {
                "invoice": [f"{ZERO_RATED} in Maatwerk"],
                "refused": "gl_account_not_revenue",
            },
            "a VAT account is refused": {
                "invoice": [f"{ZERO_RATED} in Licenties"],
                "refused": "gl_account_not_revenue",
            },
            "an account of purchases is refused": {
                "invoice": [f"{ZERO_RATED} in Abonnementen"],
                "refused": "gl_account_not_revenue",
            },
            "a blocked ledger account is refused": {
                "invoice": [f"{ZERO_RATED} in Diensten"],
                "refused": "gl_account_blocked",
            },
            "a ledger account that Exact does not have is refused, the default does not hide it": {
                "invoice": [f"{ZERO_RATED} in Onderhoud"],
                "refused": "gl_account_unknown",
            },
        },
    },
    "elsewhere": {
        "settings": {"gl_accounts": {"703000": "707000"}},
        "cases": {
            "a ledger account that demands a cost centre is refused without one, in Exact's own words": {
                "invoice": ["1 x 100.00 at 6% in Abonnementen"],
                "refused": "cost_center_unknown",
                "reason": "Kostenplaats",
            },
        },
    },
    "unset": {
        "settings": {"default_gl_account": None},
        "cases": {
            "a line without any ledger account is refused": {
                "invoice": ["1 x 100.00 at 21%"],
                "refused": "gl_account_missing",
            },
        },
    },
}


def test_ledger_accounts(case: Any) -> None:
    case.stands_as_told()
