"""The sinks: batches of at most 100 records, handed to the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


class CompaniesSink(ShellSink):
    """Firms of the books."""

    name = COMPANIES
    target: ShellTarget[Run]
    schemas = SCHEMAS
    batch = BATCH

    @override
    def process_batch(self, context: dict[str, Any]) -> None:
        self.target.run.customers(CustomerType.COMPANY, context["records"])


class ContactsSink(ShellSink):
    """Persons of the books: private customers, and people of firms."""

    name = CONTACTS
    target: ShellTarget[Run]
    schemas = SCHEMAS
    batch = BATCH

    @override
    def process_batch(self, context: dict[str, Any]) -> None:
        self.target.run.customers(CustomerType.CONTACT, context["records"])
