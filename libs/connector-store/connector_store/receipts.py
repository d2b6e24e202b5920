"""Payments that were registered in Teamleader first, and their bookings in Exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import and_, delete, insert, select, update

from connector_store.audit import write_audit
from connector_store.columns import utc_now
from connector_store.errors import StoreError
from connector_store.rejects import resolve_reject
from connector_store.schema import receipts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

    from connector_store.engine import Database

KIND = "receipt"
"""Kind of these in the audit trail and among the rejects."""
PAGE = 500


@dataclass(frozen=True)
class Receipt:
    """One row per payment of Teamleader that is booked in Exact. Moments are UTC; `amount` is in `currency`."""

    division: int
    source_id: str
    """Teamleader's payments have no id: the invoice's id, a stroke, and a running number."""
    invoice_id: str
    state: Literal["intent", "booked", "matched"]
    number: str | None
    amount: Decimal
    currency: str
    paid_at: str
    """The day it was paid (ISO)."""
    exact_id: str | None
    """EntryID of the booking; never None in the states "booked" and "matched"."""
    entry_number: int | None
    detail: dict[str, Any]
    created_at: datetime
    updated_at: datetime


class Receipts:
    """The receipts of one division. Every verb is one transaction with its audit line, on disk when it returns."""

    def __init__(self, database: Database, division: int) -> None:
        self._database = database
        self._division = division

    def of(self, invoice_id: str) -> list[Receipt]:
        """Return what was booked, or is being booked, for an invoice, in order."""
        return self._read(receipts.c.invoice_id == invoice_id)

    def under_way(self) -> list[Receipt]:
        """Return those of which it is not known whether they were booked, oldest first."""
        return self._read(receipts.c.state == "intent")

    def all(self) -> Iterator[Receipt]:
        """Yield every receipt by source id, read in pages."""
        after = ""
        while True:
            query = select(receipts).where(self._mine, receipts.c.source_id > after)
            with self._database.reading() as connection:
                page = connection.execute(query.order_by(receipts.c.source_id).limit(PAGE)).mappings().all()
            if not page:
                return
            yield from (Receipt(**row) for row in page)
            after = page[-1]["source_id"]

    def intend(
        self,
        source_id: str,
        *,
        invoice_id: str,
        number: str | None,
        amount: Decimal,
        currency: str,
        paid_at: str,
        detail: dict[str, Any],
    ) -> None:
        """Say what is about to be booked, before it is sent.

        Raises:
            StoreError: it is booked already.
            StoreUnavailableError: nothing may be sent: the database fails, or it took away a lock this process holds.
        """
        self._database.verify_locks()
        values: dict[str, Any] = {"invoice_id": invoice_id, "number": number, "amount": amount, "currency": currency}
        values |= {"paid_at": paid_at, "detail": detail}
        with self._writing(source_id) as connection:
            known = self._find(connection, source_id)
            if known is not None and known.state != "intent":
                raise StoreError(f"Receipt {source_id} is {known.state} already in division {self._division}")
            self._put(connection, source_id, known, {**values, "state": "intent"})
            told = {name: value for name, value in values.items() if name != "detail"}
            self._tell(connection, "receipt.intended", source_id, told)

    def progress(self, source_id: str, **detail: Any) -> None:  # noqa: ANN401
        """Merge what is now known into the detail.

        Raises:
            StoreError: nothing is known of that receipt.
            StoreUnavailableError: as for `intend`.
        """
        self._database.verify_locks()
        with self._writing(source_id) as connection:
            known = self._require(connection, source_id)
            self._put(connection, source_id, known, {"detail": {**known.detail, **detail}})
            self._tell(connection, "receipt.progressed", source_id, detail)

    def confirm(
        self, source_id: str, *, exact_id: str, entry_number: int | None, detail: dict[str, Any] | None = None
    ) -> None:
        """Say that the payment is booked in Exact.

        Raises:
            StoreError: nothing is known of that receipt.
        """
        with self._writing(source_id) as connection:
            known = self._require(connection, source_id)
            booked = {"exact_id": exact_id, "entry_number": entry_number}
            merged = {**known.detail, **(detail or {})}
            self._put(connection, source_id, known, {"state": "booked", **booked, "detail": merged})
            self._tell(connection, "receipt.booked", source_id, booked)

    def matched(self, source_id: str) -> None:
        """Say that the booking is matched with the sales entry; its reject goes.

        Raises:
            StoreError: nothing is known of that receipt.
        """
        with self._writing(source_id) as connection:
            known = self._require(connection, source_id)
            self._put(connection, source_id, known, {"state": "matched"})
            self._tell(connection, "receipt.matched", source_id, {"exact_id": known.exact_id})
            resolve_reject(connection, self._division, KIND, source_id, why="matched")

    def withdraw(self, source_id: str) -> bool:
        """Say that nothing was booked after all; return whether there was an intent to withdraw."""
        with self._writing(source_id) as connection:
            known = self._find(connection, source_id)
            if known is None or known.state != "intent":
                return False
            connection.execute(delete(receipts).where(self._is(source_id)))
            self._tell(connection, "receipt.withdrawn", source_id, {})
            return True

    def _read(self, condition: ColumnElement[bool]) -> list[Receipt]:
        query = select(receipts).where(self._mine, condition)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(receipts.c.created_at, receipts.c.source_id)).mappings()
            return [Receipt(**row) for row in rows]

    def _find(self, connection: Connection, source_id: str) -> Receipt | None:
        row = connection.execute(select(receipts).where(self._is(source_id))).mappings().one_or_none()
        return None if row is None else Receipt(**row)

    def _require(self, connection: Connection, source_id: str) -> Receipt:
        known = self._find(connection, source_id)
        if known is None:
            raise StoreError(f"The store knows no receipt {source_id} in division {self._division}")
        return known

    def _put(self, connection: Connection, source_id: str, known: Receipt | None, values: dict[str, Any]) -> None:
        moment = utc_now()
        if known is None:
            key = {"division": self._division, "source_id": source_id}
            connection.execute(insert(receipts).values(**key, created_at=moment, updated_at=moment, **values))
        else:
            connection.execute(update(receipts).where(self._is(source_id)).values(updated_at=moment, **values))

    def _tell(self, connection: Connection, event: str, source_id: str, detail: dict[str, Any]) -> None:
        write_audit(connection, event, division=self._division, kind=KIND, source_id=source_id, detail=detail)

    def _writing(self, source_id: str) -> AbstractContextManager[Connection]:
        return self._database.writing(f"{self._division} {KIND} {source_id}")

    def _is(self, source_id: str) -> ColumnElement[bool]:
        return and_(self._mine, receipts.c.source_id == source_id)

    @property
    def _mine(self) -> ColumnElement[bool]:
        return receipts.c.division == self._division
