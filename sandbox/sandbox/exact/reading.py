"""GET: lists, single rows, rows behind a row, counts."""

from __future__ import annotations

from heapq import merge
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sandbox.exact import wire
from sandbox.exact.administration import PAYABLES
from sandbox.exact.entities import BULK_FILTERS, ENTITIES, EXPANDABLE, SELECT_OBLIGATORY, Entity
from sandbox.exact.odata_filter import Filter, lookups
from sandbox.exact.odata_syntax import Comparison, Junction, Literal, Node, Property
from sandbox.exact.paging import Order, is_bare, next_address, page_size, take_page
from sandbox.exact.query_options import QueryOptions, read_options
from sandbox.exact.refusals import BadRequest, BusinessRefusal, Forbidden, NotFound, QuerySyntaxError
from sandbox.exact.row_writer import RowWriter, child_rows, reader

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

DELETIONS_KEPT_DAYS = 61
"""What was deleted longer ago, two months, sync/Deleted does not tell any more (exact-online 9.3)."""

_NO_SELECT = "Please add a $select or a $top=1 statement to the query string."


def read_list(state: ExactState, entity: Entity, base_url: str, query: str) -> Any:
    """The value of `d` for a list: `{"results": …, "__next": …}`, or the bare rows (exact-online 3.3)."""
    options = read_options(query, entity)
    if entity.path in SELECT_OBLIGATORY and options.select is None and options.top != 1:
        raise BadRequest(_NO_SELECT)  # exact-online 3.13
    filter_ = _filter(state, entity, options)
    order = Order(state, entity, options.orderby)
    after = None
    if options.skiptoken is not None and not options.orderby:
        after = order.key_of_token(options.skiptoken)
    rows, token = take_page(
        _source(state, entity, filter_, after), filter_.accepts if filter_ else None, order, options, entity
    )
    if entity.path.startswith("sync/"):
        # No order is promised (exact-online 9.2): the highest row version of a page is rarely its last.
        rows = sorted(rows, key=itemgetter(state[entity.base].key))
    writer = RowWriter(state, entity, base_url, options.select, options.expand)
    written = [writer.write(row) for row in rows]
    if is_bare(options, entity):
        return written
    answer: dict[str, Any] = {"results": written}
    if options.count:
        answer["__count"] = str(_count(state, entity, filter_))
    if token is not None:
        answer["__next"] = next_address(f"{base_url}/{entity.path}", options, token, page_size(entity))
    return answer


def count(state: ExactState, entity: Entity, query: str) -> int:
    """`/$count` of the rows that the filter lets through (exact-online 3.11)."""
    if entity.is_bulk:
        raise QuerySyntaxError
    return _count(state, entity, _filter(state, entity, read_options(query, entity)))


def read_row(state: ExactState, entity: Entity, base_url: str, key: Any, query: str) -> dict[str, Any]:
    """One row by its key."""
    options = read_options(query, entity)
    return RowWriter(state, entity, base_url, options.select, options.expand).write(existing(state, entity, key))


def read_children(
    state: ExactState, entity: Entity, base_url: str, key: Any, name: str, query: str
) -> tuple[Entity, dict[str, Any]]:
    """(entity, `d`) of the rows behind a row, such as `SalesEntries(guid'…')/SalesEntryLines` (exact-online 3.6)."""
    parent = existing(state, entity, key)
    target = EXPANDABLE.get((entity.base, name))
    field = entity.fields.get(name)
    if field is None or not field.is_navigation:
        raise NotFound(name)
    if target is None:
        return entity, {"results": []}
    child = ENTITIES[target[0]]
    options = read_options(query, child)
    writer = RowWriter(state, child, base_url, options.select, options.expand)
    return child, {"results": [writer.write(row) for row in child_rows(state, *target, parent[entity.key])]}


def existing(state: ExactState, entity: Entity, key: Any) -> Row:
    """The stored row; a row that was deleted is 403, one that never was 404 (exact-online 3.29, 4.3)."""
    table = state[entity.base]
    row = table.get(key)
    if row is not None:
        return row
    if key in table.deleted:
        raise Forbidden
    raise NotFound(entity.path.rsplit("/", 1)[-1])


def key_value(entity: Entity, text: str) -> Any:
    """The key between the brackets of an address; raises BadRequest for a literal of another type."""
    type_ = entity.fields[entity.key].type
    if type_ == "Guid":
        if not (text.startswith("guid'") and text.endswith("'")):
            raise QuerySyntaxError
        try:
            return wire.guid(text[5:-1])
        except wire.ConversionError:
            raise BusinessRefusal(("guid_form",)) from None
    if type_ == "String":
        if len(text) < 2 or text[0] != "'" or text[-1] != "'":
            raise QuerySyntaxError
        return text[1:-1].replace("''", "'")
    digits = text.removesuffix("L") if type_ == "Int64" else text
    if not digits.isdecimal():
        raise QuerySyntaxError
    return int(digits)


def _filter(state: ExactState, entity: Entity, options: QueryOptions) -> Filter | None:
    if entity.path.startswith("sync/") and (options.orderby or options.skip is not None):
        raise QuerySyntaxError  # exact-online 3.11: sync knows $filter on Timestamp and $select
    if options.filter is None:
        return None
    found = Filter(options.filter, entity, lambda name: reader(state, entity, name))
    if entity.path.startswith("sync/"):
        also = {"EntityType"} if entity.path == "sync/Deleted" else set()  # exact-online 9.1
        if not found.properties() <= {"Timestamp"} | also:
            raise QuerySyntaxError
    allowed = BULK_FILTERS.get(entity.path)
    if allowed is not None and not found.properties() <= allowed:
        raise QuerySyntaxError
    return found


def _count(state: ExactState, entity: Entity, filter_: Filter | None) -> int:
    rows = _source(state, entity, filter_, None)
    return sum(1 for row in rows if filter_ is None or filter_.accepts(row))


def _source(state: ExactState, entity: Entity, filter_: Filter | None, after: Any) -> Iterable[Row]:
    """Rows that may be meant, in key order, from the first key after `after`, without those that show later."""
    rows = _all_rows(state, entity, filter_, after)
    if not state.has_late_rows or entity.path.startswith("sync/"):
        return rows
    now = state.now_ms()
    return (row for row in rows if row.get("_shown_from", now) <= now)


def _all_rows(state: ExactState, entity: Entity, filter_: Filter | None, after: Any) -> Iterable[Row]:
    table = state[entity.base]
    if entity.path.startswith("sync/"):
        return _changes(state, entity, max(_timestamp_floor(filter_.tree) if filter_ else 0, after or 0))
    if filter_ is not None:
        for name, values in lookups(filter_.tree):
            if table.is_indexed(name) or name == table.key:
                found = [row for value in values for row in _rows_with(state, entity, name, value)]
                return sorted(
                    (row for row in found if after is None or row[table.key] > after), key=lambda row: row[table.key]
                )
    return table.by_key(after)


def _changes(state: ExactState, entity: Entity, above: int) -> Iterable[Row]:
    """Rows of a sync endpoint above a row version, in the order of their versions."""
    rows = state[entity.base].by_version(above)
    if entity.path == "sync/Cashflow/PaymentTerms":  # both sides (exact-online 7.10)
        return merge(rows, state[PAYABLES].by_version(above), key=itemgetter("Timestamp"))
    if entity.path == "sync/Deleted":
        kept_from = state.now_ms() - DELETIONS_KEPT_DAYS * wire.DAY_MS
        return (row for row in rows if row["DeletedDate"] >= kept_from)
    return rows


def _rows_with(state: ExactState, entity: Entity, name: str, value: Any) -> list[Row]:
    table = state[entity.base]
    if name != table.key:
        return table.find(name, value)
    row = table.get(value)
    return [] if row is None else [row]


def _timestamp_floor(tree: Node) -> int:
    """The row version that `Timestamp gt n` excludes, so that older rows need not be looked at."""
    parts = tree.operands if isinstance(tree, Junction) and tree.word == "and" else (tree,)
    for part in parts:
        if (
            isinstance(part, Comparison)
            and part.operator == "gt"
            and part.left == Property("Timestamp")
            and isinstance(part.right, Literal)
        ):
            return int(part.right.value)
    return 0
