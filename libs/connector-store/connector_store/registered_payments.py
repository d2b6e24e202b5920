"""Payments that were registered in Teamleader for what Exact has settled, and what is being registered."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector_store.details import Paid, RemovePlan, SettledPart, read_plan, store_plan
from connector_store.errors import StoreError
from connector_store.schema import registered_payments
from connector_store.write_ahead import Change, Key, WriteAhead

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy.engine import RowMapping

    from connector_store.details import Plan, RemovalStep

KIND = "payment"
"""Kind of these in the audit trail and among the rejects, where the source id is Teamleader's invoice id."""
CONFIRMED = "payment.confirmed"
"""Event of the audit trail: Teamleader was brought in line."""


@dataclass(frozen=True)
class RegisteredPayment:
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
    settlements: tuple[SettledPart, ...]
    """The parts of it, empty when the caller did not tell."""
    registered: tuple[Paid, ...]
    """What of ours stands in Teamleader."""
    reported: Decimal | None
    """What was left settled when a person was told of a matching that was undone, None when nobody has to act."""
    plan: Plan | None
    """What is under way, None when nothing is."""
    created_at: datetime
    updated_at: datetime


class RegisteredPayments(WriteAhead[RegisteredPayment]):
    """The registered payments of one division, by Teamleader's invoice id."""

    table = registered_payments
    id_column = "invoice_id"
    noun = "payment"

    def get(self, invoice_id: str) -> RegisteredPayment | None:
        """Return what is remembered of an invoice's payments."""
        return self._get(_key(invoice_id))

    def get_many(self, invoice_ids: Collection[str]) -> dict[str, RegisteredPayment]:
        """Return what is remembered of these invoices, by invoice id."""
        query = self._select().order_by(self.table.c.invoice_id)
        return {each.invoice_id: each for each in self._among(query, self.table.c.invoice_id, invoice_ids)}

    def by_entries(self, exact_ids: Collection[str]) -> dict[str, RegisteredPayment]:
        """Return what is remembered of the invoices of these entries, by entry."""
        query = self._select().order_by(self.table.c.invoice_id)
        return {each.exact_id: each for each in self._among(query, self.table.c.exact_id, exact_ids)}

    def under_way(self) -> list[RegisteredPayment]:
        """Return those of which it is not known whether they were carried out, oldest first."""
        query = self._select(self.table.c.plan.is_not(None))
        return self._read(query.order_by(self.table.c.updated_at, self.table.c.invoice_id))

    def intend(
        self,
        invoice_id: str,
        *,
        exact_id: str,
        number: str | None,
        currency: str,
        entry_number: int | None,
        plan: Plan,
    ) -> None:
        """Say what is about to be sent, before it is.

        Raises:
            StoreUnavailableError: nothing may be sent: the database fails, or it took away a lock this process holds.
        """
        named = {"exact_id": exact_id, "number": number, "currency": currency, "entry_number": entry_number}
        stored = store_plan(plan)

        def decide(known: RegisteredPayment | None) -> Change:
            values = {**_new(known), **named, "plan": stored}
            return Change("payment.intended", {"exact_id": exact_id, **stored}, values)

        self._write(_key(invoice_id), decide, before_sending=True)

    def progress(self, invoice_id: str, *, sent_at: datetime | None, step: RemovalStep | None = None) -> None:
        """Note when the next call of what is under way is sent, and how far a removal came.

        Raises:
            StoreError: nothing, or no removal that comes to a step, is under way for that invoice.
            StoreUnavailableError: as for `intend`.
        """

        def decide(known: RegisteredPayment | None) -> Change:
            plan = None if known is None else known.plan
            if plan is None or (step is not None and not isinstance(plan, RemovePlan)):
                raise StoreError(f"No such payment of invoice {invoice_id} is under way in division {self._division}")
            told: dict[str, Any] = {"sent_at": sent_at, **({} if step is None else {"step": step})}
            return Change("payment.progressed", told, {"plan": store_plan(dataclasses.replace(plan, **told))})

        self._write(_key(invoice_id), decide, before_sending=True)

    def confirm(
        self, invoice_id: str, *, settled: Decimal, settlements: Sequence[SettledPart] = (), registered: Sequence[Paid]
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
        ours = [each.stored() for each in registered]

        def decide(known: RegisteredPayment | None) -> Change:
            self._known(known, _key(invoice_id))
            values = {
                **_settled(settled, settlements),
                "registered": {"payments": ours},
                "reported": None,
                "plan": None,
            }
            return Change(CONFIRMED, {"settled": settled, "registered": ours}, values, solved="in line")

        self._write(_key(invoice_id), decide)

    def note(
        self,
        invoice_id: str,
        *,
        exact_id: str,
        number: str | None,
        currency: str,
        entry_number: int | None,
        settled: Decimal,
        settlements: Sequence[SettledPart] = (),
    ) -> None:
        """Say that what Exact has settled asks for nothing in Teamleader; nothing is under way, its reject goes."""
        named = {"exact_id": exact_id, "number": number, "currency": currency, "entry_number": entry_number}

        def decide(known: RegisteredPayment | None) -> Change:
            values = {**_new(known), **named, **_settled(settled, settlements), "reported": None, "plan": None}
            return Change("payment.noted", {"exact_id": exact_id, "settled": settled}, values, solved="in line")

        self._write(_key(invoice_id), decide)

    def report(self, invoice_id: str, left: Decimal) -> None:
        """Say that a person was told how much is left settled after a matching was undone; `confirm` and `note` end it.

        Raises:
            StoreError: nothing is known of that invoice.
        """

        def decide(known: RegisteredPayment | None) -> Change:
            self._known(known, _key(invoice_id))
            return Change("payment.unmatched", {"left": left}, {"reported": left})

        self._write(_key(invoice_id), decide)

    def forget(self, invoice_id: str) -> bool:
        """Forget an invoice that a person released; return whether something was known. Teamleader keeps its payments.

        Raises:
            StoreError: something is under way.
        """

        def decide(known: RegisteredPayment | None) -> Change | None:
            if known is None:
                return None
            if known.plan is not None:
                raise StoreError(f"A payment of invoice {invoice_id} is under way in division {self._division}")
            return Change("payment.forgotten", {"exact_id": known.exact_id}, None, solved="released")

        return self._write(_key(invoice_id), decide)

    def withdraw(self, invoice_id: str) -> bool:
        """Say that what was under way was not carried out; return whether there was something to withdraw."""

        def decide(known: RegisteredPayment | None) -> Change | None:
            if known is None or known.plan is None:
                return None
            return Change("payment.withdrawn", {}, {"plan": None})

        return self._write(_key(invoice_id), decide)

    def _row(self, row: RowMapping) -> RegisteredPayment:
        return RegisteredPayment(
            **{
                **row,
                "settlements": tuple(SettledPart.read(each) for each in row["settlements"]["settlements"]),
                "registered": tuple(Paid.read(each) for each in row["registered"]["payments"]),
                "plan": None if row["plan"] is None else read_plan(row["plan"]),
            }
        )


def _key(invoice_id: str) -> Key:
    return Key(KIND, invoice_id)


def _new(known: RegisteredPayment | None) -> dict[str, Any]:
    return {"settled": 0, "settlements": {"settlements": []}, "registered": {"payments": []}} if known is None else {}


def _settled(settled: Decimal, settlements: Sequence[SettledPart]) -> dict[str, Any]:
    return {"settled": settled, "settlements": {"settlements": [each.stored() for each in settlements]}}
