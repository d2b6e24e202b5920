"""What the target remembers of one administration: the connector store, opened for a division."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from connector_store import ConnectorStore, Customers, Links, Payments, Receipts, Rejects

DOCUMENT_KINDS = ("invoice", "credit_note")
ACCOUNT = "account"
ATTACHMENT = "attachment"
"""Kind of the reject that holds the files of a booked document which could not be attached yet."""
RECEIPT = "receipt"
"""Kind of the reject of a payment that could not be booked, or not be matched."""
DOCUMENTS_AND_CUSTOMERS = (*DOCUMENT_KINDS, ACCOUNT, ATTACHMENT)
"""Kinds of the rejects that are tried again before anything else; those of other jobs are none of our business."""


@dataclass(frozen=True)
class Memory:
    """The parts of the store that belong to one division."""

    store: ConnectorStore
    division: int

    @property
    def links(self) -> Links:
        """Return what ties documents and customers to Exact."""
        return self.store.links(self.division)

    @property
    def rejects(self) -> Rejects:
        """Return what could not be written."""
        return self.store.rejects(self.division)

    @property
    def receipts(self) -> Receipts:
        """Return the payments of the source that are booked in Exact."""
        return self.store.receipts(self.division)

    @property
    def payments(self) -> Payments:
        """Return what the payments job registered at the source for what is settled in Exact."""
        return self.store.payments(self.division)

    @property
    def customers(self) -> Customers:
        """Return the customers that no document needed yet."""
        return self.store.customers(self.division)
