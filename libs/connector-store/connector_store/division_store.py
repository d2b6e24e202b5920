"""The store as one coupling uses it: what belongs to one division of Exact, and the names that its users share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from connector_store.another_documents import SEEN_KIND, AnotherDocuments
from connector_store.booked_payments import KIND as BOOKED_PAYMENT
from connector_store.facts import RefusedFor
from connector_store.imported_customers import KIND as CUSTOMER
from connector_store.link import ACCOUNT
from connector_store.registered_payments import KIND as PAYMENT

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from connector_store.account_rows import AccountRows
    from connector_store.booked import Booked
    from connector_store.booked_payments import BookedPayments
    from connector_store.customers import Customers
    from connector_store.facts import MasterData, Seen
    from connector_store.files import Files
    from connector_store.imported_customers import ImportedCustomers
    from connector_store.links import Links
    from connector_store.registered_payments import RegisteredPayments
    from connector_store.rejects import Rejects
    from connector_store.store import ConnectorStore
    from connector_store.terms import Terms

INVOICE: Final = "invoice"
DOCUMENT_KINDS: Final = (INVOICE, "credit_note")
REVERSAL: Final = "reversal"
"""Kind of the link of an entry that takes back that of a document which was deleted at the source."""
CUSTOMER_CODES: Final = ("customer_missing", "waiting_for_customer", "vat_country_differs")
"""Codes of documents that may follow when more is known of their customer."""
ATTACHMENT: Final = "attachment"
"""Kind of the reject that holds the files of a booked document which could not be attached yet, under its id."""

__all__ = [
    "ACCOUNT",
    "ATTACHMENT",
    "BOOKED_PAYMENT",
    "CUSTOMER",
    "CUSTOMER_CODES",
    "DOCUMENT_KINDS",
    "INVOICE",
    "PAYMENT",
    "REVERSAL",
    "DivisionStore",
]


@dataclass(frozen=True)
class DivisionStore:
    """The parts of the store that belong to one division."""

    store: ConnectorStore
    division: int

    @property
    def links(self) -> Links:
        """Return what ties documents and customers to Exact."""
        return self.store.links(self.division)

    @property
    def rejects(self) -> Rejects:
        """Return what could not be written, in either direction."""
        return self.store.rejects(self.division)

    @property
    def customers(self) -> Customers:
        """Return the customers that no document needed yet."""
        return self.store.customers(self.division)

    @property
    def imported_customers(self) -> ImportedCustomers:
        """Return the customers of Exact that stand in Teamleader."""
        return self.store.imported_customers(self.division)

    @property
    def registered_payments(self) -> RegisteredPayments:
        """Return what was registered in Teamleader for what is settled in Exact."""
        return self.store.registered_payments(self.division)

    @property
    def booked_payments(self) -> BookedPayments:
        """Return the payments of Teamleader that are booked in Exact."""
        return self.store.booked_payments(self.division)

    @property
    def terms(self) -> Terms:
        """Return the mirror of Exact's payment terms."""
        return self.store.terms(self.division)

    @property
    def master_data(self) -> MasterData:
        """Return rows of the administration that seldom change, with their age."""
        return self.store.master_data(self.division)

    @property
    def account_rows(self) -> AccountRows:
        """Return the accounts of the administration as Exact told them, for customers to be matched with."""
        return self.store.account_rows(self.division)

    @property
    def closed_periods(self) -> RefusedFor[tuple[int, int]]:
        """Return the financial periods (year, period) that Exact refused as closed lately."""
        return RefusedFor(self.master_data, "a closed period", lambda key: (int(key[0]), int(key[1])))

    @property
    def refusals(self) -> RefusedFor[tuple[str, str]]:
        """Return what Exact refused documents for lately: (code, what it is of), such as a blocked account."""
        return RefusedFor(self.master_data, "a code", lambda key: (str(key[0]), str(key[1])))

    def forget_refusals(self) -> None:
        """Let the next document ask Exact again, whatever earlier ones were refused for."""
        self.closed_periods.forget()
        self.refusals.forget()

    @property
    def booked(self) -> Booked:
        """Return the entries as they were booked."""
        return self.store.booked(self.division)

    @property
    def files(self) -> Files:
        """Return the files of documents: to fetch, to attach, attached."""
        return self.store.files(self.division)

    def seen(self, kind: str) -> Seen:
        """Return the things of a kind (tax rates, product categories) that were seen once, archived ones too."""
        return self.store.seen(self.division, kind)

    @property
    def another_documents(self) -> AnotherDocuments:
        """Return the documents that are booked though a similar entry stands in Exact, because a person said so."""
        return AnotherDocuments(self.seen(SEEN_KIND))

    def generation(self, name: str) -> int:
        """Return a counter of this division, 0 before it was first moved on."""
        return self.store.generations(self.division).get(name)

    def advance(self, name: str) -> int:
        """Move a counter on by one; return what it is now."""
        return self.store.generations(self.division).advance(name)

    def writing_to_exact(self, *, timeout: float = 0) -> AbstractContextManager[None]:
        """Hold the lock of whoever writes to the division, or changes what is remembered of its documents.

        Raises:
            LockBusyError: another process holds it and did not let go within `timeout` seconds.
        """
        return self.store.lock(f"exact:{self.division}", timeout=timeout)

    def writing_to_teamleader(self, *, timeout: float = 0) -> AbstractContextManager[None]:
        """Hold the lock of whoever registers the division's payments in Teamleader.

        Raises:
            LockBusyError: another process holds it and did not let go within `timeout` seconds.
        """
        return self.store.lock(f"payments:{self.division}", timeout=timeout)
