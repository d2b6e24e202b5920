"""Rejects: records that could not be written, with the reason and the record itself, until they are solved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, delete, func, insert, or_, select, update

from connector_store.audit import write_audit
from connector_store.columns import clean, utc_now
from connector_store.prepared import key_of, keyed
from connector_store.schema import rejects

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

    from connector_store.encryption import Cipher
    from connector_store.engine import Database

PAGE = 50

BACKOFF: Final = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
"""How long what was refused so many times rests, so that it never uses up what an API allows in errors."""

EXCLUDED_CODE: Final = "left_out"
"""Code of what a person left out."""

UNREADABLE: Final = "What is kept of it cannot be opened: the key of the store is another one, or it is damaged"
"""Reason of a reject that was sealed with another key."""
UNREADABLE_HINT: Final = (
    "Put the key of the store back, or log in again where a run says so: all is then read from the source again."
)

_described = [column for column in rejects.c if column.name not in {"id", "division", "payload"}]
_THIS: Final = key_of(rejects, "division", "kind", "source_id")
_FIND: Final = select(*_described, rejects.c.payload).where(_THIS)
_FORGET: Final = delete(rejects).where(_THIS)


class Status(StrEnum):
    """Whose turn it is."""

    REJECTED = "rejected"
    """A person has to do something."""
    WAITING = "waiting"
    """It follows by itself."""
    UNKNOWN = "unknown"
    """It was sent and its outcome is not known yet."""
    EXCLUDED = "excluded"
    """A person left it out."""


def next_try(attempts: int, now: datetime) -> datetime:
    """Return when to try again what was refused `attempts` times, the last time now."""
    return now + BACKOFF[min(max(attempts, 1), len(BACKOFF)) - 1]


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
    """The record as it came in (Decimal amounts), None when there was none to keep or it cannot be opened, or in a
    list."""
    attempts: int
    first_at: datetime
    last_at: datetime
    amount: Decimal | None
    currency: str | None
    not_before: datetime | None = None
    """When the next try is due; None is at once."""
    decided_by: str | None = None
    """Who left it out; the reason then says why."""

    @property
    def is_readable(self) -> bool:
        """Whether what is kept of it can be opened."""
        return self.reason != UNREADABLE

    def is_due(self, now: datetime) -> bool:
        """Tell whether it may be tried again."""
        return self.status is not Status.EXCLUDED and (self.not_before is None or self.not_before <= now)


class Rejects:
    """The rejects of one division. Every verb is one transaction with its audit line, on disk when it returns."""

    def __init__(self, database: Database, cipher: Cipher, division: int) -> None:
        self._database = database
        self._cipher = cipher
        self._division = division

    def put(  # noqa: PLR0913 - everything that is known of a document
        self,
        kind: str,
        source_id: str,
        *,
        code: str,
        reason: str,
        hint: str,
        payload: dict[str, Any] | None,
        status: Status = Status.REJECTED,
        number: str | None = None,
        amount: Decimal | None = None,
        currency: str | None = None,
        not_before: datetime | None = None,
        backs_off: bool = False,
    ) -> None:
        """Keep a record that could not be written, or once more could not.

        The first moment is kept and the attempts are counted. A payload replaces the older one; without one, and for
        a number, amount or currency that is None, the older one stays. What a person left out stays left out: only its
        payload and facts are renewed. With `backs_off` the next try follows `BACKOFF`, by the attempts with this code.
        """
        moment = utc_now()
        told: dict[str, Any] = {"status": status, "code": code, "hint": hint, "not_before": not_before}
        told |= {"reason": "", "sealed_reason": self._cipher.seal_text(clean(reason))}
        facts: dict[str, Any] = {"number": number, "amount": amount, "currency": currency}
        known = {name: value for name, value in facts.items() if value is not None}
        if payload is not None:
            known["payload"] = self._cipher.seal(payload)
        mine = _is(self._division, kind, source_id)
        with self._writing(kind, source_id) as connection:
            if backs_off:
                same = connection.scalar(select(rejects.c.attempts).where(mine, rejects.c.code == code))
                not_before = told["not_before"] = next_try((same or 0) + 1, moment)
            left_out = update(rejects).where(mine, rejects.c.status == Status.EXCLUDED).values(last_at=moment, **known)
            if connection.execute(left_out).rowcount:
                return
            before = connection.execute(select(rejects.c.status, rejects.c.code).where(mine)).one_or_none()
            again = update(rejects).where(mine).values(attempts=rejects.c.attempts + 1, last_at=moment, **known, **told)
            if connection.execute(again).rowcount == 0:
                self._insert(connection, kind, source_id, moment, {**known, **told})
            # The trail is never emptied: it gets the code, not the reason, which may quote the document, and nothing
            # when a run finds what the one before it found.
            if before is None or tuple(before) != (status, code):
                about = {"status": status, "code": code, **facts, "not_before": not_before}
                _tell(connection, "reject.put", self._division, kind, source_id, about)

    def try_again(self, kind: str, source_id: str, *, reason: str | None = None, hint: str | None = None) -> bool:
        """Make the next try due at once, because a person asked for it; return whether there is such a reject.

        The code stays what it is. A reason or hint that is given replaces the older one, and it then waits for the run.
        """
        values: dict[str, Any] = {"not_before": None}
        if reason is not None:
            values |= {"reason": "", "sealed_reason": self._cipher.seal_text(clean(reason)), "status": Status.WAITING}
        if hint is not None:
            values["hint"] = hint
        with self._writing(kind, source_id) as connection:
            mine = _is(self._division, kind, source_id)
            if connection.execute(update(rejects).where(mine).values(values)).rowcount == 0:
                return False
            _tell(connection, "reject.try_again", self._division, kind, source_id, {})
            return True

    def rest(self, kind: str, source_id: str, not_before: datetime) -> None:
        """Put off the next try of what was looked at and found as it was; the trail gets nothing."""
        with self._writing(kind, source_id) as connection:
            mine = and_(_is(self._division, kind, source_id), rejects.c.status != Status.EXCLUDED)
            connection.execute(update(rejects).where(mine).values(not_before=not_before))

    def wake(self, kinds: Collection[str], codes: Collection[str] | None = None) -> int:
        """Make the next try of all rejects of these kinds (and codes) due at once; return how many rested.

        What a person left out stays so.
        """
        resting = [rejects.c.division == self._division, rejects.c.kind.in_(kinds), rejects.c.not_before.is_not(None)]
        resting.append(rejects.c.status != Status.EXCLUDED)
        if codes is not None:
            resting.append(rejects.c.code.in_(codes))
        with self._database.writing(f"{self._division} rejects") as connection:
            woken = connection.execute(update(rejects).where(*resting).values(not_before=None)).rowcount
            if woken:
                detail = {"woken": woken, "codes": None if codes is None else sorted(codes)}
                write_audit(connection, "rejects.woken", division=self._division, detail=detail)
        return woken

    def codes(self, kinds: Collection[str]) -> set[str]:
        """Return the codes of the rejects of these kinds; those of what a person left out do not count."""
        query = select(rejects.c.code).where(
            rejects.c.division == self._division, rejects.c.kind.in_(kinds), rejects.c.status != Status.EXCLUDED
        )
        with self._database.reading() as connection:
            return set(connection.scalars(query.distinct()))

    def leave_out(self, kind: str, source_id: str, *, who: str, why: str, number: str | None = None) -> None:
        """Leave a document out, because a person decided so: no run writes it until `take_in`. Its payload stays."""
        moment = utc_now()
        values: dict[str, Any] = {"status": Status.EXCLUDED, "code": EXCLUDED_CODE, "decided_by": who}
        values |= {"reason": "", "sealed_reason": self._cipher.seal_text(clean(why)), "hint": "", "not_before": None}
        if number is not None:
            values["number"] = number
        with self._writing(kind, source_id) as connection:
            mine = _is(self._division, kind, source_id)
            if connection.execute(update(rejects).where(mine).values(last_at=moment, **values)).rowcount == 0:
                self._insert(connection, kind, source_id, moment, values)
            _tell(connection, "reject.left_out", self._division, kind, source_id, {"by": who})

    def take_in(self, kind: str, source_id: str) -> bool:
        """Undo `leave_out`: it waits for the next run; return whether it was left out."""
        values = {"status": Status.WAITING, "decided_by": None, "not_before": None}
        with self._writing(kind, source_id) as connection:
            mine = and_(_is(self._division, kind, source_id), rejects.c.status == Status.EXCLUDED)
            if connection.execute(update(rejects).where(mine).values(values)).rowcount == 0:
                return False
            _tell(connection, "reject.taken_in", self._division, kind, source_id, {})
            return True

    def forget_record(self, kind: str, source_id: str, *, reason: str, hint: str) -> None:
        """Forget the record of a reject and what was said of it, because its customer is; number and amount stay."""
        values: dict[str, Any] = {"payload": None, "reason": "", "hint": hint}
        values["sealed_reason"] = self._cipher.seal_text(clean(reason))
        with self._writing(kind, source_id) as connection:
            connection.execute(update(rejects).where(_is(self._division, kind, source_id)).values(values))
            _tell(connection, "reject.forgotten", self._division, kind, source_id, {})

    def excluded(self, kind: str) -> set[str]:
        """Return the source ids of what a person left out."""
        query = select(rejects.c.source_id).where(
            rejects.c.division == self._division, rejects.c.kind == kind, rejects.c.status == Status.EXCLUDED
        )
        with self._database.reading() as connection:
            return set(connection.scalars(query))

    def get(self, kind: str, source_id: str) -> Reject | None:
        """Return the reject of a document with its payload."""
        with self._database.reading() as connection:
            row = connection.execute(_FIND, _key(self._division, kind, source_id)).mappings().one_or_none()
        return None if row is None else self._reject(row)

    def pending(self, kinds: Collection[str] | None = None) -> Iterator[Reject]:
        """Yield the rejects (of these kinds) with their payloads, oldest first, one in memory at a time.

        Each of those that are there at the start comes at most once, whatever is put or resolved meanwhile. What a
        person left out does not come.
        """
        return self._pages(rejects.c.status != Status.EXCLUDED, kinds)

    def with_records(self, kinds: Collection[str]) -> Iterator[Reject]:
        """Yield, as `pending`, all there are, those that a person left out as well."""
        return self._pages(rejects.c.payload.is_not(None), kinds)

    def due(self, now: datetime, kinds: Collection[str] | None = None) -> Iterator[Reject]:
        """Yield, as `pending`, those whose next try is due."""
        is_due = or_(rejects.c.not_before.is_(None), rejects.c.not_before <= now)
        return self._pages(and_(rejects.c.status != Status.EXCLUDED, is_due), kinds)

    def _pages(self, condition: ColumnElement[bool], kinds: Collection[str] | None) -> Iterator[Reject]:
        seen = 0
        last = self._last()
        while page := self._ids(condition, kinds, after=seen, last=last):
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
            return [self._reject({**row, "payload": None}) for row in connection.execute(query).mappings()]

    def resolve(self, kind: str, source_id: str) -> bool:
        """Forget the reject of a document, because it is solved; return whether there was one."""
        with self._database.writing(f"{self._division} {kind} {source_id}") as connection:
            return resolve_reject(connection, self._division, kind, source_id, why="resolved")

    def unreadable(self) -> int:
        """Return how many cannot be opened with the key at hand."""
        return sum(not each.is_readable for each in self.all())

    def count(self) -> dict[str, int]:
        """Return how many rejects there are per status."""
        query = select(rejects.c.status, func.count().label("total")).where(rejects.c.division == self._division)
        with self._database.reading() as connection:
            return {str(row.status): row.total for row in connection.execute(query.group_by(rejects.c.status))}

    def _last(self) -> int:
        query = select(func.max(rejects.c.id)).where(rejects.c.division == self._division)
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def _ids(
        self, condition: ColumnElement[bool], kinds: Collection[str] | None, *, after: int, last: int
    ) -> list[int]:
        query = select(rejects.c.id).where(
            rejects.c.division == self._division, rejects.c.id > after, rejects.c.id <= last, condition
        )
        if kinds is not None:
            query = query.where(rejects.c.kind.in_(kinds))
        with self._database.reading() as connection:
            return list(connection.scalars(query.order_by(rejects.c.id).limit(PAGE)))

    def _reject(self, row: Mapping[Any, Any]) -> Reject:
        values = {str(name): value for name, value in row.items()}
        sealed, reason, payload = values.pop("sealed_reason"), values.pop("reason"), values.pop("payload")
        if sealed is not None:
            reason = self._cipher.open_text(sealed)
        record = None if payload is None else self._cipher.open(payload)
        if reason is None or (payload is not None and record is None):
            reason, values["hint"] = UNREADABLE, UNREADABLE_HINT
        return Reject(**{**values, "status": Status(values["status"])}, reason=reason, payload=record)

    def _insert(
        self, connection: Connection, kind: str, source_id: str, moment: datetime, values: Mapping[str, Any]
    ) -> None:
        key = {"division": self._division, "kind": kind, "source_id": source_id}
        connection.execute(insert(rejects).values(**key, attempts=1, first_at=moment, last_at=moment, **values))

    def _writing(self, kind: str, source_id: str) -> AbstractContextManager[Connection]:
        return self._database.writing(f"{self._division} {kind} {source_id}")


def resolve_reject(connection: Connection, division: int, kind: str, source_id: str, *, why: str) -> bool:
    """Forget a reject within the transaction of what solved it; return whether there was one."""
    if connection.execute(_FORGET, _key(division, kind, source_id)).rowcount == 0:
        return False
    _tell(connection, "reject.resolved", division, kind, source_id, {"why": why})
    return True


def _key(division: int, kind: str, source_id: str) -> dict[str, Any]:
    return keyed(division=division, kind=kind, source_id=source_id)


def _is(division: int, kind: str, source_id: str) -> ColumnElement[bool]:
    return and_(rejects.c.division == division, rejects.c.kind == kind, rejects.c.source_id == source_id)


def _tell(connection: Connection, event: str, division: int, kind: str, source_id: str, detail: dict[str, Any]) -> None:
    write_audit(connection, event, division=division, kind=kind, source_id=source_id, detail=detail)
