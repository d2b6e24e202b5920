"""Rows as JSON objects: chosen fields in wire form, `__metadata`, links to other rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.exact import wire
from sandbox.exact.blanks import BLANKS, common
from sandbox.exact.derived import DERIVED
from sandbox.exact.entities import ENTITIES, EXPANDABLE, Entity
from sandbox.exact.float_noise import FLOAT_SUMS
from sandbox.exact.receivable_views import RECEIVABLE_FIELDS, TERM_FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

    Value = Callable[[Row], Any]

_DERIVED = {
    **DERIVED,
    "cashflow/Receivables": RECEIVABLE_FIELDS,
    "sync/Cashflow/PaymentTerms": TERM_FIELDS,
}


def reader(state: ExactState, entity: Entity, name: str) -> Value:
    """A function that gives the inside value of one field of a row."""
    columns = state.columns.setdefault(entity.path, {})
    if name not in columns:
        columns[name] = _reader(state, entity, name)
    return columns[name]


def _reader(state: ExactState, entity: Entity, name: str) -> Value:
    derive = _DERIVED.get(entity.path, {}).get(name) or _DERIVED.get(entity.base, {}).get(name)
    if derive is not None:
        return lambda row: derive(state, row)
    blank = BLANKS.get(entity.base, {}).get(name, common(state.division, state.user_id, state.user_name).get(name))
    return lambda row: row.get(name, blank)


def key_literal(entity: Entity, key: Any) -> str:
    """The key as it stands between the brackets of a row's address."""
    type_ = entity.fields[entity.key].type
    if type_ == "Guid":
        return f"guid'{key}'"
    if type_ == "Int64":
        return f"{key}L"
    return f"'{key}'" if type_ == "String" else str(key)


class RowWriter:
    """Makes the JSON objects of one answer.

    `base_url` is the address of the division (`http://…/api/v1/123456`); `select` names the fields, None means all.
    """

    def __init__(
        self,
        state: ExactState,
        entity: Entity,
        base_url: str,
        select: Iterable[str] | None = None,
        expand: Iterable[str] = (),
    ) -> None:
        self._state = state
        self._entity = entity
        self._base_url = base_url
        self._expand = frozenset(expand)
        names = entity.fields if select is None else dict.fromkeys(select)
        self._links = [name for name in names if entity.fields[name].is_navigation]
        self._key = reader(state, entity, entity.key)
        self._columns = [
            (name, entity.fields[name].type, self._column(name))
            for name in names
            if not entity.fields[name].is_navigation
        ]
        self._links += [name for name in self._expand if name not in self._links]

    def _column(self, name: str) -> Value:
        noisy = FLOAT_SUMS.get((self._entity.path, name)) if self._state.options.float_noise else None
        if noisy is not None:
            return lambda row: noisy(self._state, row)
        return reader(self._state, self._entity, name)

    def address(self, row: Row) -> str:
        """The absolute address of a row."""
        return f"{self._base_url}/{self._entity.path}({key_literal(self._entity, self._key(row))})"

    def bare(self, row: Row) -> dict[str, Any]:
        """`__metadata` and links only: what an answer without representation still says (exact-online 3.27)."""
        uri = self.address(row)
        links = {name: self._link(name, row, uri) for name in self._links}
        return {"__metadata": {"uri": uri, "type": self._entity.model}, **links}

    def write(self, row: Row) -> dict[str, Any]:
        """The row as a JSON object."""
        written = self.bare(row)
        for name, type_, value in self._columns:
            written[name] = None if type_ == "Binary" else wire.to_wire(type_, value(row))
        return written

    def _link(self, name: str, row: Row, uri: str) -> dict[str, Any]:
        if name not in self._expand:
            return {"__deferred": {"uri": f"{uri}/{name}"}}
        return {"results": self.children(name, row)}

    def children(self, name: str, row: Row) -> list[dict[str, Any]]:
        """The rows behind a navigation property."""
        path, reference = EXPANDABLE.get((self._entity.base, name), (None, ""))
        if path is None:
            return []
        entity = ENTITIES[path]
        writer = RowWriter(self._state, entity, self._base_url)
        return [writer.write(child) for child in child_rows(self._state, path, reference, self._key(row))]


def child_rows(state: ExactState, path: str, reference: str, parent: Any) -> list[Row]:
    """Rows that point to a parent, lines in the order of their numbers."""
    return sorted(state[path].find(reference, parent), key=lambda row: row.get("LineNumber", 0))
