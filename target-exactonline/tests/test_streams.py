"""What the two input streams take, and what they say of what they do not take."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from target_exactonline.streams import ACCOUNTS, SALES_ENTRIES, SCHEMAS


def entry(**changes: Any) -> dict[str, Any]:
    record = {
        "id": "d1",
        "kind": "invoice",
        "number": "2026 / 1",
        "date": "2026-03-02",
        "currency": "EUR",
        "customer": "company:c1",
        "lines": [{"net": Decimal("10.00"), "tax_rate": Decimal("0.21")}],
        "totals": {"net": Decimal(10), "gross": Decimal("12.10"), "taxes": []},
    }
    return {**record, **changes}


def test_a_minimal_sales_entry_is_taken() -> None:
    assert SCHEMAS.fault(SALES_ENTRIES, entry()) is None


def test_extra_fields_are_ignored() -> None:
    assert SCHEMAS.fault(SALES_ENTRIES, entry(extra={"anything": True})) is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"date": "2 March"}, "date: does not have the right form"),
        ({"date": "2026-02-30"}, "date: does not have the right form"),
        ({"due_date": "soon"}, "due_date: does not have the right form"),
        ({"kind": "quotation"}, "kind: should be one of invoice, credit_note"),
        ({"lines": []}, "lines: "),
        ({"lines": [{"net": "10"}]}, "lines[0].net: should be of type number"),
        ({"number": None}, "number: should be of type string"),
        ({"totals": {"net": 1}}, "totals: 'gross' is missing"),
        ({"currency": "euro"}, "currency: does not have the right form"),
    ],
)
def test_a_fault_names_the_field_and_the_rule(changes: dict[str, Any], sentence: str) -> None:
    found = SCHEMAS.fault(SALES_ENTRIES, entry(**changes))
    assert found is not None
    assert found.startswith(sentence)


def test_a_fault_never_quotes_the_record() -> None:
    record = {"id": "company:c1", "name": "", "email": ["someone@example.com"], "address": "Kerkstraat 12"}
    found = SCHEMAS.fault(ACCOUNTS, record)
    assert found is not None
    assert "Kerkstraat" not in found
    assert "someone" not in found


def test_every_field_is_described() -> None:
    def fields(node: dict[str, Any], path: str) -> list[str]:
        missing = []
        for name, field in node.get("properties", {}).items():
            if "description" not in field and "$ref" not in field and "items" not in field:
                missing.append(f"{path}.{name}")
            missing += fields(field, f"{path}.{name}") + fields(field.get("items", {}), f"{path}.{name}[]")
        return missing

    assert [*fields(SCHEMAS.schema(ACCOUNTS), ACCOUNTS), *fields(SCHEMAS.schema(SALES_ENTRIES), SALES_ENTRIES)] == []
