"""The mapper plugin: which stream becomes which, with the mapping itself in pure functions."""

from __future__ import annotations

import hashlib
import os
import sys
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

import singer_sdk.singerlib as singer
from singer_sdk import InlineMapper, SchemaDirectory
from singer_sdk import typing as th
from singer_sdk.cli import plugin_cli
from singer_sdk.exceptions import ConfigValidationError, InvalidInputLine
from singer_sdk.helpers.capabilities import PluginCapabilities
from singer_sdk.singerlib.json import serialize_json
from typing_extensions import override

from teamleader_exactonline_mappers import log_settings, schemas
from teamleader_exactonline_mappers.json_values import part, text
from teamleader_exactonline_mappers.mappings import FORWARD, MAPPINGS
from teamleader_exactonline_mappers.message_reader import WholeLineReader
from teamleader_exactonline_mappers.problems import Problems
from teamleader_exactonline_mappers.reference_data import ReferenceData

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

    import click
    from singer_sdk.helpers.capabilities import CapabilitiesEnum
    from singer_sdk.singerlib.encoding.base import GenericSingerReader

    from teamleader_exactonline_mappers.mappings import Route, Routes

_SCHEMAS: Final = SchemaDirectory(schemas)


class TeamleaderExactOnlineMapper(InlineMapper):
    """Singer mapper: customers and documents of Teamleader to the books, what is settled and who buys there back."""

    name = "teamleader-exactonline-mappers"
    package_name = "teamleader-exactonline-mappers"
    message_reader_class: type[GenericSingerReader[Any]] = WholeLineReader
    config_jsonschema: ClassVar[dict[str, Any]] = th.PropertiesList(
        th.Property(
            "mapping",
            th.StringType,
            default=FORWARD,
            allowed_values=list(MAPPINGS),
            title="Mapping",
            description="Which way the records go.",
        ),
    ).to_dict()
    capabilities: ClassVar[list[CapabilitiesEnum]] = [
        PluginCapabilities.ABOUT,
        PluginCapabilities.STRUCTURED_LOGGING,
    ]

    _stop_asked = False

    @cached_property
    def _routes(self) -> Routes:
        return MAPPINGS[self.config["mapping"]]

    @cached_property
    def _tables(self) -> ReferenceData:
        return ReferenceData()

    @cached_property
    def _announced(self) -> set[str]:
        """The output streams whose schema went out."""
        return set()

    @override
    def map_schema_message(self, message_dict: dict[str, Any]) -> Iterable[singer.Message]:
        stream = text(message_dict.get("stream")) or ""
        if stream == "product_categories":
            self._tables.knows_categories = True
        for route in self._routes.get(stream, ()):
            yield from self._announce(route.output)

    @override
    def map_record_message(self, message_dict: dict[str, Any]) -> Iterable[singer.Message]:
        stream, record = text(message_dict.get("stream")) or "", message_dict.get("record")
        self._tables.learn(stream, record)
        for route in self._routes.get(stream, ()):
            yield from self._announce(route.output)
            if (mapped := self._mapped(route, record)) is not None:
                extracted = _moment(message_dict.get("time_extracted"))
                yield singer.RecordMessage(stream=route.output, record=mapped, time_extracted=extracted)

    @override
    def map_state_message(self, message_dict: dict[str, Any]) -> Iterable[singer.Message]:
        if isinstance(value := message_dict.get("value"), dict):
            yield singer.StateMessage(value=value)

    @override
    def map_activate_version_message(self, message_dict: dict[str, Any]) -> Iterable[singer.Message]:
        return ()

    def _announce(self, output: str) -> Iterator[singer.Message]:
        if output not in self._announced:
            self._announced.add(output)
            yield singer.SchemaMessage(stream=output, schema=_SCHEMAS.fetch_schema(output), key_properties=["id"])

    def _mapped(self, route: Route, record: object) -> dict[str, Any] | None:
        """Map a record. Whatever shape it has, a record comes out: an exception here would kill the target."""
        source: dict[str, Any] = dict(record) if isinstance(record, dict) else {}
        known_id = text(part(source, route.key))
        source["id"] = known_id or _made_up_id(record)
        problems = Problems()
        try:
            mapped = route.mapped(source, self._tables)
        except Exception as error:  # noqa: BLE001
            problems.add("mapping_failed", shape=type(error).__name__)
            mapped = route.bare(source["id"])
        if mapped is None or not route.tells_problems:
            return mapped
        if known_id is None:
            problems.add(route.nameless, entry=source["id"], field=route.key)
        mapped["problems"] = problems.listed() + mapped.get("problems", [])
        return mapped

    # How the mapper starts and stops

    @plugin_cli
    def cli(cls) -> click.Command:  # noqa: N805 - the SDK hands it the class
        """Return the command, with the log as Meltano wants it."""
        with log_settings.settled():
            command: click.Command = super().cli
        return command

    @classmethod
    @override
    def invoke(cls, **arguments: Any) -> None:
        try:
            super().invoke(**arguments)
        except (ConfigValidationError, InvalidInputLine) as error:
            cls.logger.critical("%s", "; ".join(getattr(error, "errors", [])) or error)
            sys.exit(1)
        except BrokenPipeError:
            cls.logger.critical("The program that receives the records has stopped")
            # What is still in the buffer of the closed pipe would raise again when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)

    @override
    def _handle_termination(self, signum: int, frame: FrameType | None) -> None:
        """Stop between two messages, never in one: half a line would break the target."""
        if self._stop_asked or not getattr(self.message_reader, "busy", False):
            sys.exit(0)
        self._stop_asked = True

    @override
    def _write_messages(self, messages: Iterable[singer.Message]) -> None:
        super()._write_messages(messages)
        if self._stop_asked:
            sys.exit(0)


def _made_up_id(record: object) -> str:
    """Derive an id from the content, so that the same record without id is the same reject in every run."""
    content = serialize_json(record, sort_keys=True)
    return f"unidentified-{hashlib.sha256(content.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo else None
