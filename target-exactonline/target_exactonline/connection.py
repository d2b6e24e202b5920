"""The client of Exact as the settings and the store want it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exactonline_api import ExactClient
from singer_shell.login import day_limit, login

if TYPE_CHECKING:
    from collections.abc import Mapping

    from connector_store import ConnectorStore
    from singer_shell.stop import Interruption

PROVIDER = "exact"
"""Name of the service in the store: its tokens, its call budget and its errors."""


def connect(
    config: Mapping[str, Any], store: ConnectorStore, interruption: Interruption, *, read_only: bool = False
) -> ExactClient:
    """Make the client; no call is made yet.

    Raises:
        ConfigurationError: `api_url` is not an address that may be used.
    """
    division = int(config["division"])
    budget = store.budget(PROVIDER, config["client_id"], division)
    client = ExactClient(
        **login(config, store, PROVIDER, interruption),
        division=division,
        **day_limit(budget),
        read_only=read_only,
    )
    client.before_call = store.settle
    return client
