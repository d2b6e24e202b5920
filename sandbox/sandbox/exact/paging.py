"""Which rows an answer holds, in which order, and where the next page begins (exact-online 3.2-3.3, 3.8-3.12)."""

from __future__ import annotations

import functools
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sandbox.exact import wire
from sandbox.exact.odata_filter import comparable
from sandbox.exact.odata_syntax import Literal, literal, tokens
from sandbox.exact.refusals import QuerySyntaxError
from sandbox.exact.row_writer import key_literal, reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sandbox.exact.administration import ExactState
    from sandbox.exact.entities import Entity
    from sandbox.exact.entity_table import Row
    from sandbox.exact.query_options import QueryOptions

_UNESCAPED = "$',()*"


def page_size(entity: Entity) -> int:
    """60 rows, 1 000 on bulk and sync (exact-online 3.8)."""
    return 1000 if entity.is_bulk else 60


class Order:
    """Sort order of an answer: the `$orderby` fields, then the key."""

    def __init__(self, state: ExactState, entity: Entity, orderby: tuple[tuple[str, bool], ...]) -> None:
        self._entity = entity
        self._values = [(reader(state, entity, name), descending) for name, descending in orderby]
        self._types = [entity.fields[name].type for name, _ in orderby] + [entity.fields[entity.key].type]
        self._key = reader(state, entity, entity.key)

    def rank(self, row: Row) -> tuple[Any, ...]:
        """What rows are compared by."""
        return (*(_ranked(value(row), descending) for value, descending in self._values), _ranked(self._key(row)))

    def token(self, row: Row) -> str:
        """The `$skiptoken` that stands for the place after this row: `datetime'…',guid'…'` (exact-online 3.9)."""
        values = [
            _token_literal(type_, value(row)) for type_, (value, _) in zip(self._types, self._values, strict=False)
        ]
        return ",".join([*values, key_literal(self._entity, self._key(row))])

    def key_of_token(self, token: str) -> Any:
        """The key of the row that a token was made of."""
        return self.rank_of_token(token)[-1][1]

    def rank_of_token(self, token: str) -> tuple[Any, ...]:
        """The rank of the row that a token was made of; raises QuerySyntaxError for a home-made one."""
        found = [literal_of(kind, text) for kind, text in tokens(token) if text != ","]
        if len(found) != len(self._types) or not all(
            comparable(type_, one.type) for type_, one in zip(self._types, found, strict=True)
        ):
            raise QuerySyntaxError
        directions = [descending for _, descending in self._values] + [False]
        return tuple(_ranked(one.value, descending) for one, descending in zip(found, directions, strict=True))


def literal_of(kind: str, text: str) -> Literal:
    """A literal of a skip token or a key; raises QuerySyntaxError."""
    if kind == "name":
        words = {"null": Literal("Null", None), "true": Literal("Boolean", True), "false": Literal("Boolean", False)}
        if text not in words:
            raise QuerySyntaxError
        return words[text]
    if kind == "punctuation":
        raise QuerySyntaxError
    return literal(kind, text)


@functools.total_ordering
class _Reversed:
    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reversed) and bool(self.value == other.value)

    def __lt__(self, other: _Reversed) -> bool:
        return bool(other.value < self.value)

    __hash__ = None  # type: ignore[assignment]


def _ranked(value: Any, descending: bool = False) -> Any:  # noqa: FBT001, FBT002 - the direction of one column
    rank = (value is not None, 0 if value is None else value)
    return _Reversed(rank) if descending else rank


def _token_literal(type_: str, value: Any) -> str:
    if value is None:
        return "null"
    if type_ == "DateTime":
        return f"datetime'{wire.ms_iso(value)}'"
    if type_ == "Guid":
        return f"guid'{value}'"
    if type_ == "String":
        return "'" + str(value).replace("'", "''") + "'"
    if type_ == "Boolean":
        return "true" if value else "false"
    return f"{value}L" if type_ == "Int64" else str(value)


def take_page(
    rows: Iterable[Row], accepts: Callable[[Row], bool] | None, order: Order, options: QueryOptions, entity: Entity
) -> tuple[list[Row], str | None]:
    """(rows of this answer, skip token of the next page or None).

    `rows` come in key order; without `$orderby` they already begin behind the skip token. A full page always points
    to a next one, which may turn out empty (exact-online 3.10).
    """
    chosen: Iterator[Row] = filter(accepts, rows) if accepts else iter(rows)
    if options.orderby:
        if options.skiptoken is not None:
            place = order.rank_of_token(options.skiptoken)
            chosen = (row for row in chosen if order.rank(row) > place)
        chosen = iter(sorted(chosen, key=order.rank))
    start = options.skip or 0
    size = page_size(entity)
    wanted = size if options.top is None else min(size, options.top)
    found = list(islice(chosen, start, start + wanted))
    if len(found) == size and (options.top is None or options.top > size):
        return found, order.token(found[-1])
    return found, None


def next_address(address: str, options: QueryOptions, token: str, size: int) -> str:
    """`__next`: absolute, repeats the options, carries what is left of `$top` and the token (exact-online 3.8-3.9)."""
    parts = [
        f"{name}={quote(value, safe=_UNESCAPED)}"
        for name, value in options.raw
        if name in {"$filter", "$orderby", "$select", "$expand", "$inlinecount"}
    ]
    if options.top is not None:
        parts.append(f"$top={options.top - size}")
    parts.append(f"$skiptoken={quote(token, safe=_UNESCAPED)}")
    return f"{address}?{'&'.join(parts)}"


def is_bare(options: QueryOptions, entity: Entity) -> bool:
    """Whether the rows come as `d: […]` without `results`: when `$top` fits in a page (exact-online 3.3)."""
    if options.top is None or options.count:
        return False
    size = page_size(entity)
    # One recording has `results` although `$top` is the page size: it also had `$skip=0`.
    return options.top < size or (options.top == size and options.skip is None)
