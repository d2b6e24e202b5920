"""The client of Teamleader as the settings and the store want it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from teamleader_api import SystemClock, TeamleaderClient

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector_store import ConnectorStore
    from singer_shell.stop import Interruption

PROVIDER = "teamleader"
"""Name of the service in the store, where its tokens are; the tap reads the same ones."""


class InterruptibleClock(SystemClock):
    """The machine's time; a wish to stop cuts its pauses short, since nothing is in flight while the client waits."""

    def __init__(self, interruption: Interruption) -> None:
        self._interruption = interruption

    def sleep(self, seconds: float) -> None:
        """Wait.

        Raises:
            Interrupted: A signal came in.
        """
        self._interruption.sleep(seconds)


def connect(config: Mapping[str, Any], store: ConnectorStore, interruption: Interruption) -> TeamleaderClient:
    """Make the client; no call is made yet.

    Raises:
        teamleader_api.ConfigurationError: `api_url` or `auth_url` is not an address that may be used.
    """
    client_id = config["client_id"]
    return TeamleaderClient(
        api_url=config["api_url"],
        auth_url=config["auth_url"],
        client_id=client_id,
        client_secret=config["client_secret"],
        refresh_token=config.get("refresh_token"),
        tokens=store.tokens(PROVIDER, client_id),
        clock=InterruptibleClock(interruption),
    )
