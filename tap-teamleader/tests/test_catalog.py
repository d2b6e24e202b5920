"""The catalog: each schema is the file in `schemas/`; what identifies a record and tells its change stands here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tap_teamleader import schemas
from tap_teamleader.tap import TapTeamleader

SCHEMAS = Path(schemas.__file__).parent
REPLICATION_KEYS = {
    "departments": None,
    "tax_rates": None,
    "product_categories": None,
    "payment_terms": None,
    "deleted_documents": "noticed_at",
    "companies": "updated_at",
    "contacts": "updated_at",
    "invoices": "updated_at",
    "credit_notes": "updated_at",
    "subscriptions": None,
}
"""Stream, in the order in which they are read -> what a change is known by; None reads the whole list every time."""


@pytest.fixture(scope="module")
def catalog() -> dict[str, Any]:
    tap = TapTeamleader(config={}, validate_config=False, setup_mapper=False)
    entries: dict[str, Any] = json.loads(tap.catalog_json_text)
    return {entry["tap_stream_id"]: entry for entry in entries["streams"]}


def test_the_streams_come_in_the_order_in_which_they_are_read(catalog: dict[str, Any]) -> None:
    assert list(catalog) == list(REPLICATION_KEYS)


def test_every_schema_file_is_the_schema_of_a_stream_as_it_stands(catalog: dict[str, Any]) -> None:
    files = {path.stem: json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob("*.json")}
    assert {name: entry["schema"] for name, entry in catalog.items()} == files


@pytest.mark.parametrize("name", REPLICATION_KEYS)
def test_a_stream_has_its_id_as_key_and_is_read_by_its_changes_where_teamleader_tells_them(
    catalog: dict[str, Any], name: str
) -> None:
    entry, key = catalog[name], REPLICATION_KEYS[name]
    assert (entry["key_properties"], entry.get("replication_key"), entry["replication_method"]) == (
        ["id"],
        key,
        "INCREMENTAL" if key else "FULL_TABLE",
    )


@pytest.mark.parametrize("name", REPLICATION_KEYS)
def test_a_stream_is_read_unless_left_out_and_cannot_go_without_its_keys(catalog: dict[str, Any], name: str) -> None:
    metadata = {tuple(each["breadcrumb"]): each["metadata"] for each in catalog[name]["metadata"]}
    stream = metadata.pop(())
    needed = {path[-1] for path, each in metadata.items() if each["inclusion"] == "automatic"}
    assert stream["selected-by-default"]
    assert needed == {"id", REPLICATION_KEYS[name]} - {None}


def untyped(schema: dict[str, Any], path: str = "") -> list[str]:
    found = [] if "type" in schema else [path]
    for name, inner in schema.get("properties", {}).items():
        found += untyped(inner, f"{path}.{name}")
    if "items" in schema:
        found += untyped(schema["items"], f"{path}[]")
    return found


@pytest.mark.parametrize("name", REPLICATION_KEYS)
def test_every_property_is_typed(catalog: dict[str, Any], name: str) -> None:
    assert untyped(catalog[name]["schema"]) == []
