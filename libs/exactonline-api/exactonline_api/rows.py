"""Rows as a program wants them: no padding, no zero ids, no plumbing (exact-online 3.2-3.6, 3.23, 3.24)."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]

ZERO_GUID = "00000000-0000-0000-0000-000000000000"


def rows_of(data: Any) -> list[Row]:  # noqa: ANN401 - whatever JSON holds
    """Return the rows of a value of `d`: a list, an object with `results`, or one row."""
    if isinstance(data, dict):
        data = data.get("results", [data])
    return [normalised(row) for row in data]


def normalised(row: Row) -> Row:
    """Strip texts, make zero ids None, drop `__metadata` and what was not expanded; expanded rows become a list.

    Times stay in Exact's notation: only the caller knows which of the two kinds a field is (see `dates`).
    """
    return {name: _value(value) for name, value in row.items() if name != "__metadata" and not _is_deferred(value)}


def _value(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, str):
        stripped = value.strip()
        return None if stripped == ZERO_GUID else stripped
    if isinstance(value, list) or (isinstance(value, dict) and "results" in value):
        return rows_of(value)
    return normalised(value) if isinstance(value, dict) else value


def _is_deferred(value: object) -> bool:
    return isinstance(value, dict) and "__deferred" in value
