"""Companies and contacts: those that changed, and those that the changed documents name."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from typing_extensions import override

from tap_teamleader import timestamps
from tap_teamleader.streams.base import ChangesStream, id_batches, page_of
from tap_teamleader.streams.documents import selected_documents
from teamleader_api import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from singer_sdk.helpers.types import Record

    from tap_teamleader.changes import CustomerKind
    from tap_teamleader.streams.documents import DocumentStream


class _Listed(NamedTuple):
    updated_at: str
    id: str


class CustomerStream(ChangesStream):
    """Customers in two parts: the changed ones, which move the bookmark, then the named ones, which do not.

    List rows know the primary address only. All addresses (and a contact's VAT number) cost one call per customer, so
    they are read when the property `addresses` is selected.
    """

    kind: ClassVar[CustomerKind]
    resource: ClassVar[str]

    _place: str | None
    """Where the customer that is being delivered stands among the changed ones; None when it was only named."""
    _read_at: str

    @override
    def read(self) -> Iterable[Record]:
        changed = self._changed
        yield from self._in_full([row.id for row in changed], {row.id: row.updated_at for row in changed})
        delivered = {row.id for row in changed}
        yield from self._in_full(sorted(self._named - delivered), {})

    @override
    def delivered(self, record: Record) -> None:
        if self._place:
            self.progress.move_to(self._place)
        self.progress.note_put_out(record["id"])
        if record.get("updated_at"):
            self.progress.remember(record["id"], record["updated_at"], self._read_at)

    @property
    def _named(self) -> set[str]:
        """The customers that changed documents name, but for those that went out with them before.

        When one of these changes, that shows by itself.
        """
        named: set[str] = set()
        for stream in self._documents:
            new, known = stream.customers(self.kind)
            named |= new | (known - self.progress.put_out)
        return named

    @cached_property
    def _changed(self) -> list[_Listed]:
        """The customers that changed since the last run, oldest change first."""
        since = self.progress.since
        if since is None and self._only_invoiced:
            self._begin_here()
            return []
        body = page_of(("updated_since", timestamps.for_filter(since) if since else None))
        listed: list[_Listed] = self.client.listed_until_stable(
            f"{self.resource}.list",
            {**body, "sort": [{"field": "updated_at", "order": "asc"}]},
            key=lambda row: row["id"],
            project=lambda row: _Listed(timestamps.utc(row["updated_at"]), row["id"]),
        )
        return sorted(row for row in listed if self.progress.is_new(row.id, row.updated_at))

    @property
    def _documents(self) -> list[DocumentStream]:
        """The streams of documents that take part in this run."""
        return selected_documents(self._tap)

    @property
    def _only_invoiced(self) -> bool:
        """Whether a first run leaves out customers that no document names."""
        return (
            self.replication_method == "INCREMENTAL"
            and self.config["customers"] == "invoiced"
            and bool(self._documents)
        )

    def _begin_here(self) -> None:
        """Put the bookmark of a first run at the newest change, without delivering what was there before."""
        read_at = timestamps.now()
        newest: list[dict[str, Any]] = self.client.call(
            f"{self.resource}.list",
            {"sort": [{"field": "updated_at", "order": "desc"}], "page": {"size": 100, "number": 1}},
        )
        rows = [_Listed(timestamps.utc(row["updated_at"]), row["id"]) for row in newest]
        if rows:
            self.progress.move_to(max(rows).updated_at)
        for row in rows:
            self.progress.remember(row.id, row.updated_at, read_at)

    def _in_full(self, ids: list[str], places: dict[str, str]) -> Iterator[Record]:
        with_addresses = self.wants("addresses")
        for batch in id_batches(ids):
            self._read_at = timestamps.now()
            rows = {} if with_addresses else self._rows(batch)
            for customer_id in batch:
                # A deactivated customer may be left out of lists and still be there.
                customer = rows.get(customer_id) or self._one(customer_id)
                if customer is None:
                    self.logger.warning(
                        "%s %s is not in Teamleader any more: its documents come without it", self.kind, customer_id
                    )
                    continue
                if customer.get("updated_at"):
                    customer["updated_at"] = timestamps.utc(customer["updated_at"])
                self._place = places.get(customer_id)
                yield customer

    def _rows(self, ids: list[str]) -> dict[str, Record]:
        body = {**page_of(("ids", ids)), "page": {"size": len(ids), "number": 1}}
        return {row["id"]: row for row in self.client.call(f"{self.resource}.list", body)}

    def _one(self, customer_id: str) -> Record | None:
        self._read_at = timestamps.now()
        try:
            customer: Record = self.client.call(f"{self.resource}.info", {"id": customer_id})
        except NotFound:
            return None
        return customer


class Companies(CustomerStream):
    """Companies."""

    name = "companies"
    kind: ClassVar[CustomerKind] = "company"
    resource = "companies"


class Contacts(CustomerStream):
    """Persons: private customers, and the people of companies."""

    name = "contacts"
    kind: ClassVar[CustomerKind] = "contact"
    resource = "contacts"
