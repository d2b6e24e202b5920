"""The client of Teamleader as the settings and the store want it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from singer_shell.login import login
from teamleader_api import TeamleaderClient

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector_store import ConnectorStore
    from singer_shell.stop import Interruption

PROVIDER = "teamleader"
"""Name of the service in the store, where its tokens are; the tap reads the same ones."""


def connect(config: Mapping[str, Any], store: ConnectorStore, interruption: Interruption) -> TeamleaderClient:
    """Make the client; no call is made yet.

    Raises:
        teamleader_api.ConfigurationError: `api_url` or `auth_url` is not an address that may be used.
    """
    client = TeamleaderClient(**login(config, store, PROVIDER, interruption), auth_url=config["auth_url"])
    client.before_call = store.settle
    return client
