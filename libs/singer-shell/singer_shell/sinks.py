"""The sink of a target of ours: batches of records that fit our own schema, handed to the run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from singer_sdk.exceptions import InvalidRecord
from singer_sdk.sinks import BatchSink
from typing_extensions import override

if TYPE_CHECKING:
    from singer_sdk import Target

    from singer_shell.validation import InputSchemas


class ShellSink(BatchSink):
    """Collects a batch; records that do not fit our schema never enter one.

    Attributes:
        name: The stream.
        batch: Records per batch: what one look-up in the service takes.
        schemas: What the records must look like.
    """

    name: ClassVar[str]
    batch: ClassVar[int]
    schemas: ClassVar[InputSchemas]

    def __init__(self, target: Target, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        self.target = target
        super().__init__(target, *args, **kwargs)

    @property
    @override
    def max_size(self) -> int:
        return self.batch

    @override
    def get_validator(self) -> None:
        """Leave out the SDK's own check: the sender's schema does not bind us, ours does."""

    @override
    def _validate_and_parse(self, record: dict[str, Any]) -> dict[str, Any]:
        """Check the record against our schema; dates stay texts, so that the record is kept as it came.

        The SDK goes on with the record itself, whatever is returned: ids become texts in place.
        """
        self.schemas.turn_ids_to_text(self.stream_name, record)
        problem = self.schemas.fault(self.stream_name, record)
        if problem is not None:
            raise InvalidRecord(problem, record)
        return record

    @override
    def _after_process_record(self, context: dict[str, Any]) -> None:
        """Say nothing: the SDK would write the whole batch, customers and files included, to a log at level debug."""
