"""What a login consists of, and where it is kept: one pair of tokens that all processes of the login share."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime


class Token(Protocol):
    """A stored pair of tokens, its times in UTC."""

    @property
    def access_token(self) -> str:
        """What signs requests."""

    @property
    def refresh_token(self) -> str:
        """What gives the next pair, once."""

    @property
    def expires_at(self) -> datetime:
        """When the access token ends."""

    @property
    def obtained_at(self) -> datetime:
        """When the pair was received."""

    @property
    def seed(self) -> str:
        """SHA-256, in hex, of the configured refresh token that the chain of pairs began with."""


class TokenSlot(Protocol):
    """The stored pair while nobody else can change it."""

    @property
    def token(self) -> Token | None:
        """What is stored, read after the lock was taken."""

    def reserve(self) -> None:
        """Return when there is room for the next pair, durably; raise, and the refresh token is not spent."""

    def save(
        self, *, access_token: str, refresh_token: str, expires_at: datetime, obtained_at: datetime, seed: str
    ) -> None:
        """Return when the pair is stored durably."""


class TokenStore(Protocol):
    """Where the pair is kept for all processes of this login."""

    def read(self) -> Token | None:
        """Return what is stored, without the lock."""

    def exclusive(self, timeout: float = 60) -> AbstractContextManager[TokenSlot]:
        """Hold the lock, waiting for it at most that many seconds."""


@dataclass(frozen=True)
class TokenPair:
    """A pair of tokens as the library makes it; has the attributes of `Token`."""

    access_token: str
    refresh_token: str
    expires_at: datetime
    obtained_at: datetime
    seed: str

    def __repr__(self) -> str:
        """Show nothing that opens a door."""
        return f"TokenPair(expires_at={self.expires_at:%Y-%m-%dT%H:%M:%SZ})"


class MemoryTokens:
    """A store that lasts as long as its process: for tests, and for scripts that log in anew each time."""

    def __init__(self) -> None:
        self.token: TokenPair | None = None
        self._lock = threading.Lock()

    def read(self) -> TokenPair | None:
        """Return what is stored."""
        return self.token

    @contextmanager
    def exclusive(self, timeout: float = 60) -> Iterator[MemoryTokens]:
        """Keep other threads out; TimeoutError when the lock does not come free in time."""
        if not self._lock.acquire(timeout=timeout):
            raise TimeoutError("another thread keeps the login locked")
        try:
            yield self
        finally:
            self._lock.release()

    def reserve(self) -> None:
        """Memory has room."""

    def save(
        self, *, access_token: str, refresh_token: str, expires_at: datetime, obtained_at: datetime, seed: str
    ) -> None:
        """Replace the pair."""
        self.token = TokenPair(access_token, refresh_token, expires_at, obtained_at, seed)
