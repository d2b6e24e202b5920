"""Statements made once: to build one takes longer than to run it.

A row is found by its key, whose values are bound when the statement runs; the columns to write are those of the row
that it is given:

    _FIND = select(things).where(key_of(things, "division", "id"))
    connection.execute(_FIND, keyed(division=1, id="a"))
    connection.execute(update(things).where(key_of(things, "id")), {**keyed(id="a"), "state": "done"})
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Table


def key_of(table: Table, *columns: str) -> ColumnElement[bool]:
    """Return the condition that these columns are those of `keyed`."""
    return and_(*(table.c[name] == bindparam(f"key_{name}") for name in columns))


def keyed(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - values of columns
    """Return the key for a statement made with `key_of`: under names that no column to write has."""
    return {f"key_{name}": value for name, value in values.items()}
