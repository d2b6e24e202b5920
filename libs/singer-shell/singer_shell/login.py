"""What an API client of ours needs from the settings and the store."""

from __future__ import annotations

import logging
import os
import time
from typing import TYPE_CHECKING, Any, Final, TypedDict

from connector_store import ConnectorStore
from connector_store.project import project_uri
from connector_store.variables import LOGINS
from singer_shell.clock import InterruptibleClock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector_store import CallBudget
    from connector_store.tokens import TokenVault
    from singer_shell.stop import Interruption

TELL_SECONDS: Final = 10.0


class Login(TypedDict):
    """The arguments that the clients of both services share."""

    api_url: str
    client_id: str
    client_secret: str
    refresh_token: str | None
    tokens: TokenVault
    clock: InterruptibleClock


def open_store(config: Mapping[str, Any]) -> ConnectorStore:
    """Open the store that the plugins share.

    Raises:
        StoreError: It cannot be opened.
    """
    # Which migration the store stands at is of no use in the log of a run.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    return ConnectorStore.open(project_uri(config["store_uri"]))


def login(config: Mapping[str, Any], store: ConnectorStore, service: str, interruption: Interruption) -> Login:
    """Return what the client of a service needs; `service` is its name in the store, where its tokens are."""
    # At level debug it writes addresses: where files can be downloaded, and what was asked for.
    logging.getLogger("urllib3").setLevel(logging.INFO)
    return Login(
        api_url=config["api_url"],
        client_id=config["client_id"],
        client_secret=config["client_secret"],
        refresh_token=config.get("refresh_token"),
        tokens=_store_of_logins(store).tokens(service, config["client_id"]),
        clock=InterruptibleClock(interruption),
    )


def _store_of_logins(store: ConnectorStore) -> ConnectorStore:
    """Return the store that the logins are in; a second one stays open for as long as the program runs."""
    named = os.environ.get(LOGINS)
    return ConnectorStore.open(project_uri(named)) if named else store


class DayLimit(TypedDict):
    """The arguments by which a client keeps to a day's calls beyond the run."""

    on_limits: Callable[[int | None, int | None], None]
    calls_left: int | None


def day_limit(budget: CallBudget) -> DayLimit:
    """Begin with what was heard of this day's calls, so that a used up day costs no refusal, and keep what is heard."""
    known = budget.read()
    return DayLimit(on_limits=_told_now_and_then(budget), calls_left=None if known is None else known.remaining)


def _told_now_and_then(budget: CallBudget) -> Callable[[int | None, int | None], None]:
    """Keep what the service says of the day's calls, but not with every call: each is a write to the store."""
    told_at = float("-inf")

    def tell(limit: int | None, remaining: int | None) -> None:
        nonlocal told_at
        now = time.monotonic()
        if now - told_at >= TELL_SECONDS or remaining == 0:
            told_at = now
            budget.record(limit, remaining)

    return tell
