"""Rejects: records that could not be written, with the reason and the record itself, until they are solved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import and_, delete, func, insert, select, update

from connector_store.audit import write_audit
from connector_store.columns import utc_now
from connector_store.schema import rejects

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection, RowMapping

    from connector_store.encryption import Cipher
    from connector_store.engine import Database

Status = Literal["rejected", "waiting", "unknown"]

PAGE = 50

_described = [column for column in rejects.c if column.name not in {"id", "division", "payload"}]


@dataclass(frozen=True)
class Reject:
    """One row per division, kind and source id. Moments are UTC; `amount` is gross, in `currency`, VAT included."""

    kind: str
    source_id: str
    number: str | None
    status: Status
    code: str
    """The stable identifier of the reason, such as `vat_code_unmapped`."""
    reason: str
    hint: str
    payload: dict[str, Any] | None
    """The record as it came in (Decimal amounts), None when there was none to keep, or in a list."""
    attempts: int
    first_at: datetime
    last_at: datetime
    amount: Decimal | None
    currency: str | None


class Rejects:
    """The rejects of one division. Every verb is one transaction with its audit line, on disk when it returns."""

    def __init__(self, database: Database, cipher: Cipher, division: int) -> None:
        self._database = database
        self._cipher = cipher
        self._division = division

    def put(  # noqa: PLR0913
        self,
        kind: str,
        source_id: str,
        *,
        code: str,
        reason: str,
        hint: str,
        payload: dict[str, Any] | None,
        status: Status = "rejected",
        number: str | None = None,
        amount: Decimal | None = None,
        currency: str | None = None,
    ) -> None:
        """Keep a record that could not be written, or once more could not.

        The first moment is kept and the attempts are counted. A payload replaces the older one; without one, and for
        a number, amount or currency that is None, the older one stays.
        """
        moment = utc_now()
        values: dict[str, Any] = {"status": status, "code": code, "reason": reason, "hint": hint, "last_at": moment}
        known = {"number": number, "amount": amount, "currency": currency}
        values |= {name: value for name, value in known.items() if value is not None}
        if payload is not None:
            values["payload"] = self._cipher.seal(payload)
        mine = _is(self._division, kind, source_id)
        with self._database.writing(f"{self._division} {kind} {source_id}") as connection:
            again = update(rejects).where(mine).values(attempts=rejects.c.attempts + 1, **values)
            if connection.execute(again).rowcount == 0:
                key = {"division": self._division, "kind": kind, "source_id": source_id}
                connection.execute(insert(rejects).values(**key, attempts=1, first_at=moment, **values))
            # Reasons may quote the document; the trail, which is never emptied, only gets the code.
            told = {"status": status, "code": code, **known}
            _tell(connection, "reject.put", self._division, kind, source_id, told)

    def get(self, kind: str, source_id: str) -> Reject | None:
        """Return the reject of a document with its payload."""
        query = select(*_described, rejects.c.payload).where(_is(self._division, kind, source_id))
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else self._reject(row)

    def pending(self, kinds: Collection[str] | None = None) -> Iterator[Reject]:
        """Yield the rejects (of these kinds) with their payloads, oldest first, one in memory at a time.

        Each of those that are there at the start comes at most once, whatever is put or resolved meanwhile.
        """
        seen = 0
        last = self._last()
        while page := self._ids(kinds, after=seen, last=last):
            for seen in page:
                query = select(*_described, rejects.c.payload).where(rejects.c.id == seen)
                with self._database.reading() as connection:
                    row = connection.execute(query).mappings().one_or_none()
                if row is not None:
                    yield self._reject(row)

    def all(self) -> list[Reject]:
        """Return all rejects, oldest first, without their payloads (`get` has them)."""
        query = select(*_described).where(rejects.c.division == self._division).order_by(rejects.c.id)
        with self._database.reading() as connection:
            return [Reject(**row, payload=None) for row in connection.execute(query).mappings()]

    def resolve(self, kind: str, source_id: str) -> bool:
        """Forget the reject of a document, because it is solved; return whether there was one."""
        with self._database.writing(f"{self._division} {kind} {source_id}") as connection:
            return resolve_reject(connection, self._division, kind, source_id, why="resolved")

    def count(self) -> dict[str, int]:
        """Return how many rejects there are per status."""
        query = select(rejects.c.status, func.count().label("total")).where(rejects.c.division == self._division)
        with self._database.reading() as connection:
            return {row.status: row.total for row in connection.execute(query.group_by(rejects.c.status))}

    def _last(self) -> int:
        query = select(func.max(rejects.c.id)).where(rejects.c.division == self._division)
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def _ids(self, kinds: Collection[str] | None, *, after: int, last: int) -> list[int]:
        query = select(rejects.c.id).where(
            rejects.c.division == self._division, rejects.c.id > after, rejects.c.id <= last
        )
        if kinds is not None:
            query = query.where(rejects.c.kind.in_(kinds))
        with self._database.reading() as connection:
            return list(connection.scalars(query.order_by(rejects.c.id).limit(PAGE)))

    def _reject(self, row: RowMapping) -> Reject:
        sealed: bytes | None = row["payload"]
        return Reject(**{**row, "payload": None if sealed is None else self._cipher.open(sealed)})


def resolve_reject(connection: Connection, division: int, kind: str, source_id: str, *, why: str) -> bool:
    """Forget a reject within the transaction of what solved it; return whether there was one."""
    if connection.execute(delete(rejects).where(_is(division, kind, source_id))).rowcount == 0:
        return False
    _tell(connection, "reject.resolved", division, kind, source_id, {"why": why})
    return True


def _is(division: int, kind: str, source_id: str) -> ColumnElement[bool]:
    return and_(rejects.c.division == division, rejects.c.kind == kind, rejects.c.source_id == source_id)


def _tell(connection: Connection, event: str, division: int, kind: str, source_id: str, detail: dict[str, Any]) -> None:
    write_audit(connection, event, division=division, kind=kind, source_id=source_id, detail=detail)
