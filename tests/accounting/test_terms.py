"""Payment terms and direct debit: the mapped condition, Teamleader's due date (accounting rules 17 and 30)."""

from __future__ import annotations

from typing import Any

LINES = ["1 x 100.00 at 21% in Diensten"]
ZERO_RATED = ["1 x 100.00 at 0% Vrijgesteld"]

BOOKS: dict[str, Any] = {
    "usual": {
        "cases": {
            "30 days after the invoice date": {
                "invoice": LINES,
                "term": "30 days",
                "entry": {"payment_condition": "30", "due_date": "2026-07-15"},
            },
            "8 days after the invoice date": {
                "invoice": LINES,
                "term": "8 days",
                "entry": {"payment_condition": "08", "due_date": "2026-06-23"},
            },
            "60 days after the invoice date": {
                "invoice": LINES,
                "term": "60 days",
                "entry": {"payment_condition": "60", "due_date": "2026-08-14"},
            },
            "cash: due on the day itself": {
                "invoice": LINES,
                "term": "cash",
                "entry": {"payment_condition": "00", "due_date": "2026-06-15"},
            },
            "30 days end of month": {
                "invoice": LINES,
                "term": "30 days end of month",
                "entry": {"payment_condition": "30E", "due_date": "2026-07-31"},
            },
            "30 days end of month from the end of January lands on the last of February or March as Teamleader says": {
                "invoice": LINES,
                "date": "2026-01-31",
                "term": "30 days end of month",
                "entry": {"payment_condition": "30E", "due_date": "2026-03-31"},
            },
            "30 days over the end of February": {
                "invoice": LINES,
                "date": "2026-01-30",
                "term": "30 days",
                "entry": {"due_date": "2026-03-01"},
            },
            "a term that is not mapped gets the default condition, the due date stays, and a warning": {
                "invoice": LINES,
                "term": "45 days",
                "entry": {"payment_condition": "30", "due_date": "2026-07-30"},
                "warning": "payment term '45' is not mapped; payment condition 30 is used",
            },
            "a due date that was agreed by hand is booked as it is": {
                "invoice": LINES,
                "term": "30 days",
                "due": "2026-09-01",
                "entry": {"payment_condition": "30", "due_date": "2026-09-01"},
                "warning": "payment condition 30 does not give the due date 2026-09-01",
            },
            "direct debit gets the collection condition": {
                "invoice": LINES,
                "term": "14 days",
                "collect": "MND-2026-001",
                "entry": {"payment_condition": "DD", "due_date": "2026-06-29"},
            },
            "direct debit without a mandate in Exact is booked with a warning": {
                "invoice": LINES,
                "term": "14 days",
                "collect": "MND-2026-002",
                "entry": {"payment_condition": "DD"},
                "warning": "the customer has no mandate MND-2026-002 in Exact",
            },
            "direct debit keeps the due date of its own term": {
                "invoice": LINES,
                "term": "30 days",
                "collect": "MND-2026-003",
                "entry": {"payment_condition": "DD", "due_date": "2026-07-15"},
            },
        },
    },
    "chosen": {
        "settings": {"create_mandates": True},
        "cases": {
            "bank account and mandate are created in Exact when that is chosen": {
                "invoice": LINES,
                "term": "14 days",
                "collect": "MND-2026-007",
                "customer": {
                    "name": "Incasso NV",
                    "vat_number": "BE0800123009",
                    "iban": "BE19 7370 1234 5012",
                },
                "entry": {"payment_condition": "DD"},
                "collection": {
                    "bank_account": "BE19737012345012",
                    "reference": "MND-2026-007",
                    "type": "core",
                    "payment": "recurring",
                },
            },
        },
    },
    "wrong codes": {
        "settings": {"payment_conditions": {"8": "XX", "direct_debit": "14"}},
        "cases": {
            "a payment condition that Exact does not have is refused": {
                "invoice": ZERO_RATED,
                "term": "8 days",
                "refused": "payment_condition_unknown",
            },
            "a condition that does not collect is refused for direct debit": {
                "invoice": ZERO_RATED,
                "term": "14 days",
                "collect": "MND-2026-008",
                "refused": "payment_condition_not_collection",
            },
        },
    },
    "unset": {
        "settings": {"payment_conditions": None, "default_payment_condition": None},
        "cases": {
            "without any choice the customer's own payment condition in Exact counts": {
                "invoice": LINES,
                "customer": {"name": "Eigen Termijn NV", "vat_number": "BE0800123108"},
                "exact": [
                    (
                        "add_account",
                        {
                            "Name": "Eigen Termijn NV",
                            "Status": "C",
                            "VATNumber": "BE0800123108",
                            "PaymentConditionSales": "60",
                        },
                    )
                ],
                "term": "30 days",
                "entry": {"payment_condition": "60", "due_date": "2026-07-15"},
            },
            "without any payment condition the entry is refused": {
                "invoice": LINES,
                "term": "30 days",
                "refused": "payment_condition_missing",
            },
        },
    },
}


def test_terms(case: Any) -> None:
    case.stands_as_told()
