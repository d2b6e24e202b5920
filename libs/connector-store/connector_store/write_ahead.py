"""The protocol of every write to another system: said before it is sent, and again when its outcome is known.

`intend` is on disk before anything is sent; `progress` notes how far it came; `confirm` says that it was done,
`withdraw` that it was not. What is left between the two is what a run that was cut off has to look up.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeVar

from sqlalchemy import delete, insert, select, tuple_, update

from connector_store.audit import write_audit
from connector_store.columns import utc_now
from connector_store.errors import StoreError
from connector_store.prepared import key_of, keyed
from connector_store.rejects import resolve_reject

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from sqlalchemy import ColumnElement, Delete, Insert, Select, Table, Update
    from sqlalchemy.engine import Connection, RowMapping

    from connector_store.engine import Database

PAGE = 500

Row = TypeVar("Row")


@dataclass(frozen=True)
class Key:
    """What a row is about: its kind, and the id at the source."""

    kind: str
    id: str


@dataclass(frozen=True)
class Change:
    """What a verb does to a row."""

    event: str
    """Of the audit trail."""
    told: Mapping[str, Any] = field(default_factory=dict)
    """Detail of the event."""
    values: Mapping[str, Any] | None = field(default_factory=dict)
    """Columns to set; None deletes the row."""
    solved: str | None = None
    """Why the reject of the same thing goes, None when it stays."""
    also: Callable[[Connection], None] | None = None
    """What belongs in the same transaction."""


class _Statements(NamedTuple):
    """Those of one table, by the key of a row."""

    find: Select[Any]
    change: Update
    add: Insert
    remove: Delete

    @classmethod
    @cache
    def of(cls, table: Table, id_column: str) -> _Statements:
        columns = ("division", "kind", id_column) if "kind" in table.c else ("division", id_column)
        mine = key_of(table, *columns)
        return cls(select(table).where(mine), update(table).where(mine), insert(table), delete(table).where(mine))


class WriteAhead(ABC, Generic[Row]):
    """The rows of one division. Every verb is one transaction with its audit line, on disk when it returns.

    Within `ConnectorStore.gathering` it is on disk when `settle` returns.
    """

    table: ClassVar[Table]
    id_column: ClassVar[str]
    noun: ClassVar[str]
    """What a person calls a row."""

    def __init__(self, database: Database, division: int) -> None:
        self._database = database
        self._division = division
        self._statements = _Statements.of(self.table, self.id_column)

    @abstractmethod
    def _row(self, row: RowMapping) -> Row:
        """Return a row of the table as a value."""

    def _write(self, key: Key, decide: Callable[[Row | None], Change | None], *, before_sending: bool = False) -> bool:
        """Do what `decide` makes of the row there is, in one transaction; return whether it asked for a change.

        Raises:
            StoreUnavailableError: the database fails, or, before sending, it took away a lock this process holds.
        """
        if before_sending:
            self._database.verify_locks()
        with self._database.noting(f"{self._division} {key.kind} {key.id}") as connection:
            change = decide(self._find(connection, key))
            if change is None:
                return False
            if change.values is None:
                connection.execute(self._statements.remove, self._mine(key))
            else:
                self._put(connection, key, change.values)
            named = {"division": self._division, "kind": key.kind, "source_id": key.id}
            write_audit(connection, change.event, **named, detail=change.told)  # type: ignore[arg-type]
            if change.solved is not None:
                resolve_reject(connection, self._division, key.kind, key.id, why=change.solved)
            if change.also is not None:
                change.also(connection)
            return True

    def _known(self, row: Row | None, key: Key) -> Row:
        """Return a row that has to be there.

        Raises:
            StoreError: it is not.
        """
        if row is None:
            raise StoreError(f"The store knows no {self.noun} of {key.kind} {key.id} in division {self._division}")
        return row

    def _put(self, connection: Connection, key: Key, values: Mapping[str, Any]) -> None:
        moment = utc_now()
        changed = {**self._mine(key), "updated_at": moment, **values}
        if connection.execute(self._statements.change, changed).rowcount == 0:
            new = {"created_at": moment, "updated_at": moment, **self._named(key), **values}
            connection.execute(self._statements.add, new)

    def _find(self, connection: Connection, key: Key) -> Row | None:
        row = connection.execute(self._statements.find, self._mine(key)).mappings().one_or_none()
        return None if row is None else self._row(row)

    def _get(self, key: Key) -> Row | None:
        with self._database.reading() as connection:
            return self._find(connection, key)

    def _select(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        return select(self.table).where(self.table.c.division == self._division, *conditions)

    def _read(self, query: Select[Any]) -> list[Row]:
        with self._database.reading() as connection:
            return [self._row(row) for row in connection.execute(query).mappings()]

    def _among(self, query: Select[Any], column: ColumnElement[Any], values: Collection[str]) -> Iterator[Row]:
        """Yield the rows whose column holds one of many values."""
        wanted = sorted(set(values))
        for start in range(0, len(wanted), PAGE):
            yield from self._read(query.where(column.in_(wanted[start : start + PAGE])))

    def all(self) -> Iterator[Row]:
        """Yield every row in the order of its key, read in pages."""
        names = [*(["kind"] if "kind" in self.table.c else []), self.id_column]
        columns = [self.table.c[name] for name in names]
        query = self._select().order_by(*columns).limit(PAGE)
        following = query
        while True:
            with self._database.reading() as connection:
                page = connection.execute(following).mappings().all()
            if not page:
                return
            yield from (self._row(row) for row in page)
            following = query.where(tuple_(*columns) > tuple(page[-1][name] for name in names))

    def _mine(self, key: Key) -> dict[str, Any]:
        return keyed(**self._named(key))

    def _named(self, key: Key) -> dict[str, Any]:
        named = {"division": self._division, self.id_column: key.id}
        return {**named, "kind": key.kind} if "kind" in self.table.c else named
