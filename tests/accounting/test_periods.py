"""Dates and periods: the invoice date as it is, in the period that Exact's table gives (accounting rules 15, 16)."""

from __future__ import annotations

from typing import Any

LINES = ["1 x 100.00 at 6%"]

BOOKS: dict[str, Any] = {
    "usual": {
        "exact": [("close_period", {"year": 2026, "period": 2}), ("close_period", {"year": 2026, "period": 3})],
        "cases": {
            "the entry date is the invoice date": {
                "invoice": LINES,
                "date": "2026-05-04",
                "entry": {"date": "2026-05-04", "period": "2026-05"},
            },
            "an invoice of New Year's Eve stays in the old year": {
                "invoice": LINES,
                "date": "2025-12-31",
                "entry": {"date": "2025-12-31", "period": "2025-12"},
            },
            "an invoice of New Year's Day is in the new year": {
                "invoice": LINES,
                "date": "2026-01-01",
                "entry": {"date": "2026-01-01", "period": "2026-01"},
            },
            "the night of daylight saving time moves no date": {
                "invoice": LINES,
                "date": "2026-10-25",
                "entry": {"date": "2026-10-25", "period": "2026-10"},
            },
            "a closed period holds the document": {
                "invoice": LINES,
                "date": "2026-02-14",
                "refused": "period_closed",
            },
            "a closed period holds a credit note too": {
                "credit note": LINES,
                "date": "2026-02-28",
                "refused": "period_closed",
            },
            "a document that was held follows when its period is opened again and a person asks for it": {
                "invoice": LINES,
                "date": "2026-03-10",
                "later": [("open_period", {"year": 2026, "period": 3}), ("resend", {})],
                "entry": {"date": "2026-03-10", "period": "2026-03"},
            },
            "a date without a financial year in Exact holds the document": {
                "invoice": LINES,
                "date": "2024-12-31",
                "refused": "period_missing",
            },
        },
    },
    "chosen": {
        "settings": {"on_closed_period": "next_open", "closed_until": "2025-12-31"},
        "exact": [("close_period", {"year": 2026, "period": 2}), ("close_period", {"year": 2026, "period": 3})],
        "cases": {
            "next open: a closed period moves the entry, the original date stands in the text": {
                "invoice": LINES,
                "date": "2026-02-14",
                "number": "2026 / 701",
                "term": "30 days",
                "entry": {
                    "date": "2026-04-01",
                    "period": "2026-04",
                    "due_date": "2026-03-16",
                    "description": "Factuur 2026 / 701 (2026-02-14)",
                },
            },
            "next open: books closed up to a day of their own choice": {
                "invoice": LINES,
                "date": "2025-11-20",
                "entry": {"date": "2026-01-01", "period": "2026-01"},
                "warning": "the period of 2025-11-20 is closed; booked on 2026-01-01",
            },
            "next open: a document of an open period stays where it is": {
                "invoice": LINES,
                "date": "2026-05-31",
                "number": "2026 / 702",
                "entry": {"date": "2026-05-31", "description": "Factuur 2026 / 702"},
            },
        },
    },
    "elsewhere": {
        "exact": [("set_broken_year", {"first_month": 7})],
        "cases": {
            "broken financial year: the last day of the year is period 12": {
                "invoice": LINES,
                "date": "2026-06-30",
                "entry": {"date": "2026-06-30", "period": "2025-12"},
            },
            "broken financial year: the first day of the year is period 1": {
                "invoice": LINES,
                "date": "2026-07-01",
                "entry": {"date": "2026-07-01", "period": "2026-01"},
            },
            "broken financial year: January is period 7": {
                "invoice": LINES,
                "date": "2026-01-15",
                "entry": {"date": "2026-01-15", "period": "2025-07"},
            },
        },
    },
}


def test_periods(case: Any) -> None:
    case.stands_as_told()
