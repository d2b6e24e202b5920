"""The client of Exact as the settings and the store want it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from exactonline_api import ExactClient, SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector_store import CallBudget, ConnectorStore
    from singer_shell.stop import Interruption

PROVIDER = "exact"
"""Name of the service in the store: its tokens, its call budget and its errors."""
TELL_SECONDS = 10.0


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


def _told_now_and_then(budget: CallBudget) -> Callable[[int | None, int | None], None]:
    """Keep what Exact says of the day's calls, but not at the price of a write to the store with every call."""
    told_at = float("-inf")

    def tell(limit: int | None, remaining: int | None) -> None:
        nonlocal told_at
        now = time.monotonic()
        if now - told_at >= TELL_SECONDS or remaining == 0:
            told_at = now
            budget.record(limit, remaining)

    return tell


def connect(
    config: Mapping[str, Any], store: ConnectorStore, interruption: Interruption, *, read_only: bool = False
) -> ExactClient:
    """Make the client; no call is made yet.

    Raises:
        ConfigurationError: `api_url` is not an address that may be used.
    """
    client_id, division = config["client_id"], int(config["division"])
    return ExactClient(
        api_url=config["api_url"],
        division=division,
        client_id=client_id,
        client_secret=config["client_secret"],
        refresh_token=config.get("refresh_token"),
        tokens=store.tokens(PROVIDER, client_id),
        clock=InterruptibleClock(interruption),
        on_limits=_told_now_and_then(store.budget(PROVIDER, client_id, division)),
        read_only=read_only,
    )
