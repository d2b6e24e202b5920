"""The fingerprint changes exactly when what is booked may change."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from target_exactonline.booking import fingerprint

Make = Any


@pytest.mark.parametrize(
    "changes",
    [
        {"updated_at": "2026-05-01T10:00:00Z"},
        {"attachments": [{"filename": "a.pdf", "content": "…"}]},
        {"problems": []},
        {"exchange_rate": Decimal("1.00")},
        {"withheld": Decimal("0.00")},
        {"mandate_reference": None},
        {"credited_number": "2026 / 3"},
        {"invoicee": {"name": "Acme", "vat_number": None}},
    ],
)
def test_stays(document: Make, changes: dict[str, Any]) -> None:
    assert fingerprint({**document(), **changes}) == fingerprint(document())


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "2026 / 13"},
        {"date": "2026-03-06"},
        {"due_date": None},
        {"customer": "company:d"},
        {"kind": "credit_note"},
        {"discounts": [{"percentage": 1}]},
        {"payment_term": {"type": "cash", "days": 0}},
        {"payment_reference": "x"},
        {"credited_id": "invoice-3"},
    ],
)
def test_changes(document: Make, changes: dict[str, Any]) -> None:
    assert fingerprint({**document(), **changes}) != fingerprint(document())


def test_the_order_of_fields_does_not_count(document: Make) -> None:
    assert fingerprint(dict(reversed(document().items()))) == fingerprint(document())
    line = document()["lines"][0]
    assert fingerprint(document(dict(reversed(line.items())))) == fingerprint(document(line))


def test_the_order_of_lines_counts_and_a_cent_does(document: Make, line: Make) -> None:
    prints = {
        fingerprint(document(line(1), line(2))),
        fingerprint(document(line(2), line(1))),
        fingerprint(document(line(1), line("2.01"))),
    }
    assert len(prints) == 3
