"""What was asked of each service."""

from __future__ import annotations

from collections import deque
from typing import Any

_KEPT = 100_000


class CallLog:
    """The calls per service since the last reset: number, how many wrote, method and path of the latest 100,000.

    Logins and downloads count too, and so does a call that a fault cuts off, since the client made it. What writes is
    everything but GET and the login; at Teamleader, which only knows POST, that says little.
    """

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.writes: dict[str, int] = {}
        self._calls: dict[str, deque[tuple[str, str]]] = {}

    def add(self, service: str, method: str, path: str) -> None:
        """Note one call."""
        self.counts[service] = self.counts.get(service, 0) + 1
        if method != "GET" and "/oauth2/" not in path:
            self.writes[service] = self.writes.get(service, 0) + 1
        self._calls.setdefault(service, deque(maxlen=_KEPT)).append((method, path))

    def clear(self) -> None:
        """Forget every call."""
        self.counts.clear()
        self.writes.clear()
        self._calls.clear()

    def document(self, *, listed: bool) -> dict[str, Any]:
        """Per service: `count`, `writes`, and when `listed` also `calls` (method and path, oldest first)."""
        document: dict[str, Any] = {}
        for service in ("teamleader", "exact"):
            document[service] = {"count": self.counts.get(service, 0), "writes": self.writes.get(service, 0)}
            if listed:
                document[service]["calls"] = [list(call) for call in self._calls.get(service, ())]
        return document
