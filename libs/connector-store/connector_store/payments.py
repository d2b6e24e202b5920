"""What was registered in Teamleader for entries that were settled in Exact, and what is being registered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, insert, select, update

from connector_store.audit import write_audit
from connector_store.columns import utc_now
from connector_store.errors import StoreError
from connector_store.rejects import resolve_reject
from connector_store.schema import payments

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

    from connector_store.engine import Database

KIND = "payment"
"""Kind of these in the audit trail and among the rejects, where the source id is Teamleader's invoice id."""
PAGE = 500


@dataclass(frozen=True)
class Payment:
    """One row per division and Teamleader invoice. Moments are UTC, amounts VAT included, in `currency`."""

    division: int
    invoice_id: str
    exact_id: str
    """EntryID of the sales entry (TransactionEntryID of its receivables)."""
    entry_number: int | None
    number: str | None
    currency: str
    settled: Decimal
    """What Exact had settled when the invoice was last brought in line."""
    settlements: list[dict[str, Any]]
    """The parts of it: `{"amount": Decimal, "date": "2026-11-20"}`, empty when the caller did not tell."""
    registered: list[dict[str, Any]]
    """What of ours stands in Teamleader: `{"amount": Decimal, "paid_at": "2026-11-20", "how": "money"}`."""
    plan: dict[str, Any] | None
    """What is under way, None when nothing is."""
    created_at: datetime
    updated_at: datetime


class Payments:
    """The payments of one division. Every verb is one transaction with its audit line, on disk when it returns."""

    def __init__(self, database: Database, division: int) -> None:
        self._database = database
        self._division = division

    def get(self, invoice_id: str) -> Payment | None:
        """Return what is remembered of an invoice's payments."""
        with self._database.reading() as connection:
            return self._find(connection, invoice_id)

    def get_many(self, invoice_ids: Collection[str]) -> dict[str, Payment]:
        """Return what is remembered of these invoices, by invoice id."""
        return {each.invoice_id: each for each in self._among(payments.c.invoice_id, invoice_ids)}

    def by_entries(self, exact_ids: Collection[str]) -> dict[str, Payment]:
        """Return what is remembered of the invoices of these entries, by entry."""
        return {each.exact_id: each for each in self._among(payments.c.exact_id, exact_ids)}

    def under_way(self) -> list[Payment]:
        """Return those of which it is not known whether they were carried out, oldest first."""
        query = select(payments).where(self._mine, payments.c.plan.is_not(None))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(payments.c.updated_at, payments.c.invoice_id))
            return [_payment(row) for row in rows]

    def all(self) -> Iterator[Payment]:
        """Yield every payment by invoice id, read in pages."""
        after = ""
        while True:
            query = select(payments).where(self._mine, payments.c.invoice_id > after)
            with self._database.reading() as connection:
                page = connection.execute(query.order_by(payments.c.invoice_id).limit(PAGE)).all()
            if not page:
                return
            yield from (_payment(row) for row in page)
            after = page[-1].invoice_id

    def intend(
        self,
        invoice_id: str,
        *,
        exact_id: str,
        number: str | None,
        currency: str,
        entry_number: int | None,
        plan: dict[str, Any],
    ) -> None:
        """Say what is about to be sent, before it is.

        Raises:
            StoreUnavailableError: nothing may be sent: the database fails, or it took away a lock this process holds.
        """
        self._database.verify_locks()
        named = {"exact_id": exact_id, "number": number, "currency": currency, "entry_number": entry_number}
        with self._writing(invoice_id) as connection:
            self._put(connection, invoice_id, **named, plan=plan)
            self._tell(connection, "payment.intended", invoice_id, {"exact_id": exact_id, **plan})

    def progress(self, invoice_id: str, **changes: Any) -> None:  # noqa: ANN401
        """Merge what is now known into the plan that is under way.

        Raises:
            StoreError: nothing is under way for that invoice.
            StoreUnavailableError: as for `intend`.
        """
        self._database.verify_locks()
        with self._writing(invoice_id) as connection:
            known = self._find(connection, invoice_id)
            if known is None or known.plan is None:
                raise StoreError(f"No payment of invoice {invoice_id} is under way in division {self._division}")
            self._put(connection, invoice_id, plan={**known.plan, **changes})
            self._tell(connection, "payment.progressed", invoice_id, changes)

    def confirm(
        self,
        invoice_id: str,
        *,
        settled: Decimal,
        settlements: Sequence[dict[str, Any]] = (),
        registered: list[dict[str, Any]],
    ) -> None:
        """Say that Teamleader is in line with what Exact has settled; nothing is under way, its reject goes.

        Args:
            invoice_id: Teamleader's invoice.
            settled: what Exact had settled.
            settlements: the parts of it.
            registered: everything of ours that stands in Teamleader now.

        Raises:
            StoreError: nothing is known of that invoice.
        """
        with self._writing(invoice_id) as connection:
            if self._find(connection, invoice_id) is None:
                raise StoreError(f"No payment of invoice {invoice_id} is known in division {self._division}")
            parts = {"settlements": list(settlements)}
            ours = {"payments": registered}
            self._put(connection, invoice_id, settled=settled, settlements=parts, registered=ours, plan=None)
            self._done(connection, "payment.confirmed", invoice_id, {"settled": settled, "registered": registered})

    def note(
        self,
        invoice_id: str,
        *,
        exact_id: str,
        number: str | None,
        currency: str,
        entry_number: int | None,
        settled: Decimal,
        settlements: Sequence[dict[str, Any]] = (),
    ) -> None:
        """Say that what Exact has settled asks for nothing in Teamleader; nothing is under way, its reject goes."""
        named = {"exact_id": exact_id, "number": number, "currency": currency, "entry_number": entry_number}
        with self._writing(invoice_id) as connection:
            parts = {"settlements": list(settlements)}
            self._put(connection, invoice_id, **named, settled=settled, settlements=parts, plan=None)
            self._done(connection, "payment.noted", invoice_id, {"exact_id": exact_id, "settled": settled})

    def withdraw(self, invoice_id: str) -> None:
        """Say that what was under way was not carried out."""
        with self._writing(invoice_id) as connection:
            known = self._find(connection, invoice_id)
            if known is not None and known.plan is not None:
                self._put(connection, invoice_id, plan=None)
                self._tell(connection, "payment.withdrawn", invoice_id, {})

    def _among(self, column: Any, values: Collection[str]) -> Iterator[Payment]:  # noqa: ANN401
        wanted = sorted(set(values))
        with self._database.reading() as connection:
            for start in range(0, len(wanted), PAGE):
                query = select(payments).where(self._mine, column.in_(wanted[start : start + PAGE]))
                yield from (_payment(row) for row in connection.execute(query.order_by(payments.c.invoice_id)))

    def _put(self, connection: Connection, invoice_id: str, **values: Any) -> None:  # noqa: ANN401
        moment = utc_now()
        mine = and_(self._mine, payments.c.invoice_id == invoice_id)
        if connection.execute(update(payments).where(mine).values(updated_at=moment, **values)).rowcount:
            return
        new: dict[str, Any] = {"settled": 0, "settlements": {"settlements": []}, "registered": {"payments": []}}
        new |= {
            "created_at": moment,
            "updated_at": moment,
            "division": self._division,
            "invoice_id": invoice_id,
            **values,
        }
        connection.execute(insert(payments).values(new))

    def _find(self, connection: Connection, invoice_id: str) -> Payment | None:
        query = select(payments).where(self._mine, payments.c.invoice_id == invoice_id)
        row = connection.execute(query).one_or_none()
        return None if row is None else _payment(row)

    def _done(self, connection: Connection, event: str, invoice_id: str, told: dict[str, Any]) -> None:
        self._tell(connection, event, invoice_id, told)
        resolve_reject(connection, self._division, KIND, invoice_id, why="in line")

    def _tell(self, connection: Connection, event: str, invoice_id: str, detail: dict[str, Any]) -> None:
        write_audit(connection, event, division=self._division, kind=KIND, source_id=invoice_id, detail=detail)

    def _writing(self, invoice_id: str) -> AbstractContextManager[Connection]:
        return self._database.writing(f"{self._division} {KIND} {invoice_id}")

    @property
    def _mine(self) -> ColumnElement[bool]:
        return payments.c.division == self._division


def _payment(row: Any) -> Payment:  # noqa: ANN401 - a row of the table
    lists = {"settlements": row.settlements["settlements"], "registered": row.registered["payments"]}
    return Payment(**{**row._mapping, **lists})  # noqa: SLF001 - SQLAlchemy's public name
