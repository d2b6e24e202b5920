"""Links: what ties a document or customer to its counterpart in Exact. An intent is a link not confirmed yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import and_, delete, func, insert, select, tuple_, update

from connector_store.audit import write_audit
from connector_store.columns import utc_now
from connector_store.customers import forget_customer
from connector_store.errors import StoreError
from connector_store.rejects import resolve_reject
from connector_store.schema import links

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.engine import Connection

    from connector_store.engine import Database

State = Literal["intent", "linked", "missing"]
How = Literal["posted", "adopted", "matched", "updated"]

PAGE = 500


@dataclass(frozen=True)
class Link:
    """One row per division, kind and source id. Moments are UTC; `amount` is gross, in `currency`, VAT included."""

    division: int
    kind: str
    source_id: str
    state: State
    number: str | None
    how: How | None
    exact_id: str | None
    """Exact's GUID. Never None in state "linked"; in state "missing" that of the entry which is gone."""
    entry_number: int | None
    amount: Decimal | None
    currency: str | None
    fingerprint: str
    """Of the document as it stands in Exact; in state "intent" of the document that is being written."""
    detail: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    verified_at: datetime | None
    """When the entry was last seen in Exact."""
    changing_to: str | None
    """Fingerprint of a change of a linked document that is being written, None when none is under way."""


class Links:
    """The links of one division. Every verb is one transaction with its audit line, on disk when it returns."""

    def __init__(self, database: Database, division: int) -> None:
        self._database = database
        self._division = division

    def get(self, kind: str, source_id: str) -> Link | None:
        """Return the link of a document, in whatever state."""
        with self._database.reading() as connection:
            return self._find(connection, kind, source_id)

    def get_many(self, kind: str, ids: Collection[str]) -> dict[str, Link]:
        """Return the links there are of these documents, by source id."""
        wanted = sorted(set(ids))
        found: dict[str, Link] = {}
        for start in range(0, len(wanted), PAGE):
            some = self._select(links.c.kind == kind, links.c.source_id.in_(wanted[start : start + PAGE]))
            found.update({link.source_id: link for link in self._read(some)})
        return found

    def find_exact(self, exact_id: str) -> Link | None:
        """Return the link to an entry or account of Exact; of several (customers merged in Exact) the oldest."""
        query = self._select(links.c.exact_id == exact_id).order_by(links.c.created_at, links.c.source_id).limit(1)
        return next(iter(self._read(query)), None)

    def find_exact_many(self, kind: str, exact_ids: Collection[str]) -> dict[str, Link]:
        """Return the links of one kind to these entries or accounts of Exact, by their id there."""
        wanted = sorted(set(exact_ids))
        found: dict[str, Link] = {}
        for start in range(0, len(wanted), PAGE):
            some = self._select(links.c.kind == kind, links.c.exact_id.in_(wanted[start : start + PAGE]))
            oldest_last = some.order_by(links.c.created_at.desc(), links.c.source_id.desc())
            found.update({str(link.exact_id): link for link in self._read(oldest_last)})
        return found

    def intents(self) -> list[Link]:
        """Return what was about to be written and is not known to be: oldest first. Settle these before all else."""
        return self._read(self._select(links.c.state == "intent").order_by(links.c.created_at, links.c.source_id))

    def changes(self) -> list[Link]:
        """Return the linked documents of which a change was about to be written, oldest first."""
        query = self._select(links.c.state == "linked", links.c.changing_to.is_not(None))
        return self._read(query.order_by(links.c.updated_at, links.c.source_id))

    def confirmed(self, kind: str, *, limit: int | None = None, verified_before: datetime | None = None) -> list[Link]:
        """Return linked documents of one kind, those first that were not seen in Exact for the longest time.

        Args:
            kind: "invoice", "credit_note" or "account".
            limit: at most so many.
            verified_before: only those not seen since that moment.
        """
        query = self._select(links.c.state == "linked", links.c.kind == kind)
        if verified_before is not None:
            query = query.where(links.c.verified_at < verified_before)
        return self._read(query.order_by(links.c.verified_at, links.c.source_id).limit(limit))

    def all(self) -> Iterator[Link]:
        """Yield every link by kind and source id, read in pages."""
        place = tuple_(links.c.kind, links.c.source_id)
        query = self._select().order_by(links.c.kind, links.c.source_id).limit(PAGE)
        page = self._read(query)
        while page:
            yield from page
            page = self._read(query.where(place > (page[-1].kind, page[-1].source_id)))

    def count(self) -> dict[tuple[str, str], int]:
        """Return how many links there are per kind and state."""
        query = select(links.c.kind, links.c.state, func.count()).where(links.c.division == self._division)
        with self._database.reading() as connection:
            rows = connection.execute(query.group_by(links.c.kind, links.c.state))
            return {(kind, state): number for kind, state, number in rows}

    def intend(
        self, kind: str, source_id: str, *, number: str | None, fingerprint: str, detail: dict[str, Any]
    ) -> None:
        """Say what is about to be written, before it is sent. `detail` is merged into what is there.

        - Nothing known, or an intent: the state is "intent".
        - Linked: it stays linked, with its Exact id and the fingerprint of what stands in Exact; `changing_to` tells
          the change under way (see `changes`) until `confirm` or `withdraw`.
        - Missing: an intent for a new entry; the id of the old one is kept in `detail["replaces"]`.

        Raises:
            StoreUnavailableError: nothing may be sent: the database fails, or it took away a lock this process holds.
        """
        self._database.verify_locks()
        with self._writing(kind, source_id) as connection:
            link = self._find(connection, kind, source_id)
            merged = {**(link.detail if link else {}), **detail}
            values: dict[str, Any] = {"number": number or (link.number if link else None)}
            event = "link.intended"
            if link is not None and link.state == "linked":
                values |= {"changing_to": fingerprint}
                event = "link.change_intended"
            else:
                values |= {"state": "intent", "fingerprint": fingerprint, "exact_id": None}
                if link is not None and link.state == "missing":
                    merged["replaces"] = link.exact_id
            self._put(connection, kind, source_id, link, {**values, "detail": merged})
            self._tell(connection, event, kind, source_id, {"number": number, "fingerprint": fingerprint, **detail})

    def progress(self, kind: str, source_id: str, **detail: Any) -> None:  # noqa: ANN401
        """Merge what is now known (`document_id=…`) into the detail of an intent or link.

        Raises:
            StoreError: there is no link of that document.
            StoreUnavailableError: as for `intend`.
        """
        self._database.verify_locks()
        with self._writing(kind, source_id) as connection:
            link = self._require(connection, kind, source_id)
            self._put(connection, kind, source_id, link, {"detail": {**link.detail, **detail}})
            self._tell(connection, "link.progressed", kind, source_id, detail)

    def confirm(  # noqa: PLR0913
        self,
        kind: str,
        source_id: str,
        *,
        exact_id: str,
        fingerprint: str,
        how: How,
        number: str | None = None,
        entry_number: int | None = None,
        amount: Decimal | None = None,
        currency: str | None = None,
        detail: dict[str, Any] | None = None,
    ) -> None:
        """Say that the document stands in Exact. What is None keeps its value; `detail` is merged.

        In the same transaction the reject of the document goes, and the staged personal data of an account.
        """
        known = {"number": number, "entry_number": entry_number, "amount": amount, "currency": currency}
        known = {name: value for name, value in known.items() if value is not None}
        with self._writing(kind, source_id) as connection:
            link = self._find(connection, kind, source_id)
            values = {
                **known,
                "state": "linked",
                "how": how,
                "exact_id": exact_id,
                "fingerprint": fingerprint,
                "changing_to": None,
                "verified_at": utc_now(),
                "detail": {**(link.detail if link else {}), **(detail or {})},
            }
            self._put(connection, kind, source_id, link, values)
            before = link.exact_id if link is not None and link.exact_id != exact_id else None
            told = {**known, "how": how, "exact_id": exact_id, "exact_id_before": before, "fingerprint": fingerprint}
            self._tell(connection, "link.confirmed", kind, source_id, told)
            resolve_reject(connection, self._division, kind, source_id, why="linked")
            if kind == "account":
                forget_customer(connection, self._division, source_id)

    def withdraw(self, kind: str, source_id: str) -> bool:
        """Say that nothing was written after all; return whether there was something to withdraw.

        An intent goes (one that replaced a missing entry is missing again); a linked document stays linked and only
        its change is no longer under way.
        """
        with self._writing(kind, source_id) as connection:
            link = self._find(connection, kind, source_id)
            if link is None or (link.state != "intent" and link.changing_to is None):
                return False
            if link.state == "intent" and link.detail.get("replaces"):
                detail = dict(link.detail)
                values = {"state": "missing", "exact_id": detail.pop("replaces"), "detail": detail}
                self._put(connection, kind, source_id, link, values)
            elif link.state == "intent":
                connection.execute(delete(links).where(self._is(kind, source_id)))
            else:
                self._put(connection, kind, source_id, link, {"changing_to": None})
            self._tell(connection, "link.withdrawn", kind, source_id, {"fingerprint": link.fingerprint})
            return True

    def mark_missing(self, kind: str, source_id: str) -> None:
        """Say that the entry was deleted in Exact; its id stays known. It is not posted again by itself.

        Raises:
            StoreError: there is no link of that document, or it was never confirmed.
        """
        with self._writing(kind, source_id) as connection:
            link = self._require(connection, kind, source_id)
            if link.exact_id is None:
                raise StoreError(f"The {kind} {link.number or source_id} was never linked, so it cannot be missing")
            self._put(connection, kind, source_id, link, {"state": "missing", "changing_to": None})
            self._tell(connection, "link.missing", kind, source_id, {"exact_id": link.exact_id})

    def remove(self, kind: str, source_id: str) -> bool:
        """Unlink, because a person asked for it; return whether there was a link. The audit trail keeps the id."""
        with self._writing(kind, source_id) as connection:
            link = self._find(connection, kind, source_id)
            if link is None:
                return False
            connection.execute(delete(links).where(self._is(kind, source_id)))
            told = {"state": link.state, "exact_id": link.exact_id, "entry_number": link.entry_number}
            self._tell(connection, "link.removed", kind, source_id, told)
            return True

    def touch_verified(self, kind: str, ids: Collection[str]) -> None:
        """Say that these entries were just seen in Exact."""
        wanted = sorted(set(ids))
        if not wanted:
            return
        with self._database.writing() as connection:
            for start in range(0, len(wanted), PAGE):
                some = links.c.source_id.in_(wanted[start : start + PAGE])
                mine = and_(links.c.division == self._division, links.c.kind == kind, some)
                connection.execute(update(links).where(mine).values(verified_at=utc_now()))
            self._tell(connection, "link.verified", kind, None, {"count": len(wanted)})

    def _writing(self, kind: str, source_id: str) -> AbstractContextManager[Connection]:
        return self._database.writing(f"{self._division} {kind} {source_id}")

    def _select(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        return select(links).where(links.c.division == self._division, *conditions)

    def _is(self, kind: str, source_id: str) -> ColumnElement[bool]:
        return and_(links.c.division == self._division, links.c.kind == kind, links.c.source_id == source_id)

    def _read(self, query: Select[Any]) -> list[Link]:
        with self._database.reading() as connection:
            return [Link(**row) for row in connection.execute(query).mappings()]

    def _find(self, connection: Connection, kind: str, source_id: str) -> Link | None:
        row = connection.execute(select(links).where(self._is(kind, source_id))).mappings().one_or_none()
        return None if row is None else Link(**row)

    def _require(self, connection: Connection, kind: str, source_id: str) -> Link:
        link = self._find(connection, kind, source_id)
        if link is None:
            raise StoreError(f"The store knows no link of {kind} {source_id} in division {self._division}")
        return link

    def _put(
        self, connection: Connection, kind: str, source_id: str, link: Link | None, values: dict[str, Any]
    ) -> None:
        moment = utc_now()
        if link is None:
            key = {"division": self._division, "kind": kind, "source_id": source_id}
            connection.execute(insert(links).values(**key, created_at=moment, updated_at=moment, **values))
        else:
            connection.execute(update(links).where(self._is(kind, source_id)).values(updated_at=moment, **values))

    def _tell(
        self, connection: Connection, event: str, kind: str, source_id: str | None, detail: dict[str, Any]
    ) -> None:
        write_audit(connection, event, division=self._division, kind=kind, source_id=source_id, detail=detail)
