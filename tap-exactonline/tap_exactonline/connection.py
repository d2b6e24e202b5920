"""The client of Exact as the settings and the store want it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from exactonline_api import ExactClient, SystemClock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from connector_store import CallBudget, ConnectorStore

PROVIDER: Final = "exact"
"""Name of the service in the store: everything that works with this login shares its tokens."""

_SLICE: Final = 0.5
_TELL_SECONDS: Final = 10.0


class InterruptibleClock(SystemClock):
    """The machine's time, whose sleep asks twice a second whether the run is to end.

    The client sleeps between calls only (for the limit per minute, before a repeat), so ending there loses nothing.
    """

    def __init__(self, stop_if_asked: Callable[[], None]) -> None:
        self._stop_if_asked = stop_if_asked

    def sleep(self, seconds: float) -> None:
        """Return after that many seconds, unless the run is ended before."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._stop_if_asked()
            time.sleep(min(left, _SLICE))


def connect(config: Mapping[str, Any], store: ConnectorStore, stop_if_asked: Callable[[], None]) -> ExactClient:
    """Make a client that cannot write; no call is made yet.

    Raises:
        exactonline_api.ConfigurationError: `api_url` is not an address that may be used.
    """
    client_id, division = config["client_id"], config["division"]
    return ExactClient(
        api_url=config["api_url"],
        division=division,
        client_id=client_id,
        client_secret=config["client_secret"],
        refresh_token=config.get("refresh_token"),
        tokens=store.tokens(PROVIDER, client_id),
        clock=InterruptibleClock(stop_if_asked),
        on_limits=_told_now_and_then(store.budget(PROVIDER, client_id, division)),
        read_only=True,
    )


def _told_now_and_then(budget: CallBudget) -> Callable[[int | None, int | None], None]:
    """Keep what Exact says of the day's calls, but not with every call: each is a write to the store."""
    told_at = float("-inf")

    def tell(limit: int | None, remaining: int | None) -> None:
        nonlocal told_at
        now = time.monotonic()
        if now - told_at >= _TELL_SECONDS or remaining == 0:
            told_at = now
            budget.record(limit, remaining)

    return tell
