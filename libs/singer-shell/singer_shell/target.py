"""The target around a run: reads messages, hands records to the sinks, passes on state when all before it is done."""

from __future__ import annotations

import abc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Protocol, TypeVar

from singer_sdk import Target
from singer_sdk.exceptions import InvalidRecord, MissingKeyPropertiesError
from singer_sdk.helpers.capabilities import CapabilitiesEnum, PluginCapabilities
from singer_sdk.plugin_base import PluginBase
from typing_extensions import override

from api_core.errors import ApiError
from singer_shell.checkpoints import Checkpoint
from singer_shell.endings import RunEnded, Trouble, UnknownStream, in_one_line
from singer_shell.pipe import take_in_the_rest
from singer_shell.plugin import ShellPlugin
from singer_shell.reading import NotSinger, QuietReader
from singer_shell.runs import record_refusal
from singer_shell.stop import Interrupted, Interruption

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import IO

    from singer_sdk.singerlib.encoding.base import GenericSingerReader
    from singer_sdk.sinks import Sink

    from singer_shell.sinks import ShellSink

Record = dict[str, Any]


class Run(Protocol):
    """What a target does with its records, opened at the first of them."""

    def finish(self) -> None:
        """Do what earlier runs left undone, and close: the input has ended."""

    def close(self, trouble: Trouble | None = None) -> None:
        """Write the run's record and its last log line, and let everything go.

        Args:
            trouble: What ended the run early.
        """


RunT = TypeVar("RunT", bound=Run)


class ShellTarget(ShellPlugin, Target, Generic[RunT]):
    """A target of ours.

    Attributes:
        sinks: One class per input stream; every other stream is refused.
        checkpoint_records: Pass on state after so many records.
    """

    capabilities: ClassVar[list[CapabilitiesEnum]] = [
        PluginCapabilities.ABOUT,
        PluginCapabilities.STREAM_MAPS,
        PluginCapabilities.STRUCTURED_LOGGING,
    ]
    sinks: ClassVar[tuple[type[ShellSink], ...]]
    checkpoint_records: ClassVar[int]
    message_reader_class: type[GenericSingerReader[Any]] = QuietReader
    max_parallelism = 1  # a plain value instead of the SDK's property: sinks drain in order

    @override
    def __init__(self, **options: Any) -> None:
        self.interruption = Interruption()
        self._run: RunT | None = None
        self._was_opened = False
        self._checkpoint = Checkpoint(self.checkpoint_records)
        super().__init__(**options)

    @abc.abstractmethod
    def open_run(self) -> RunT:
        """Open a run."""

    @abc.abstractmethod
    def keep_invalid(self, stream: str, record: Record, reason: str) -> None:
        """Keep a record that does not fit its schema as rejected; it has an id."""

    @property
    def run(self) -> RunT:
        """The run, opened at the first record."""
        if self._run is None:
            self._run = self.open_run()
            self._was_opened = True
        return self._run

    def drain_stream(self, stream: str) -> None:
        """Hand on what was received of a stream so far, before its batch is full."""
        if stream in self._sinks_active:
            self.drain_one(self._sinks_active[stream])

    @classmethod
    @override
    def append_builtin_config(cls, config_jsonschema: dict[str, Any]) -> None:
        """Add the stream maps only: load methods, batch sizes and metadata columns mean nothing to a ledger."""
        PluginBase.append_builtin_config.__func__(cls, config_jsonschema)  # type: ignore[attr-defined]
        config_jsonschema["properties"].pop("faker_config", None)

    # Messages

    # Final in the SDK so that no plugin reads in its own way; nothing of that changes here.
    @override  # type: ignore[misc]
    def listen(self, file_input: IO[str] | None = None) -> None:
        """Read to the end of the input; what came before a line that cannot be read is done."""
        try:
            super().listen(file_input)
        except NotSinger:
            with self._working():
                self.drain_all()
                raise

    @override
    def get_sink_class(self, stream_name: str) -> type[Sink]:
        """Refuse unknown streams before anything is opened."""
        known = {sink.name: sink for sink in self.sinks}
        if stream_name not in known:
            raise UnknownStream(stream_name, self.name, list(known))
        return known[stream_name]

    @override
    def _process_schema_message(self, message_dict: Record) -> None:
        with self._working():
            super()._process_schema_message(message_dict)

    @override
    def _process_record_message(self, message_dict: Record) -> None:
        """Keep a record that is not valid as a reject, and go on."""
        with self._working():
            self._checkpoint.count()
            try:
                super()._process_record_message(message_dict)
            except (InvalidRecord, MissingKeyPropertiesError) as error:
                self._reject(message_dict, error)

    @override
    def _process_state_message(self, message_dict: Record) -> None:
        """Pass on state in small steps; all that came before it is drained first."""
        with self._working():
            super()._process_state_message(message_dict)
            if self._checkpoint.is_due:
                self.drain_all()
                self._checkpoint.passed()

    @override
    def _process_batch_message(self, message_dict: Record) -> None:
        raise RunEnded("BATCH messages are not taken: switch batch_config off in the tap.")

    @override
    def _process_activate_version_message(self, message_dict: Record) -> None:
        """Versions of a table mean nothing to a ledger."""

    @override
    def process_endofpipe(self) -> None:
        with self._working():
            super().process_endofpipe()
            self.run.finish()
            self._run = None

    @override
    def _write_state_message(self, state: Record) -> None:
        """Pass on no state in a dry run: the real run has to get the same records."""
        if not self.config.get("dry_run"):
            super()._write_state_message(state)

    def _reject(self, message: Record, error: Exception) -> None:
        stream = message["stream"]
        record = dict(message["record"])
        if isinstance(record.get("id"), int):
            record["id"] = str(record["id"])
        if not isinstance(record.get("id"), str) or not record["id"]:
            raise RunEnded(
                f"A record of stream '{stream}' has no id, so that it cannot even be kept as rejected: mend the sender."
            ) from error
        reason = error.error_message if isinstance(error, InvalidRecord) else "a key property is missing"
        self.keep_invalid(stream, record, reason)

    # The end

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Hold signals off while a message is worked on, and close the run when it cannot go on."""
        try:
            with self.interruption.deferred():
                yield
        except BaseException as error:
            self._stop(error)
            raise

    def _stop(self, error: BaseException) -> None:
        """Close a run that ends early; state of what is done is passed on when nothing is left over."""
        can_go_on = isinstance(error, Interrupted | RunEnded | ApiError)
        if can_go_on and not any(each.current_size for each in [*self._sinks_to_clear, *self._sinks_active.values()]):
            self.drain_all()
        if self._run is not None:
            run, self._run = self._run, None
            run.close(Trouble.of(error))
        elif not self._was_opened and not isinstance(error, Interrupted):
            record_refusal(self.config, self.name, Trouble.of(error))

    @override
    def _handle_termination(self, signum: int, frame: FrameType | None) -> None:
        try:
            self.interruption.handle(signum, frame)
        except Interrupted as error:
            self._stop(error)
            raise

    @classmethod
    @override
    def invoke(cls, **arguments: Any) -> None:
        """Run, and end with one line for a person when the run could not go on.

        Exit status: 0 at the end of input, rejected records or not; 1 when the run could not work; 128 and the
        signal's number when it was stopped.
        """
        with in_one_line(cls.logger, cls.name, stop_is_failure=True):
            try:
                super().invoke(**arguments)
            except Exception:
                # Before the line is told, so that it is the last one.
                if not arguments.get("file_input"):
                    take_in_the_rest()
                raise
