"""The catalog: every change of a schema is seen by a person."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from syrupy.extensions.json import JSONSnapshotExtension

from tap_teamleader.tap import TapTeamleader

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

NAMES = [
    "departments",
    "tax_rates",
    "product_categories",
    "payment_terms",
    "companies",
    "contacts",
    "invoices",
    "credit_notes",
    "subscriptions",
]


@pytest.fixture(scope="module")
def catalog() -> dict[str, Any]:
    tap = TapTeamleader(config={}, validate_config=False, setup_mapper=False)
    entries: dict[str, Any] = json.loads(tap.catalog_json_text)
    return {entry["tap_stream_id"]: entry for entry in entries["streams"]}


def test_the_streams_come_in_the_order_in_which_they_are_read(catalog: dict[str, Any]) -> None:
    assert list(catalog) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_catalog_entry(catalog: dict[str, Any], name: str, snapshot: SnapshotAssertion) -> None:
    assert catalog[name] == snapshot(name=name, extension_class=JSONSnapshotExtension)


def untyped(schema: dict[str, Any], path: str = "") -> list[str]:
    found = [] if "type" in schema else [path]
    for name, inner in schema.get("properties", {}).items():
        found += untyped(inner, f"{path}.{name}")
    if "items" in schema:
        found += untyped(schema["items"], f"{path}[]")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_property_is_typed(catalog: dict[str, Any], name: str) -> None:
    assert untyped(catalog[name]["schema"]) == []


@pytest.mark.parametrize("name", ["companies", "contacts", "invoices", "credit_notes"])
def test_what_changes_is_read_by_its_changes(catalog: dict[str, Any], name: str) -> None:
    entry = catalog[name]
    assert (entry["key_properties"], entry["replication_key"], entry["replication_method"]) == (
        ["id"],
        "updated_at",
        "INCREMENTAL",
    )
