"""What every stream of the tap shares."""

from __future__ import annotations

import abc
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from singer_sdk import SchemaDirectory, StreamSchema
from singer_sdk.helpers.conform import TypeConformanceLevel
from typing_extensions import override

from singer_shell.tap import BookmarkedStream, ShellStream
from tap_teamleader import schemas
from tap_teamleader.progress import REPLICATION_KEY, Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

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


class ChangesStream(TeamleaderStream, BookmarkedStream, abc.ABC):
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


def id_batches(ids: list[str], size: int = 100) -> Iterator[list[str]]:
    """Cut ids into the batches that one list call can be asked for."""
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def page_of(*conditions: tuple[str, Any]) -> dict[str, Any]:
    """Make the body of a list call from those conditions that have a value."""
    present = {name: value for name, value in conditions if value is not None}
    return {"filter": present} if present else {}
