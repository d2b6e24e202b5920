"""The sinks: batches of at most 40 records, handed to the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import override

from exactonline_api.odata import SAFE_TERMS
from singer_shell.sinks import ShellSink
from target_exactonline.streams import ACCOUNTS, DELETED_ENTRIES, SALES_ENTRIES, SCHEMAS

if TYPE_CHECKING:
    from singer_shell.target import ShellTarget
    from target_exactonline.run import Run


class ExactSink(ShellSink):
    """As many records as one batched look-up in Exact takes."""

    target: ShellTarget[Run]
    schemas = SCHEMAS
    batch = SAFE_TERMS


class DeletedEntriesSink(ExactSink):
    """Documents that were deleted at the source: before anything that may book them."""

    name = DELETED_ENTRIES

    @override
    def process_batch(self, context: dict[str, Any]) -> None:
        self.target.run.deleted(context["records"])


class AccountsSink(ExactSink):
    """Customers; they wait in the store until a document needs them."""

    name = ACCOUNTS

    @override
    def process_batch(self, context: dict[str, Any]) -> None:
        self.target.drain_stream(DELETED_ENTRIES)
        self.target.run.customers(context["records"])


class SalesEntriesSink(ExactSink):
    """Invoices and credit notes."""

    name = SALES_ENTRIES

    @override
    def process_batch(self, context: dict[str, Any]) -> None:
        self.target.drain_stream(DELETED_ENTRIES)
        self.target.drain_stream(ACCOUNTS)  # documents may need the customers received so far
        self.target.run.documents(context["records"])
