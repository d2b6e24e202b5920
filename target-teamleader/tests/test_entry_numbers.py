"""The number of an entry stands in a custom field of its invoice, where the settings name the field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Harness


@pytest.fixture
def field(harness: Harness) -> str:
    [definition] = harness.call("customFieldDefinitions.list", {"filter": {"context": "invoice"}})
    return str(definition["id"])


def value(harness: Harness, invoice: dict[str, Any]) -> list[str]:
    row = harness.call("invoices.info", {"id": invoice["id"]})
    return [each["value"] for each in row["custom_fields"]]


def test_the_number_is_written_once(harness: Harness, field: str) -> None:
    invoice = harness.unlinked_invoice()
    harness.link(invoice, entry_number=26700012)
    first = harness.run(harness.record(invoice), entry_number_field=field)
    assert first.calls["invoices.updateBooked"] == 1
    assert value(harness, invoice) == ["26700012"]
    again = harness.run(harness.record(invoice), entry_number_field=field)
    assert sum(again.calls.values()) == 0


def test_without_the_setting_nothing_is_written(harness: Harness) -> None:
    invoice = harness.unlinked_invoice()
    harness.link(invoice, entry_number=26700012)
    assert sum(harness.run(harness.record(invoice)).calls.values()) == 0


def test_an_invoice_that_cannot_be_changed_is_left_alone_and_paid_all_the_same(harness: Harness, field: str) -> None:
    invoice = harness.unlinked_invoice()
    harness.link(invoice, entry_number=26700012)
    harness.fault("invoices.updateBooked", "error", status=400, message="Not allowed", times=1)
    ran = harness.run(harness.record(invoice, ("121.00", "2026-03-20")), entry_number_field=field)
    assert ran.counts == {"registered": 1, "without room for its entry number": 1}
    again = harness.run(harness.record(invoice, ("121.00", "2026-03-20")), entry_number_field=field)
    assert again.calls["invoices.updateBooked"] == 0
