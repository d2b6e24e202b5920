"""Customers of Exact as they stand in Teamleader: found there or created, and what is being created."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from connector_store.links import link_account
from connector_store.schema import imported_customers
from connector_store.write_ahead import Change, Key, WriteAhead

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.engine import Connection, RowMapping

KIND = "customer"
"""Kind of these in the audit trail and among the rejects, where the source id is Exact's GUID."""


class CustomerType(StrEnum):
    """What a customer is in Teamleader."""

    COMPANY = "company"
    CONTACT = "contact"


class ImportedHow(StrEnum):
    """How a customer came to be known on both sides."""

    CREATED = "created"
    MATCHED = "matched"
    """It stood in Teamleader already."""
    LINKED = "linked"
    """The other direction made the account, or a person linked it."""


@dataclass(frozen=True)
class ImportedCustomer:
    """One row per division and account or contact person of Exact. Moments are UTC. It holds no personal data."""

    division: int
    source_id: str
    """Exact's GUID of the account or contact person."""
    type: CustomerType
    teamleader_id: str | None
    """None while it is being created."""
    how: ImportedHow | None
    number: str | None
    """Customer number in Exact."""
    fingerprint: str
    """Of the record that Teamleader was last brought in line with."""
    company_id: str | None
    """Teamleader's id of the company that a contact person was linked to."""
    sent_at: datetime | None
    """When it was begun to be sent, by Teamleader's own clock; None when nothing is on its way."""
    created_at: datetime
    updated_at: datetime


class ImportedCustomers(WriteAhead[ImportedCustomer]):
    """The customers of one division, by Exact's GUID."""

    table = imported_customers
    id_column = "source_id"
    noun = "customer"

    def get(self, source_id: str) -> ImportedCustomer | None:
        """Return what is remembered of a customer of Exact."""
        return self._get(_key(source_id))

    def get_many(self, source_ids: Collection[str]) -> dict[str, ImportedCustomer]:
        """Return what is remembered of these customers, by their id in Exact."""
        query = self._select().order_by(self.table.c.source_id)
        return {each.source_id: each for each in self._among(query, self.table.c.source_id, source_ids)}

    def by_teamleader(self, ids: Collection[str]) -> dict[str, ImportedCustomer]:
        """Return what is remembered of these customers, by their id in Teamleader."""
        query = self._select().order_by(self.table.c.source_id)
        found = self._among(query, self.table.c.teamleader_id, ids)
        return {str(each.teamleader_id): each for each in found}

    def under_way(self) -> list[ImportedCustomer]:
        """Return those of which it is not known whether they were created, oldest first."""
        query = self._select(self.table.c.teamleader_id.is_(None))
        return self._read(query.order_by(self.table.c.created_at, self.table.c.source_id))

    def intend(
        self, source_id: str, type_: CustomerType, *, number: str | None, fingerprint: str, sent_at: datetime
    ) -> None:
        """Say that a customer is about to be created in Teamleader, before it is sent.

        Raises:
            StoreUnavailableError: nothing may be sent: the database fails, or it took away a lock this process holds.
        """

        def decide(_known: ImportedCustomer | None) -> Change:
            values = {
                "type": type_,
                "teamleader_id": None,
                "how": None,
                "number": number,
                "fingerprint": fingerprint,
                "sent_at": sent_at,
            }
            told = {"type": type_, "fingerprint": fingerprint, "sent_at": sent_at}
            return Change("customer.intended", told, values)

        self._write(_key(source_id), decide, before_sending=True)

    def rest(self, source_id: str, since: datetime) -> None:
        """Note from when the rest of a creation without an answer counts.

        Raises:
            StoreError: nothing is known of that customer.
        """

        def decide(known: ImportedCustomer | None) -> Change:
            self._known(known, _key(source_id))
            return Change("customer.rests", {"sent_at": since}, {"sent_at": since})

        self._write(_key(source_id), decide, before_sending=True)

    def confirm(
        self,
        source_id: str,
        type_: CustomerType,
        *,
        teamleader_id: str,
        how: ImportedHow,
        fingerprint: str,
        number: str | None = None,
        company_id: str | None = None,
        is_account: bool,
    ) -> None:
        """Say that a customer of Exact stands in Teamleader; its reject goes.

        Args:
            source_id: Exact's GUID.
            type_: What it is in Teamleader.
            teamleader_id: Its id there.
            how: How it came to be known.
            fingerprint: Of the record that Teamleader is in line with.
            number: Customer number in Exact.
            company_id: Of the company in Teamleader that a contact person is linked to.
            is_account: An account that documents are booked on, which the other direction knows from now on as well.
        """

        def decide(_known: ImportedCustomer | None) -> Change:
            values: dict[str, Any] = {
                "type": type_,
                "teamleader_id": teamleader_id,
                "how": how,
                "number": number,
                "fingerprint": fingerprint,
                "company_id": company_id,
                "sent_at": None,
            }
            told = {"type": type_, "teamleader_id": teamleader_id, "how": how, "fingerprint": fingerprint}

            def also(connection: Connection) -> None:
                if is_account:
                    link_account(connection, self._division, f"{type_}:{teamleader_id}", source_id)

            return Change("customer.confirmed", told, values, solved="in line", also=also)

        self._write(_key(source_id), decide)

    def withdraw(self, source_id: str) -> bool:
        """Say that what was under way was not carried out, or release a customer; return whether it was known."""

        def decide(known: ImportedCustomer | None) -> Change | None:
            if known is None:
                return None
            told = {"type": known.type, "teamleader_id": known.teamleader_id}
            return Change("customer.withdrawn" if known.teamleader_id is None else "customer.released", told, None)

        return self._write(_key(source_id), decide)

    def _row(self, row: RowMapping) -> ImportedCustomer:
        how = None if row["how"] is None else ImportedHow(row["how"])
        return ImportedCustomer(**{**row, "type": CustomerType(row["type"]), "how": how})


def _key(source_id: str) -> Key:
    return Key(KIND, source_id)
