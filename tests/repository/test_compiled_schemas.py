"""A compiled schema of a target finds the same faults as the whole check."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector_testing.project import ROOT
from singer_shell.validation import InputSchemas

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGES = {"target_exactonline": "target-exactonline", "target_teamleader": "target-teamleader"}
STREAMS = [
    (package, path.stem)
    for package, folder in PACKAGES.items()
    for path in sorted((ROOT / folder / package / "schemas").glob("*.json"))
]
WRONG: tuple[Any, ...] = (
    *(None, True, "", "x", "2026-02-30", "2026-02-28", 0, 1, -1, 1.0, 0.5),
    *(Decimal(1), Decimal("0.10"), Decimal("1e30"), Decimal("1e-90"), Decimal("NaN"), [], [{}], {}, "x" * 300),
)


def example(schema: dict[str, Any], whole: dict[str, Any]) -> Any:
    """Make a value with all that a schema names, as far as its keywords tell."""
    if "$ref" in schema:
        return example(whole["$defs"][schema["$ref"].rpartition("/")[2]], whole)
    if "enum" in schema:
        return schema["enum"][0]
    types = schema.get("type", "object")
    kind = types if isinstance(types, str) else types[0]
    if kind == "object":
        return {name: example(inner, whole) for name, inner in schema.get("properties", {}).items()}
    if kind == "array":
        return [example(schema.get("items", {}), whole)]
    text = "2026-02-28" if schema.get("format") == "date" else "AB"
    values = {"string": text, "number": Decimal("1.50"), "integer": 1}
    return values.get(kind, True)


def changed(value: Any) -> Iterator[Any]:
    """Yield a value with each of its parts left out or replaced by each of the wrong ones."""
    yield from WRONG
    if isinstance(value, dict):
        for name in value:
            yield {other: each for other, each in value.items() if other != name}
            for inner in changed(value[name]):
                yield {**value, name: inner}
    elif isinstance(value, list):
        for inner in changed(value[0]):
            yield [inner]


@pytest.mark.parametrize(("package", "stream"), STREAMS)
def test_a_compiled_schema_finds_what_the_whole_check_finds(package: str, stream: str) -> None:
    whole, compiled = InputSchemas(package), InputSchemas(package, compiled_after=0)
    schema = whole.schema(stream)
    record = example(schema, schema)
    for each in [record, *changed(record)]:
        if isinstance(each, dict):
            told = compiled.fault(stream, copy.deepcopy(each))
            assert told == whole.fault(stream, each), each
