"""Files: with the entry, beside each other, and never in its way."""

from __future__ import annotations

from typing import Any

LINES = ["1 x 100.00 at 21% in Diensten"]
REFUSED = {"service": "exact", "match": "DocumentAttachments", "method": "POST", "kind": "business"}
NO_PDF = {"service": "teamleader", "match": "creditNotes.download", "kind": "error", "status": 404}

BOOKS: dict[str, Any] = {
    "usual": {
        "cases": {
            "the PDF stands beside the entry": {
                "invoice": LINES,
                "number": "2026 / 601",
                "files": ["2026-601.pdf"],
            },
            "the PDF of a credit note stands beside its entry": {
                "credit note": LINES,
                "number": "2026/602",
                "files": ["2026-602.pdf"],
            },
        },
    },
    "chosen": {
        "tap": {"attachments": ["pdf", "ubl"]},
        "cases": {
            "UBL beside the PDF": {
                "invoice": LINES,
                "number": "2026 / 603",
                "files": ["2026-603.pdf", "2026-603.xml"],
            },
        },
    },
    "unset": {
        "tap": {"attachments": []},
        "cases": {
            "no files when none are chosen": {
                "invoice": LINES,
                "customer": {"name": "Zonder Bijlage NV", "vat_number": "BE0800123207"},
                "exact": [
                    (
                        "add_account",
                        {
                            "Name": "Zonder Bijlage NV",
                            "Status": "C",
                            "VATNumber": "BE0800123207",
                            "PaymentConditionSales": "30",
                        },
                    )
                ],
                "files": [],
            },
        },
    },
    "files refused at first": {
        "faults": [{**REFUSED, "message": "Te groot: Bijlage"}, NO_PDF],
        "cases": {
            "attachment refused but entry booked, and the file follows alone in the next run": {
                "invoice": LINES,
                "number": "2026 / 604",
                "later": [("faults end", {})],
                "warning": "attachment 2026 / 604: waiting (attachment_refused)",
                "books": ["704000 21 100.00 21.00"],
                "files": ["2026-604.pdf"],
            },
            "a PDF that Teamleader cannot give does not hold up the credit note, and follows": {
                "credit note": LINES,
                "number": "2026/605",
                "books": ["704000 21 -100.00 -21.00"],
                "warning": "file_not_delivered",
                "files": ["2026-605.pdf"],
            },
        },
    },
}


def test_attachments(case: Any) -> None:
    case.stands_as_told()
