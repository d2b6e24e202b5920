"""Payments that were registered in Teamleader first, and their entries in Exact's general journal."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from connector_store.details import BookedPaymentDetail
from connector_store.errors import StoreError
from connector_store.schema import booked_payments
from connector_store.write_ahead import Change, Key, WriteAhead

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy.engine import RowMapping

KIND = "receipt"
"""Kind of these in the audit trail and among the rejects. The trail cannot be reworded, so the first word stays."""


class BookedState(StrEnum):
    """Where the booking of a payment stands."""

    INTENT = "intent"
    BOOKED = "booked"
    MATCHED = "matched"


@dataclass(frozen=True)
class BookedPayment:
    """One row per payment of Teamleader that is booked in Exact. Moments are UTC; `amount` is in `currency`."""

    division: int
    source_id: str
    """Teamleader's payments have no id: the invoice's id, a stroke, and a running number."""
    invoice_id: str
    state: BookedState
    number: str | None
    amount: Decimal
    currency: str
    paid_at: str
    """The day it was paid (ISO)."""
    exact_id: str | None
    """EntryID of the booking; never None in the states "booked" and "matched"."""
    entry_number: int | None
    detail: BookedPaymentDetail
    created_at: datetime
    updated_at: datetime


class BookedPayments(WriteAhead[BookedPayment]):
    """The booked payments of one division."""

    table = booked_payments
    id_column = "source_id"
    noun = "booking"

    def of(self, invoice_id: str) -> list[BookedPayment]:
        """Return what was booked, or is being booked, for an invoice, in order."""
        query = self._select(self.table.c.invoice_id == invoice_id)
        return self._read(query.order_by(self.table.c.created_at, self.table.c.source_id))

    def under_way(self) -> list[BookedPayment]:
        """Return those of which it is not known whether they were booked, oldest first."""
        query = self._select(self.table.c.state == BookedState.INTENT)
        return self._read(query.order_by(self.table.c.created_at, self.table.c.source_id))

    def intend(
        self,
        source_id: str,
        *,
        invoice_id: str,
        number: str | None,
        amount: Decimal,
        currency: str,
        paid_at: str,
        detail: BookedPaymentDetail,
    ) -> None:
        """Say what is about to be booked, before it is sent.

        Raises:
            StoreError: it is booked already.
            StoreUnavailableError: nothing may be sent: the database fails, or it took away a lock this process holds.
        """
        told: dict[str, Any] = {"invoice_id": invoice_id, "number": number, "amount": amount, "currency": currency}
        told["paid_at"] = paid_at

        def decide(known: BookedPayment | None) -> Change:
            if known is not None and known.state is not BookedState.INTENT:
                raise StoreError(f"Payment {source_id} is {known.state.value} already in division {self._division}")
            return Change("receipt.intended", told, {**told, "state": BookedState.INTENT, "detail": detail.stored()})

        self._write(_key(source_id), decide, before_sending=True)

    def progress(self, source_id: str, *, detail: BookedPaymentDetail) -> None:
        """Note what is now known of a payment.

        Raises:
            StoreError: nothing is known of it.
            StoreUnavailableError: as for `intend`.
        """

        def decide(known: BookedPayment | None) -> Change:
            self._known(known, _key(source_id))
            return Change("receipt.progressed", detail.stored(), {"detail": detail.stored()})

        self._write(_key(source_id), decide, before_sending=True)

    def confirm(
        self,
        source_id: str,
        *,
        exact_id: str,
        entry_number: int | None,
        name: tuple[str, ...] = (),
        amount_dc: Decimal | None = None,
        is_whole: bool = True,
    ) -> None:
        """Say that the payment is booked in Exact; what it was to be found by is not needed any more.

        Args:
            source_id: of the payment.
            exact_id: EntryID of its entry.
            entry_number: of its entry.
            name: what the entry is called in a match; empty while its lines were not read.
            amount_dc: in the currency of the administration; None while its lines were not read.
            is_whole: False when its lines were not read, or are not those that were sent.

        Raises:
            StoreError: nothing is known of that payment.
        """
        entry = {"exact_id": exact_id, "entry_number": entry_number}

        def decide(known: BookedPayment | None) -> Change:
            before = self._known(known, _key(source_id)).detail
            detail = dataclasses.replace(
                before, name=name, amount_dc=amount_dc, is_whole=is_whole, text=None, gl_account=None, sent_at=None
            )
            return Change("receipt.booked", entry, {"state": BookedState.BOOKED, **entry, "detail": detail.stored()})

        self._write(_key(source_id), decide)

    def matched(self, source_id: str) -> None:
        """Say that the booking is matched with the sales entry; its reject goes.

        Raises:
            StoreError: nothing is known of that payment.
        """

        def decide(known: BookedPayment | None) -> Change:
            told = {"exact_id": self._known(known, _key(source_id)).exact_id}
            return Change("receipt.matched", told, {"state": BookedState.MATCHED}, solved="matched")

        self._write(_key(source_id), decide)

    def withdraw(self, source_id: str) -> bool:
        """Say that nothing was booked after all; return whether there was an intent to withdraw."""

        def decide(known: BookedPayment | None) -> Change | None:
            if known is None or known.state is not BookedState.INTENT:
                return None
            return Change("receipt.withdrawn", {}, None)

        return self._write(_key(source_id), decide)

    def _row(self, row: RowMapping) -> BookedPayment:
        detail = BookedPaymentDetail.read(row["detail"])
        return BookedPayment(**{**row, "state": BookedState(row["state"]), "detail": detail})


def _key(source_id: str) -> Key:
    return Key(KIND, source_id)
