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
    made: Row = {}
    for name, value in row.items():
        # Most are texts, of hundreds of thousands of rows: no call for each.
        if name == "__metadata":
            continue
        if isinstance(value, str):
            stripped = value.strip()
            made[name] = None if stripped == ZERO_GUID else stripped
        elif not isinstance(value, dict | list):
            made[name] = value
        elif "__deferred" not in value:
            made[name] = rows_of(value) if isinstance(value, list) or "results" in value else normalised(value)
    return made
