"""The two sinks: batches of at most 40 records, checked against our own schema, handed to the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from singer_sdk.exceptions import InvalidRecord
from singer_sdk.sinks import BatchSink
from typing_extensions import override

from target_exactonline.streams import ACCOUNTS, SALES_ENTRIES, fault
from target_exactonline.writing.lookups import BATCH

if TYPE_CHECKING:
    from target_exactonline.target import TargetExactOnline


class ExactSink(BatchSink):
    """Collects a batch; records that do not fit our schema never enter one."""

    target: TargetExactOnline

    def __init__(self, target: TargetExactOnline, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        self.target = target
        super().__init__(target, *args, **kwargs)

    @property
    @override
    def max_size(self) -> int:
        """One batched look-up in Exact takes so many."""
        return BATCH

    @override
    def get_validator(self) -> None:
        """Leave out the SDK's own check: the sender's schema does not bind us, ours does."""

    @override
    def _validate_and_parse(self, record: dict[str, Any]) -> dict[str, Any]:
        """Check the record against our schema; dates stay texts, so that the record is kept as it came."""
        problem = fault(self.stream_name, record)
        if problem is not None:
            raise InvalidRecord(problem, record)
        return record

    @override
    def _after_process_record(self, context: dict[str, Any]) -> None:
        """Say nothing: the SDK would write the whole batch, customers and files included, to a log at level debug."""


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
