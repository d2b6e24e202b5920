"""What every stream of the tap shares."""

from __future__ import annotations

import abc
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from singer_sdk import SchemaDirectory, StreamSchema
from singer_sdk.helpers.conform import TypeConformanceLevel
from typing_extensions import override

from singer_shell.tap import ShellStream
from tap_teamleader import schemas
from tap_teamleader.progress import REPLICATION_KEY, Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from singer_sdk.helpers.types import Context, Record

    from tap_teamleader.connection import TeamleaderTap
    from teamleader_api import TeamleaderClient


class TeamleaderStream(ShellStream, abc.ABC):
    """One kind of Teamleader object; its records keep Teamleader's names and shapes."""

    primary_keys = ("id",)
    schema = StreamSchema(SchemaDirectory(schemas))

    # Deeper conformance would turn the values of custom fields, which have any type, into booleans.
    TYPE_CONFORMANCE_LEVEL = TypeConformanceLevel.ROOT_ONLY

    _tap: TeamleaderTap

    @property
    def client(self) -> TeamleaderClient:
        """The tap's one connection to Teamleader."""
        return self._tap.client

    def wants(self, property_name: str) -> bool:
        """Tell whether a property was selected in the catalog."""
        return self.mask[("properties", property_name)]


class ChangesStream(TeamleaderStream, abc.ABC):
    """A stream that reads what changed, oldest change first, and goes on where a run was cut off."""

    replication_key = REPLICATION_KEY
    is_sorted = True
    STATE_MSG_FREQUENCY = 20

    @cached_property
    def progress(self) -> Progress:
        """Bookmark and memory of this stream; a throw-away one when the catalog asks for the whole table."""
        state = self.stream_state if self.replication_method == "INCREMENTAL" else {}
        return Progress(state, timedelta(minutes=self.config["lookback_minutes"]))

    @override
    def forget(self) -> None:
        Progress(self.stream_state, timedelta()).begin_anew()

    @abc.abstractmethod
    def delivered(self, record: Record) -> None:
        """Move bookmark and memory: the record was written."""

    @override
    def get_replication_key_signpost(self, context: Context | None = None) -> None:
        """Set no limit to the bookmark: it only ever holds times of Teamleader, and rows come in order."""

    @override
    def _write_starting_replication_value(self, context: Context | None) -> None:
        """Leave out the SDK's note of where the run began: it would take `start_date` for a moment of change."""

    @override
    def _increment_stream_state(self, latest_record: Record, *, context: Context | None = None) -> None:
        """Move the bookmark in our own way: the SDK refuses the late changes that the look-back finds."""
        self.delivered(latest_record)


def id_batches(ids: list[str], size: int = 100) -> Iterator[list[str]]:
    """Cut ids into the batches that one list call can be asked for."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def page_of(*conditions: tuple[str, Any]) -> dict[str, Any]:
    """Make the body of a list call from those conditions that have a value."""
    present = {name: value for name, value in conditions if value is not None}
    return {"filter": present} if present else {}
