"""A link: what ties a document or customer to its counterpart in Exact, and how links are found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypedDict

from sqlalchemy import func, select

from connector_store.details import AccountDetail, DocumentDetail
from connector_store.schema import links
from connector_store.write_ahead import Key, WriteAhead

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from decimal import Decimal

    from sqlalchemy.engine import RowMapping

    from connector_store.details import EntryChange, RefusedChange, Step

ACCOUNT = "account"
"""Kind of the link of a customer; every other kind is one of a document."""


class State(StrEnum):
    """Where the writing of a document or customer stands."""

    INTENT = "intent"
    LINKED = "linked"
    MISSING = "missing"
    """The entry was deleted in Exact."""
    ORPHANED = "orphaned"
    """The document was deleted at the source, and its entry stands in Exact."""


class How(StrEnum):
    """How a link came to be."""

    POSTED = "posted"
    ADOPTED = "adopted"
    """The entry stood in Exact already."""
    MATCHED = "matched"
    """A person linked it, or the account stood in Exact already."""
    UPDATED = "updated"


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
    detail: DocumentDetail | AccountDetail
    created_at: datetime
    updated_at: datetime
    verified_at: datetime | None
    """When the entry was last seen in Exact."""
    changing_to: str | None
    """Fingerprint of a change of a linked document that is being written, None when none is under way."""

    @property
    def document(self) -> DocumentDetail:
        """What is kept of a document; raises TypeError for a customer."""
        if not isinstance(self.detail, DocumentDetail):
            raise TypeError(f"a link of kind {self.kind} is none of a document")
        return self.detail

    @property
    def account(self) -> AccountDetail:
        """What is kept of a customer; raises TypeError for a document."""
        if not isinstance(self.detail, AccountDetail):
            raise TypeError(f"a link of kind {self.kind} is none of a customer")
        return self.detail


class Progress(TypedDict, total=False):
    """What a run learns between intent and outcome; None takes back what was known."""

    step: Step | None
    sent_at: datetime | None
    document_id: str | None
    change: EntryChange | None
    refused: RefusedChange | None
    payments_seen: str | None
    told_number: int | None
    source_deleted: bool | None


def detail_type(kind: str) -> type[DocumentDetail | AccountDetail]:
    """Return what is kept of links of a kind."""
    return AccountDetail if kind == ACCOUNT else DocumentDetail


class FoundLinks(WriteAhead[Link]):
    """The links of one division as they are found."""

    table = links
    id_column = "source_id"
    noun = "link"

    def get(self, kind: str, source_id: str) -> Link | None:
        """Return the link of a document, in whatever state."""
        return self._get(Key(kind, source_id))

    def get_many(self, kind: str, ids: Collection[str]) -> dict[str, Link]:
        """Return the links there are of these documents, by source id."""
        found = self._among(self._select(links.c.kind == kind), links.c.source_id, ids)
        return {link.source_id: link for link in found}

    def find_exact(self, exact_id: str) -> Link | None:
        """Return the link to an entry or account of Exact; of several (customers merged in Exact) the oldest."""
        query = self._select(links.c.exact_id == exact_id).order_by(links.c.created_at, links.c.source_id).limit(1)
        return next(iter(self._read(query)), None)

    def holders(self, kind: str, exact_id: str) -> list[Link]:
        """Return all links of one kind to an entry or account of Exact: customers may share an account."""
        return self._read(self._select(links.c.kind == kind, links.c.exact_id == exact_id))

    def find_exact_many(self, kind: str, exact_ids: Collection[str]) -> dict[str, Link]:
        """Return the links of one kind to these entries or accounts of Exact, by their id there."""
        some = self._select(links.c.kind == kind)
        oldest_last = some.order_by(links.c.created_at.desc(), links.c.source_id.desc())
        return {str(link.exact_id): link for link in self._among(oldest_last, links.c.exact_id, exact_ids)}

    def intents(self) -> list[Link]:
        """Return what was about to be written and is not known to be: oldest first. Resolve these before all else."""
        return self._read(self._select(links.c.state == State.INTENT).order_by(links.c.created_at, links.c.source_id))

    def changes(self) -> list[Link]:
        """Return the booked documents of which a change was about to be written, deleted ones too, oldest first."""
        is_booked = links.c.state.in_((State.LINKED, State.ORPHANED))
        query = self._select(is_booked, links.c.changing_to.is_not(None))
        return self._read(query.order_by(links.c.updated_at, links.c.source_id))

    def confirmed(self, kind: str, *, limit: int | None = None, verified_before: datetime | None = None) -> list[Link]:
        """Return linked documents of one kind, those first that were not seen in Exact for the longest time.

        Args:
            kind: "invoice", "credit_note" or "account".
            limit: at most so many.
            verified_before: only those not seen since that moment.
        """
        query = self._select(links.c.state == State.LINKED, links.c.kind == kind)
        if verified_before is not None:
            query = query.where(links.c.verified_at < verified_before)
        return self._read(query.order_by(links.c.verified_at, links.c.source_id).limit(limit))

    def count(self) -> dict[tuple[str, str], int]:
        """Return how many links there are per kind and state."""
        query = select(links.c.kind, links.c.state, func.count()).where(links.c.division == self._division)
        with self._database.reading() as connection:
            rows = connection.execute(query.group_by(links.c.kind, links.c.state))
            return {(kind, state): number for kind, state, number in rows}

    def newest(self, kind: str, *, limit: int) -> list[Link]:
        """Return the last links of a kind that were made, those whose document was deleted at the source left out."""
        query = self._select(links.c.kind == kind, links.c.state != State.ORPHANED)
        return self._read(query.order_by(links.c.created_at.desc(), links.c.source_id).limit(limit))

    def missing(self) -> list[Link]:
        """Return the links whose entry or account was deleted in Exact, oldest first."""
        return self._read(self._select(links.c.state == State.MISSING).order_by(links.c.created_at, links.c.source_id))

    def orphans(self) -> list[Link]:
        """Return the links whose document was deleted at the source, oldest first."""
        return self._read(self._select(links.c.state == State.ORPHANED).order_by(links.c.created_at, links.c.source_id))

    def _row(self, row: RowMapping) -> Link:
        state, how = State(row["state"]), None if row["how"] is None else How(row["how"])
        return Link(**{**row, "state": state, "how": how, "detail": detail_type(row["kind"]).read(row["detail"])})
