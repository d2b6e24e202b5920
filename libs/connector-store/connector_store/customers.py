"""Customers that no document needed yet: personal data, kept encrypted and no longer than needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select

from connector_store.columns import utc_now
from connector_store.prepared import key_of, keyed
from connector_store.schema import customers

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy.engine import Connection

    from connector_store.encryption import Cipher
    from connector_store.engine import Database

PAGE = 500

_IS: Final = key_of(customers, "division", "source_id")
_FIND: Final = select(customers.c.payload).where(_IS)
_FORGET: Final = delete(customers).where(_IS)


class Customers:
    """The staged customers of one division."""

    def __init__(self, database: Database, cipher: Cipher, division: int) -> None:
        self._database = database
        self._cipher = cipher
        self._division = division

    def put_many(self, payloads: Mapping[str, dict[str, Any]]) -> None:
        """Keep the newest version of these customers (by source id), all of them in one transaction."""
        moment = utc_now()
        rows = [
            {
                "division": self._division,
                "source_id": source_id,
                "payload": self._cipher.seal(payload),
                "staged_at": moment,
            }
            for source_id, payload in payloads.items()
        ]
        if not rows:
            return
        with self._database.writing(f"customers {self._division}") as connection:
            self._forget(connection, list(payloads))
            connection.execute(insert(customers), rows)

    def get(self, source_id: str) -> dict[str, Any] | None:
        """Return a staged customer, None when there is none."""
        with self._database.reading() as connection:
            sealed = connection.scalar(_FIND, keyed(division=self._division, source_id=source_id))
        return None if sealed is None else self._cipher.open(sealed)

    def ids(self) -> set[str]:
        """Return the source ids of the staged customers."""
        with self._database.reading() as connection:
            return set(connection.scalars(select(customers.c.source_id).where(self._mine)))

    def discard(self, source_id: str) -> None:
        """Forget a customer, because it is booked now or nothing waits for it."""
        with self._database.writing() as connection:
            forget_customer(connection, self._division, source_id)

    def keep_only(self, source_ids: Collection[str]) -> int:
        """Forget all customers but these; return how many were forgotten."""
        with self._database.writing(f"customers {self._division}") as connection:
            staged = set(connection.scalars(select(customers.c.source_id).where(self._mine)))
            gone = sorted(staged.difference(source_ids))
            self._forget(connection, gone)
        return len(gone)

    def _forget(self, connection: Connection, source_ids: list[str]) -> None:
        for start in range(0, len(source_ids), PAGE):
            some = customers.c.source_id.in_(source_ids[start : start + PAGE])
            connection.execute(delete(customers).where(self._mine, some))

    @property
    def _mine(self) -> Any:  # noqa: ANN401
        return customers.c.division == self._division


def forget_customer(connection: Connection, division: int, source_id: str) -> None:
    """Forget a staged customer within the transaction that links it."""
    connection.execute(_FORGET, keyed(division=division, source_id=source_id))
