"""The two sinks: batches of at most 40 records, handed to the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typing_extensions import override

from singer_shell.sinks import ShellSink
from target_exactonline.streams import ACCOUNTS, SALES_ENTRIES, SCHEMAS
from target_exactonline.writing.lookups import BATCH

if TYPE_CHECKING:
    from target_exactonline.target import TargetExactOnline


class ExactSink(ShellSink):
    """As many records as one batched look-up in Exact takes."""

    target: TargetExactOnline
    schemas = SCHEMAS
    batch = BATCH


class AccountsSink(ExactSink):
    """Customers; they wait in the store until a document needs them."""

    name = ACCOUNTS

    @override
    def process_batch(self, context: dict[str, Any]) -> None:
        self.target.run.customers(context["records"])


class SalesEntriesSink(ExactSink):
    """Invoices and credit notes."""

    name = SALES_ENTRIES

    @override
    def process_batch(self, context: dict[str, Any]) -> None:
        self.target.drain_customers()
        self.target.run.documents(context["records"])
