"""The tap: its settings, its streams in their order, and how it stops."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

from singer_sdk import Tap
from singer_sdk.exceptions import ConfigValidationError
from singer_sdk.helpers.capabilities import PluginCapabilities, TapCapabilities
from typing_extensions import override

from connector_store import ConnectorStore, StoreError
from exactonline_api import ApiError
from tap_exactonline import administration, memory
from tap_exactonline.connection import connect
from tap_exactonline.settings import SETTINGS, problems
from tap_exactonline.streams import STREAMS
from tap_exactonline.streams.base import ExactStream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from singer_sdk.helpers.capabilities import CapabilitiesEnum
    from singer_sdk.streams import Stream

    from exactonline_api import ExactClient

_PLACES: Final[dict[type[Stream], int]] = {stream: place for place, stream in enumerate(STREAMS)}


class TapExactOnline(Tap):
    """Singer tap for Exact Online: what customers owe, and the master data around it."""

    name = "tap-exactonline"
    package_name = "tap-exactonline"
    config_jsonschema: ClassVar[dict[str, Any]] = SETTINGS
    capabilities: ClassVar[list[CapabilitiesEnum]] = [
        TapCapabilities.CATALOG,
        TapCapabilities.DISCOVER,
        TapCapabilities.STATE,
        PluginCapabilities.ABOUT,
        PluginCapabilities.STREAM_MAPS,
        PluginCapabilities.FLATTENING,
        PluginCapabilities.STRUCTURED_LOGGING,
    ]

    _stop_asked = False

    @classmethod
    @override
    def append_builtin_config(cls, config_jsonschema: dict[str, Any]) -> None:
        """Add the SDK's own settings, without the one for a library that is not installed with this tap."""
        super().append_builtin_config(config_jsonschema)
        config_jsonschema["properties"].pop("faker_config", None)

    @override
    def discover_streams(self) -> list[ExactStream]:
        return [stream(self) for stream in STREAMS]

    @property
    @override
    def streams(self) -> dict[str, Stream]:
        """The streams in the order of `STREAMS`: the SDK would take them by name."""
        in_order = sorted(super().streams.items(), key=lambda item: _PLACES[type(item[1])])
        return dict(in_order)

    @cached_property
    def store(self) -> ConnectorStore:
        """The store that all plugins share.

        Raises:
            StoreError: It cannot be opened.
        """
        # Which migration the store stands at is of no use in the log of a run.
        logging.getLogger("alembic").setLevel(logging.WARNING)
        # At level debug it writes addresses with what was asked for.
        logging.getLogger("urllib3").setLevel(logging.INFO)
        return ConnectorStore.open(self.config["store_uri"])

    @cached_property
    def client(self) -> ExactClient:
        """The connection that all streams share; it cannot write.

        Raises:
            StoreError: The connector store cannot be opened.
            exactonline_api.ConfigurationError: An address is not acceptable.
        """
        return connect(self.config, self.store, self.stop_if_asked)

    @cached_property
    def last_move(self) -> str | None:
        """When row versions were last counted anew (see `administration`); asked once per run, by whom it concerns."""
        return administration.last_move(self.client, self.config["division"])

    @override
    def _validate_config(self, *, raise_errors: bool = True) -> list[str]:
        """Check the settings; an error names the setting and never shows a secret."""
        try:
            found = super()._validate_config(raise_errors=True)
        except ConfigValidationError as refused:
            found = refused.errors
        secrets = [name for name, schema in SETTINGS["properties"].items() if schema.get("secret")]
        readable = []
        for error in found:
            secret = next((name for name in secrets if f"config['{name}']" in error), None)
            readable.append(f"{secret} must be text" if secret else error)
        readable += problems(self.config)
        if readable and raise_errors:
            raise ConfigValidationError("Config validation failed", errors=readable, schema=self.config_jsonschema)
        return readable

    # How the tap stops

    @classmethod
    @override
    def invoke(cls, **arguments: Any) -> None:
        memory.give_back_large_blocks()
        try:
            with cls.reporting_in_one_line():
                super().invoke(**arguments)
        except ConfigValidationError as error:
            cls.logger.critical("The settings of tap-exactonline are not right: %s", "; ".join(error.errors))
            sys.exit(1)

    @classmethod
    @contextmanager
    def reporting_in_one_line(cls) -> Iterator[None]:
        """End the program with one line instead of a stack trace when the reason lies outside of it."""
        try:
            yield
        except (ApiError, StoreError) as error:
            cls.logger.critical("%s", error)
            sys.exit(1)
        except BrokenPipeError:
            cls.logger.critical("The program that receives the records has stopped")
            # What is still in the buffer of the closed pipe would raise again when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)

    @override
    def _handle_termination(self, signum: int, frame: FrameType | None) -> None:
        """Remember the wish to stop; the second signal stops at once.

        Stopping inside a call could lose a refresh token that Exact has just replaced, and stopping inside a message
        would leave half a line.
        """
        if self._stop_asked:
            sys.exit(1)
        self._stop_asked = True
        self.logger.info("Asked to stop: finishing the record at hand")

    def stop_if_asked(self) -> None:
        """End the run here, between two records or calls, with its state written."""
        if self._stop_asked:
            self.write_state()
            sys.exit(0)

    def write_state(self) -> None:
        """Say how far the run came, before it ends early; an empty state would wipe what Meltano keeps."""
        for stream in self.streams.values():
            if isinstance(stream, ExactStream):
                stream.save()
        if any(self.state.get("bookmarks", {}).values()):
            self.state_writer.write_state(self.state)
