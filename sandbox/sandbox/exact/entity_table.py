"""Rows of one entity in memory, with the orders and the look-ups that the API needs quickly."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Row = dict[str, Any]
"""Fields that differ from the blank row, plus `Timestamp`, the row version of the last change (exact-online 9.2)."""


class EntityTable:
    """Rows by key. `indexes` names the fields that can be looked up without a scan."""

    def __init__(self, key: str, indexes: Iterable[str], next_version: Callable[[], int]) -> None:
        self.key = key
        self.rows: dict[Any, Row] = {}
        self.deleted: set[Any] = set()
        self._next_version = next_version
        self._sorted_keys: list[Any] = []
        self._indexes: dict[str, dict[Any, dict[Any, Row]]] = {field: defaultdict(dict) for field in indexes}
        self._changes: list[tuple[int, Any]] = []

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows.values())

    def __contains__(self, key: Any) -> bool:
        return key in self.rows

    def get(self, key: Any) -> Row | None:
        """The row with that key, if any."""
        return self.rows.get(key)

    def add(self, row: Row) -> Row:
        """Store a new row."""
        key = row[self.key]
        self.rows[key] = row
        if not self._sorted_keys or key > self._sorted_keys[-1]:
            self._sorted_keys.append(key)
        else:
            insort(self._sorted_keys, key)
        for field, index in self._indexes.items():
            index[row.get(field)][key] = row
        self.touch(row)
        return row

    def add_many(self, rows: Iterable[Row]) -> None:
        """Store many new rows: the order of their keys is made once, not row by row."""
        for row in rows:
            key = row[self.key]
            self.rows[key] = row
            for field, index in self._indexes.items():
                index[row.get(field)][key] = row
            self.touch(row)
        self._sorted_keys = sorted(self.rows)

    def change(self, row: Row, changes: Row) -> Row:
        """Merge `changes` into a stored row and give it a new row version."""
        for field, index in self._indexes.items():
            if field in changes and changes[field] != row.get(field):
                self._drop_from_index(field, row)
                index[changes[field]][row[self.key]] = row
        row.update(changes)
        self.touch(row)
        return row

    def touch(self, row: Row) -> None:
        """A new row version, without which the sync endpoints would not show the row again."""
        row["Timestamp"] = self._next_version()
        self._changes.append((row["Timestamp"], row[self.key]))

    def renumber(self) -> None:
        """New row versions for all rows, in the order they have."""
        rows = list(self.by_version())
        self._changes.clear()
        for row in rows:
            self.touch(row)

    def remove(self, row: Row) -> None:
        """Delete a row; its key is remembered as deleted."""
        key = row[self.key]
        del self.rows[key]
        del self._sorted_keys[bisect_left(self._sorted_keys, key)]
        for field in self._indexes:
            self._drop_from_index(field, row)
        self.deleted.add(key)

    def _drop_from_index(self, field: str, row: Row) -> None:
        index = self._indexes[field]
        bucket = index[row.get(field)]
        del bucket[row[self.key]]
        if not bucket:
            del index[row.get(field)]

    def find(self, field: str, value: Any) -> list[Row]:
        """Rows with that value in an indexed field, in order of arrival."""
        return list(self._indexes[field].get(value, {}).values())

    def is_indexed(self, field: str) -> bool:
        """Whether `find` works for the field."""
        return field in self._indexes

    def by_key(self, after: Any = None) -> Iterator[Row]:
        """Rows in key order (exact-online 3.12), from the first key after `after`."""
        start = bisect_right(self._sorted_keys, after) if after is not None else 0
        keys = self._sorted_keys
        return (self.rows[keys[place]] for place in range(start, len(keys)))

    def by_version(self, after: int = 0) -> Iterator[Row]:
        """Rows in the order of their last change, from the first row version above `after`.

        Finding the first costs a bisection, and so much as is read costs so much: a page does not scan the table.
        """
        if len(self._changes) > 2 * len(self.rows) + 100:
            self._changes = sorted((row["Timestamp"], key) for key, row in self.rows.items())
        start = bisect_left(self._changes, after + 1, key=lambda change: change[0])
        changes = self._changes
        for place in range(start, len(changes)):
            version, key = changes[place]
            row = self.rows.get(key)
            if row is not None and row["Timestamp"] == version:
                yield row
