"""The tap: its settings, its streams in their order, and the client they share."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from singer_shell.login import login
from singer_shell.tap import ShellTap
from tap_teamleader.settings import SETTINGS, faults
from tap_teamleader.streams import STREAMS
from tap_teamleader.streams.documents import DocumentStream
from teamleader_api import ApiError, TeamleaderClient

if TYPE_CHECKING:
    from collections.abc import Mapping


class TapTeamleader(ShellTap):
    """Singer tap for Teamleader Focus: customers, booked invoices and credit notes, with their files."""

    name = "tap-teamleader"
    package_name = "teamleader-exactonline-tap-teamleader"
    config_jsonschema: ClassVar[dict[str, Any]] = SETTINGS
    stream_types = STREAMS
    api_errors = (ApiError,)

    @classmethod
    @override
    def faults(cls, config: Mapping[str, Any]) -> list[str]:
        return faults(config)

    @property
    def selected_documents(self) -> list[DocumentStream]:
        """The streams of documents that take part in this run."""
        return [stream for stream in self.streams.values() if isinstance(stream, DocumentStream) and stream.selected]

    @cached_property
    def client(self) -> TeamleaderClient:
        """The connection that all streams share.

        Raises:
            StoreError: The connector store cannot be opened.
            teamleader_api.ConfigurationError: An address is not acceptable.
        """
        shared = login(self.config, self.store, "teamleader", self.interruption)
        return TeamleaderClient(**shared, auth_url=self.config["auth_url"])
