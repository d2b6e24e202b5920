"""From a stream's schema: what Exact is asked for, and how its values become those of a record."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from exactonline_api import dates
from tap_exactonline import wall_clock

Schema = Mapping[str, Any]
Convert = Callable[[Any], Any]

CENT: Final = Decimal("0.01")


def cents(value: Decimal | float) -> Decimal:
    """Round an amount: Exact's doubles show noise such as 38.980000000000004 (exact-online 3.22)."""
    return Decimal(value).quantize(CENT, ROUND_HALF_UP)


def day(notation: str) -> str:
    """Write a date-only field as `2026-06-25` (exact-online 3.19)."""
    return dates.to_date(notation).isoformat()


def converter(properties: Schema) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return a function that makes a record of a row (as the client gives it): known properties, in the schema's types.

    Days become `2026-06-25`, moments UTC, long integers numbers, bits true or false; amounts are rounded to the cent.
    Null stays null.
    """
    converts = {name: _convert(name, schema) for name, schema in properties.items()}

    def record(row: Mapping[str, Any]) -> dict[str, Any]:
        made = {}
        for name, value in row.items():
            convert = converts.get(name, _UNKNOWN)
            if convert is not _UNKNOWN:
                made[name] = value if value is None or convert is None else convert(value)
        return made

    return record


def _unknown(value: object) -> object:
    return value


_UNKNOWN: Final = _unknown


def _convert(name: str, schema: Schema) -> Convert | None:
    if "array" in schema["type"]:
        record = converter(schema["items"]["properties"])
        return lambda rows: [record(row) for row in rows]
    if "integer" in schema["type"]:
        return int
    if "number" in schema["type"]:
        return cents if "Amount" in name else None
    if "boolean" in schema["type"]:
        return bool
    return {"date": day, "date-time": wall_clock.utc}.get(schema.get("format", ""))
