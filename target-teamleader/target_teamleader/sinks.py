"""The sink: batches of at most 100 records, checked against our own schema, handed to the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from singer_sdk.exceptions import InvalidRecord
from singer_sdk.sinks import BatchSink
from typing_extensions import override

from target_teamleader.invoice_search import BATCH
from target_teamleader.streams import PAYMENTS, fault

if TYPE_CHECKING:
    from target_teamleader.target import TargetTeamleader


class PaymentsSink(BatchSink):
    """What the books say of invoices; records that do not fit our schema never enter a batch."""

    name = PAYMENTS
    target: TargetTeamleader

    def __init__(self, target: TargetTeamleader, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        self.target = target
        super().__init__(target, *args, **kwargs)

    @property
    @override
    def max_size(self) -> int:
        """One look-up in Teamleader takes so many."""
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
        """Say nothing: the SDK would write the whole batch to a log at level debug."""

    @override
    def process_batch(self, context: dict[str, Any]) -> None:
        self.target.run.payments(context["records"])
