"""The sinks: batches of at most 100 records, handed to the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from connector_store import CustomerType
from singer_shell.sinks import ShellSink
from target_teamleader.invoice_search import BATCH
from target_teamleader.streams import COMPANIES, CONTACTS, PAYMENTS, SCHEMAS

if TYPE_CHECKING:
    from singer_shell.target import ShellTarget
    from target_teamleader.run import Run


class PaymentsSink(ShellSink):
    """What the books say of invoices; as many as one look-up in Teamleader takes."""

    name = PAYMENTS
    target: ShellTarget[Run]
    schemas = SCHEMAS
    batch = BATCH

    @override
    def process_batch(self, context: dict[str, Any]) -> None:
        self.target.run.payments(context["records"])


class CustomersSink(ShellSink):
    """Customers of the books.

    Attributes:
        type_: What they are in Teamleader.
    """

    type_: ClassVar[CustomerType]
    target: ShellTarget[Run]
    schemas = SCHEMAS
    batch = BATCH

    @override
    def process_batch(self, context: dict[str, Any]) -> None:
        self.target.run.customers(self.type_, context["records"])


class CompaniesSink(CustomersSink):
    """Firms."""

    name = COMPANIES
    type_ = CustomerType.COMPANY


class ContactsSink(CustomersSink):
    """Persons: private customers, and people of firms."""

    name = CONTACTS
    type_ = CustomerType.CONTACT
