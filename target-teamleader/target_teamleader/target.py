"""The Singer target: reads messages, hands records to the sink, passes on state when everything before it is done."""

from __future__ import annotations

import json
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from singer_sdk import Target
from singer_sdk.exceptions import ConfigValidationError, InvalidRecord, MissingKeyPropertiesError
from singer_sdk.helpers.capabilities import CapabilitiesEnum, PluginCapabilities
from singer_sdk.plugin_base import PluginBase
from singer_sdk.singerlib.exceptions import InvalidInputLine
from typing_extensions import override

from connector_store import StoreError
from singer_shell.stop import Interrupted, Interruption
from target_teamleader import settings
from target_teamleader.errors import RunEnded, UnknownStream
from target_teamleader.invoice_search import BATCH
from target_teamleader.run import PLUGIN, Run
from target_teamleader.sinks import PaymentsSink
from teamleader_api import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType
    from typing import IO

    from singer_sdk.plugin_base import _ConfigInput
    from singer_sdk.sinks import Sink

CHECKPOINT_RECORDS = BATCH
CHECKPOINT_SECONDS = 15.0
SINKS: dict[str, type[Sink]] = {sink.name: sink for sink in (PaymentsSink,)}


class TargetTeamleader(Target):
    """Registers in Teamleader Focus what was settled in the books, each payment once."""

    name = PLUGIN
    package_name = "teamleader-exactonline-target-teamleader"
    config_jsonschema: ClassVar[dict[str, Any]] = settings.SCHEMA
    capabilities: ClassVar[list[CapabilitiesEnum]] = [
        PluginCapabilities.ABOUT,
        PluginCapabilities.STREAM_MAPS,
        PluginCapabilities.STRUCTURED_LOGGING,
    ]
    max_parallelism = 1  # a plain value instead of the SDK's property: sinks drain in order

    @override
    def __init__(self, **options: Any) -> None:
        self._interruption = Interruption()
        self._run: Run | None = None
        self._records_since = 0
        self._checkpoint_at = time.monotonic()
        super().__init__(**options)

    @property
    def run(self) -> Run:
        """The run, opened at the first record."""
        if self._run is None:
            self._run = Run(self.config, self.logger, self._interruption)
        return self._run

    # Settings

    @classmethod
    @override
    def append_builtin_config(cls, config_jsonschema: dict[str, Any]) -> None:
        """Add the stream maps only: load methods, batch sizes and metadata columns mean nothing here."""
        PluginBase.append_builtin_config.__func__(cls, config_jsonschema)  # type: ignore[attr-defined]
        config_jsonschema["properties"].pop("faker_config", None)

    @override
    def _validate_config(self, *, raise_errors: bool = True) -> list[str]:
        """Keep the values of secrets out of the messages."""
        try:
            return super()._validate_config(raise_errors=raise_errors)
        except ConfigValidationError as error:
            lines = [_without_secrets(line) for line in error.errors]
            raise ConfigValidationError(str(error), errors=lines, schema=error.schema) from None

    # Messages

    @override
    def get_sink_class(self, stream_name: str) -> type[Sink]:
        """Refuse unknown streams before anything is opened."""
        if stream_name not in SINKS:
            raise UnknownStream(stream_name)
        return SINKS[stream_name]

    @override
    def _process_schema_message(self, message_dict: dict[str, Any]) -> None:
        with self._working():
            super()._process_schema_message(message_dict)

    @override
    def _process_record_message(self, message_dict: dict[str, Any]) -> None:
        """Keep a record that is not valid as a reject, and go on."""
        with self._working():
            self._records_since += 1
            try:
                super()._process_record_message(message_dict)
            except (InvalidRecord, MissingKeyPropertiesError) as error:
                self._keep_invalid(message_dict, error)

    @override
    def _process_state_message(self, message_dict: dict[str, Any]) -> None:
        """Pass on state in small steps; all that came before it is drained first."""
        with self._working():
            super()._process_state_message(message_dict)
            waited = time.monotonic() - self._checkpoint_at
            if self._records_since >= CHECKPOINT_RECORDS or waited >= CHECKPOINT_SECONDS:
                self.drain_all()
                self._records_since = 0
                self._checkpoint_at = time.monotonic()

    @override
    def _process_batch_message(self, message_dict: dict[str, Any]) -> None:
        raise RunEnded("BATCH messages are not taken: switch batch_config off in the tap.")

    @override
    def _process_activate_version_message(self, message_dict: dict[str, Any]) -> None:
        """Versions of a table mean nothing here."""

    @override
    def process_endofpipe(self) -> None:
        with self._working():
            super().process_endofpipe()
            self.run.finish()
            self._run = None

    @override
    def _write_state_message(self, state: dict[str, Any]) -> None:
        """Pass on no state in a dry run: the real run has to get the same records."""
        if not self.config.get("dry_run"):
            super()._write_state_message(state)

    def _keep_invalid(self, message: dict[str, Any], error: Exception) -> None:
        record = dict(message["record"])
        if not isinstance(record.get("id"), str) or not record["id"]:
            raise RunEnded(
                f"A record of stream '{message['stream']}' has no id, so that it cannot even be kept as rejected: "
                "mend the sender."
            ) from error
        reason = error.args[0] if isinstance(error, InvalidRecord) else "a key property is missing"
        self.run.invalid(record, str(reason))

    # The end

    @contextmanager
    def _working(self) -> Iterator[None]:
        """Hold signals off while a message is worked on, and close the run when it cannot go on."""
        try:
            with self._interruption.deferred():
                yield
        except BaseException as error:
            self._stop(error)
            raise

    def _stop(self, error: BaseException) -> None:
        """Close a run that ends early; state of what is done is passed on when nothing is left over."""
        if isinstance(error, Interrupted | RunEnded | ApiError) and not any(
            sink.current_size for sink in [*self._sinks_to_clear, *self._sinks_active.values()]
        ):
            self.drain_all()
        if self._run is not None:
            run, self._run = self._run, None
            known = isinstance(error, Interrupted | RunEnded | ApiError | StoreError)
            message = str(error) if known else f"unexpected {type(error).__name__}"
            run.close(message, stopped=isinstance(error, Interrupted))

    @override
    def _handle_termination(self, signum: int, frame: FrameType | None) -> None:
        try:
            self._interruption.handle(signum, frame)
        except Interrupted as error:
            self._stop(error)
            raise

    @classmethod
    @override
    def invoke(  # type: ignore[override]  # as the SDK itself does
        cls,
        *,
        about: bool = False,
        about_format: str | None = None,
        config: _ConfigInput | None = None,
        file_input: IO[str] | None = None,
    ) -> None:
        """Run, and end with one line for a person when the run could not go on.

        Exit status: 0 at the end of input, rejected payments or not; 1 when the run could not work; 128 and the
        signal's number when it was stopped.
        """
        try:
            super().invoke(about=about, about_format=about_format, config=config, file_input=file_input)
        except RunEnded as error:
            for line in error.lines:
                cls.logger.error("%s", line)  # noqa: TRY400 - a line for a person, not a traceback
            sys.exit(1)
        except (ApiError, StoreError) as error:
            cls.logger.error("%s", error)  # noqa: TRY400
            sys.exit(1)
        except (InvalidInputLine, json.JSONDecodeError):
            cls.logger.error("The input is not Singer: a line is not a JSON message.")  # noqa: TRY400
            sys.exit(1)
        except Interrupted as signal:
            cls.logger.info("Stopped by signal %d; the next run goes on from here.", signal.signum)
            sys.exit(128 + signal.signum)


def _without_secrets(line: str) -> str:
    for name in settings.SECRETS:
        if f"config[{name!r}]" in line:
            return f"config[{name!r}] is not valid"
    return line
