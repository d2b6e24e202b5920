"""The catalog: each schema is the file in `schemas/`; what identifies a record and tells its change stands here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.contracts import contract
from tap_exactonline import schemas
from tap_exactonline.streams import STREAMS
from tap_exactonline.streams.base import EndpointStream
from tap_exactonline.tap import TapExactOnline

SCHEMAS = Path(schemas.__file__).parent
KEYS = {
    "gl_accounts": ("ID", "Timestamp"),
    "journals": ("ID", "Modified"),
    "vat_codes": ("ID", "Modified"),
    "payment_conditions": ("ID", "Modified"),
    "financial_periods": ("ID", "Modified"),
    "contacts": ("ID", "Modified"),
    "accounts": ("ID", "Timestamp"),
    "sales_entries": ("EntryID", "Modified"),
    "receivables": ("TransactionEntryID", "Timestamp"),
    "deleted": ("ID", "Timestamp"),
}
"""Stream, in the order in which they are read -> its key, and what a change is known by."""
NEVER_READ = {"BSN", "SocialSecurityNumber"}


@pytest.fixture(scope="module")
def catalog() -> dict[str, Any]:
    tap = TapExactOnline(config={}, validate_config=False, setup_mapper=False)
    entries: dict[str, Any] = json.loads(tap.catalog_json_text)
    return {entry["tap_stream_id"]: entry for entry in entries["streams"]}


def test_the_streams_come_in_the_order_in_which_they_are_read(catalog: dict[str, Any]) -> None:
    assert list(catalog) == list(KEYS)


def test_every_schema_file_is_the_schema_of_a_stream_as_it_stands(catalog: dict[str, Any]) -> None:
    files = {path.stem: json.loads(path.read_text("utf-8")) for path in SCHEMAS.glob("*.json")}
    assert {name: entry["schema"] for name, entry in catalog.items()} == files


@pytest.mark.parametrize("name", KEYS)
def test_every_stream_is_read_by_what_changed(catalog: dict[str, Any], name: str) -> None:
    entry, (key, replication_key) = catalog[name], KEYS[name]
    assert (entry["key_properties"], entry["replication_key"], entry["replication_method"]) == (
        [key],
        replication_key,
        "INCREMENTAL",
    )


@pytest.mark.parametrize("name", KEYS)
def test_a_stream_is_read_unless_left_out_and_cannot_go_without_its_keys(catalog: dict[str, Any], name: str) -> None:
    metadata = {tuple(each["breadcrumb"]): each["metadata"] for each in catalog[name]["metadata"]}
    stream = metadata.pop(())
    needed = {path[-1] for path, each in metadata.items() if each["inclusion"] == "automatic"}
    assert stream["selected-by-default"]
    assert needed == set(KEYS[name])


def properties(schema: dict[str, Any]) -> dict[str, Any]:
    found = dict(schema.get("properties", {}))
    for inner in list(found.values()):
        found |= properties(inner.get("items", {}))
    return found


@pytest.mark.parametrize("name", KEYS)
def test_every_property_is_typed(catalog: dict[str, Any], name: str) -> None:
    assert [each for each, schema in properties(catalog[name]["schema"]).items() if "type" not in schema] == []


def test_receivables_name_nobody(catalog: dict[str, Any]) -> None:
    names = properties(catalog["receivables"]["schema"])
    assert [name for name in names if name.endswith("Name") or "Contact" in name] == []


@pytest.mark.parametrize("name", KEYS)
def test_national_identity_numbers_are_not_read(catalog: dict[str, Any], name: str) -> None:
    assert NEVER_READ.isdisjoint(properties(catalog[name]["schema"]))


@pytest.mark.parametrize("stream", [each for each in STREAMS if issubclass(each, EndpointStream)])
def test_an_endpoint_has_every_property_that_is_asked_for(
    catalog: dict[str, Any], stream: type[EndpointStream]
) -> None:
    """One unknown name fails the whole call."""
    fields = contract("exact")[stream.path]["fields"]
    assert catalog[stream.name]["schema"]["properties"].keys() <= fields.keys()
