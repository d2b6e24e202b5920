"""The catalog: every change of a schema is seen by a person."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from syrupy.extensions.json import JSONSnapshotExtension

from tap_exactonline.streams import STREAMS
from tap_exactonline.streams.base import EndpointStream
from tap_exactonline.tap import TapExactOnline

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

CONTRACT = Path(__file__).parents[3] / "shared" / "contracts" / "exact-entities.json"
NAMES = [
    "gl_accounts",
    "journals",
    "vat_codes",
    "payment_conditions",
    "financial_periods",
    "accounts",
    "contacts",
    "sales_entries",
    "receivables",
    "deleted",
]
BY_VERSION = {"gl_accounts", "accounts", "receivables", "deleted"}
KEYS = {"receivables": "TransactionEntryID", "sales_entries": "EntryID"}
NEVER_READ = {"BSN", "SocialSecurityNumber"}


@pytest.fixture(scope="module")
def catalog() -> dict[str, Any]:
    tap = TapExactOnline(config={}, validate_config=False, setup_mapper=False)
    entries: dict[str, Any] = json.loads(tap.catalog_json_text)
    return {entry["tap_stream_id"]: entry for entry in entries["streams"]}


def test_the_streams_come_in_the_order_in_which_they_are_read(catalog: dict[str, Any]) -> None:
    assert list(catalog) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_catalog_entry(catalog: dict[str, Any], name: str, snapshot: SnapshotAssertion) -> None:
    assert catalog[name] == snapshot(name=name, extension_class=JSONSnapshotExtension)


@pytest.mark.parametrize("name", NAMES)
def test_every_stream_is_read_by_what_changed(catalog: dict[str, Any], name: str) -> None:
    entry = catalog[name]
    assert (entry["key_properties"], entry["replication_key"], entry["replication_method"]) == (
        [KEYS.get(name, "ID")],
        "Timestamp" if name in BY_VERSION else "Modified",
        "INCREMENTAL",
    )


def properties(schema: dict[str, Any]) -> dict[str, Any]:
    found = dict(schema.get("properties", {}))
    for inner in list(found.values()):
        found |= properties(inner.get("items", {}))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_property_is_typed(catalog: dict[str, Any], name: str) -> None:
    assert [each for each, schema in properties(catalog[name]["schema"]).items() if "type" not in schema] == []


def test_receivables_name_nobody(catalog: dict[str, Any]) -> None:
    names = properties(catalog["receivables"]["schema"])
    assert [name for name in names if name.endswith("Name") or "Contact" in name] == []


@pytest.mark.parametrize("name", NAMES)
def test_national_identity_numbers_are_not_read(catalog: dict[str, Any], name: str) -> None:
    assert NEVER_READ.isdisjoint(properties(catalog[name]["schema"]))


@pytest.mark.parametrize("stream", [each for each in STREAMS if issubclass(each, EndpointStream)])
def test_an_endpoint_has_every_property_that_is_asked_for(
    catalog: dict[str, Any], stream: type[EndpointStream]
) -> None:
    """One unknown name fails the whole call."""
    if not CONTRACT.is_file():
        pytest.skip("the vendor's reference is not beside this checkout")
    fields = json.loads(CONTRACT.read_text("utf-8"))[stream.path]["fields"]
    assert catalog[stream.name]["schema"]["properties"].keys() <= fields.keys()
