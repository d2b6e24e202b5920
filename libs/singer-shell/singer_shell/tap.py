"""The tap around its streams: the client they share, how it stops, and what it has in common with the store."""

from __future__ import annotations

import abc
from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, cast

from singer_sdk import Stream, Tap
from singer_sdk.helpers.capabilities import CapabilitiesEnum, PluginCapabilities, TapCapabilities
from typing_extensions import override

from singer_shell.endings import Ended, Trouble, in_one_line
from singer_shell.login import open_store
from singer_shell.plugin import ShellPlugin
from singer_shell.runs import RunRecord
from singer_shell.stop import Interruption
from singer_shell.store_and_state import KEY, Meeting, meet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from types import FrameType

    from singer_sdk.helpers.types import Context, Record

    from connector_store import ConnectorStore


class ShellTap(ShellPlugin, Tap):
    """A tap of ours.

    Attributes:
        stream_types: Its streams, in the order in which they are read.
        tally: Records read in this run, by stream.
    """

    capabilities: ClassVar[list[CapabilitiesEnum]] = [
        TapCapabilities.CATALOG,
        TapCapabilities.DISCOVER,
        TapCapabilities.STATE,
        PluginCapabilities.ABOUT,
        PluginCapabilities.STREAM_MAPS,
        PluginCapabilities.FLATTENING,
        PluginCapabilities.STRUCTURED_LOGGING,
    ]
    stream_types: ClassVar[Sequence[type[ShellStream]]]

    @override
    def __init__(self, **options: Any) -> None:
        # A tap never waits for input: stopping anywhere but between two records could lose a refresh token that the
        # service has just replaced, or leave half a line.
        self.interruption = Interruption(at_work=True)
        self.tally: Counter[str] = Counter()
        self._meeting: Meeting | None = None
        super().__init__(**options)

    @classmethod
    @override
    def append_builtin_config(cls, config_jsonschema: dict[str, Any]) -> None:
        """Add the SDK's own settings, without the one for a library that is not installed with our taps."""
        super().append_builtin_config(config_jsonschema)
        config_jsonschema["properties"].pop("faker_config", None)

    @override
    def discover_streams(self) -> list[ShellStream]:
        return [stream(self) for stream in self.stream_types]

    @property
    @override
    def streams(self) -> dict[str, Stream]:
        """The streams in the order of `stream_types`: the SDK would read them by name."""
        places: dict[type[Stream], int] = {stream: place for place, stream in enumerate(self.stream_types)}
        return dict(sorted(super().streams.items(), key=lambda item: places[type(item[1])]))

    @cached_property
    def store(self) -> ConnectorStore:
        """The store that all plugins share.

        Raises:
            StoreError: It cannot be opened.
        """
        return open_store(self.config)

    @override
    def load_state(self, state: dict[str, Any]) -> None:
        """Take over the mark of the store as well: the SDK takes the streams' parts only."""
        super().load_state(state)
        if KEY in state:
            self._whole_state[KEY] = state[KEY]

    @property
    def _whole_state(self) -> dict[str, Any]:
        """The state as it goes out: the SDK's type tells of the streams' parts only."""
        return cast("dict[str, Any]", self.state)

    # A run, and its end

    # Final in the SDK so that no tap reads in its own way; nothing of that changes here.
    @override  # type: ignore[misc]
    def sync_all(self) -> None:
        """Read all streams, and keep a record of the run in the store."""
        with self.in_one_line():
            record = RunRecord(self.store.runs, self.name, self.config.get("division"), self.config)
        try:
            with self.in_one_line():
                self._meet_the_store()
                super().sync_all()
        except Ended as ended:
            self.write_state()
            record.end(self.tally, self._sentence(), trouble=ended.trouble)
            raise
        except BaseException as error:
            record.end(self.tally, self._sentence(), trouble=Trouble.of(error))
            raise
        self.logger.info("%s", record.end(self.tally, self._sentence()))

    def _meet_the_store(self) -> None:
        """Begin anew when the state and the store do not belong together."""
        self._meeting = meet(self.store, self.name, self._whole_state.get(KEY))
        if self._meeting.trouble:
            self.logger.warning("%s", self._meeting.trouble)
            for stream in self.streams.values():
                if isinstance(stream, ShellStream):
                    stream.forget()

    def mark_state(self) -> None:
        """Note in the state which store it belongs to: now that a stream begins, the state says something itself."""
        if self._meeting is not None:
            self._whole_state[KEY] = self._meeting.mark

    def write_state(self) -> None:
        """Say how far the run came, before it ends early; an empty state would wipe what Meltano keeps."""
        for stream in self.streams.values():
            if isinstance(stream, ShellStream):
                stream.save()
        if any(self.state.get("bookmarks", {}).values()):
            self.state_writer.write_state(self.state)

    @classmethod
    def in_one_line(cls) -> AbstractContextManager[None]:
        """End the run with one line when the reason lies outside of the program."""
        return in_one_line(cls.logger, cls.name, stop_is_failure=False)

    @classmethod
    @override
    def invoke(cls, **arguments: Any) -> None:
        """Run; exit status 0 at the end or when asked to stop, 1 with one line when the run could not work."""
        with cls.in_one_line():
            super().invoke(**arguments)

    @override
    def _handle_termination(self, signum: int, frame: FrameType | None) -> None:
        self.interruption.handle(signum, frame)

    def _sentence(self) -> str:
        read = ", ".join(f"{number} {stream}" for stream, number in self.tally.items())
        sentence = f"read {read}" if read else "nothing new to read"
        trouble = self._meeting.trouble if self._meeting else None
        return f"{trouble}; {sentence}" if trouble else sentence


class ShellStream(Stream, abc.ABC):
    """A stream of ours: stops between two records, and ends the run in one line."""

    _tap: ShellTap

    @abc.abstractmethod
    def read(self) -> Iterable[Record]:
        """Yield the records of this run."""

    def forget(self) -> None:
        """Begin anew: what the Singer state says of this stream is not to be relied on."""
        self.stream_state.clear()

    def save(self) -> None:
        """Bring the Singer state up to date, for a stream that does not do so with every record."""

    @override
    def get_records(self, context: Context | None) -> Iterator[Record]:
        with self._tap.in_one_line():
            self._tap.interruption.check()
            self._tap.mark_state()
            for record in self.read():
                yield record
                self._tap.tally[self.name] += 1
                self._tap.interruption.check()


class BookmarkedStream(ShellStream, abc.ABC):
    """A stream that keeps its bookmark itself: the SDK's does not fit rows that come late."""

    @abc.abstractmethod
    def delivered(self, record: Record) -> None:
        """Move on: the record was written."""

    @override
    def get_replication_key_signpost(self, context: Context | None = None) -> None:
        """Set no limit to the bookmark: it only ever holds what came from the service."""

    @override
    def _write_starting_replication_value(self, context: Context | None) -> None:
        """Leave out the SDK's note of where the run began: it would take `start_date` for a moment of change."""

    @override
    def _increment_stream_state(self, latest_record: Record, *, context: Context | None = None) -> None:
        """Move the bookmark in our own way: the SDK fails on a row that is older than the one before it."""
        self.delivered(latest_record)
