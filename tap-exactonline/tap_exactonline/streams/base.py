"""What every stream of the tap shares."""

from __future__ import annotations

import abc
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from singer_sdk import SchemaDirectory, StreamSchema
from singer_sdk.helpers.conform import TypeConformanceLevel
from typing_extensions import override

from singer_shell.tap import BookmarkedStream
from tap_exactonline import schemas
from tap_exactonline.fields import converter
from tap_exactonline.progress import of_division

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from singer_sdk.helpers.types import Record

    from exactonline_api import ExactClient
    from tap_exactonline.connection import ExactTap


class Progress(Protocol):
    """How far a stream has come."""

    def save(self) -> None:
        """Bring the Singer state up to date."""


class ExactStream(BookmarkedStream, abc.ABC):
    """One kind of row of an administration, its changes read; records keep Exact's names."""

    primary_keys = ("ID",)
    schema = StreamSchema(SchemaDirectory(schemas))
    is_sorted = True
    STATE_MSG_FREQUENCY = 100

    # The values of a record have their types already, in nested rows too.
    TYPE_CONFORMANCE_LEVEL = TypeConformanceLevel.ROOT_ONLY

    _tap: ExactTap

    @property
    @abc.abstractmethod
    def progress(self) -> Progress:
        """Bookmark and memory of this stream; cached, since it is made of the state at its first use."""

    @override
    def save(self) -> None:
        """Bring the state up to date, if this run came to the stream at all."""
        if "progress" in vars(self):
            self.progress.save()
            if self.own_state:
                self.own_state["division"] = self.division

    @property
    def client(self) -> ExactClient:
        """The tap's one connection to Exact."""
        return self._tap.client

    @property
    def division(self) -> int:
        """Number of the administration."""
        return int(self.config["division"])

    @cached_property
    def own_state(self) -> dict[str, Any]:
        """The state of this stream; a throw-away one when the catalog asks for the whole table."""
        state = self.stream_state if self.replication_method == "INCREMENTAL" else {}
        return of_division(state, self.division)

    @override
    def _write_state_message(self) -> None:
        if not self.state_manager.is_flushed:
            self.save()
        super()._write_state_message()


class EndpointStream(ExactStream, abc.ABC):
    """A stream whose records are the rows of one endpoint."""

    # `to_record` knows the properties and types of a record: the SDK need not look at each value once more.
    TYPE_CONFORMANCE_LEVEL = TypeConformanceLevel.NONE

    path: ClassVar[str]
    """The endpoint, below the division."""

    @cached_property
    def wanted(self) -> list[str]:
        """The properties to ask for: those selected in the catalog, the key and the replication key."""
        needed = {*self.primary_keys, self.replication_key}
        return [name for name in self.schema["properties"] if name in needed or self.mask[("properties", name)]]

    @cached_property
    def to_record(self) -> Callable[[Mapping[str, Any]], Record]:
        """Makes a record of a row."""
        return converter(self.schema["properties"])
