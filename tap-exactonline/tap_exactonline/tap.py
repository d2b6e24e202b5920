"""The tap: its settings, its streams in their order, and the client they share."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar

from typing_extensions import override

from exactonline_api import ApiError, ExactClient
from singer_shell.login import login, told_now_and_then
from singer_shell.tap import ShellTap
from tap_exactonline import administration, memory
from tap_exactonline.settings import SETTINGS
from tap_exactonline.streams import STREAMS

SERVICE = "exact"
"""Name of the service in the store: everything that works with this login shares its tokens."""


class TapExactOnline(ShellTap):
    """Singer tap for Exact Online: what customers owe, and the master data around it."""

    name = "tap-exactonline"
    package_name = "teamleader-exactonline-tap-exactonline"
    config_jsonschema: ClassVar[dict[str, Any]] = SETTINGS
    stream_types = STREAMS
    api_errors = (ApiError,)

    @cached_property
    def client(self) -> ExactClient:
        """The connection that all streams share; it cannot write.

        Raises:
            StoreError: The connector store cannot be opened.
            exactonline_api.ConfigurationError: An address is not acceptable.
        """
        shared, division = login(self.config, self.store, SERVICE, self.interruption), self.config["division"]
        budget = self.store.budget(SERVICE, self.config["client_id"], division)
        return ExactClient(**shared, division=division, on_limits=told_now_and_then(budget), read_only=True)

    @cached_property
    def last_move(self) -> str | None:
        """When row versions were last counted anew (see `administration`); asked once per run, by whom it concerns."""
        return administration.last_move(self.client, self.config["division"])

    @classmethod
    @override
    def invoke(cls, **arguments: Any) -> None:
        memory.give_back_large_blocks()
        super().invoke(**arguments)
