"""Tokens whose refresh token can be used once, and codes that a person's consent gives."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

CODE_LIFETIME = timedelta(minutes=10)


class TokenRefusedError(Exception):
    """A code or refresh token that gives no access token; the text says why."""


class UnknownTokenError(TokenRefusedError):
    """Never given out, or out of date."""


class OldTokenUsedError(TokenRefusedError):
    """Used before, or of a login that a later one replaced."""


@dataclass(frozen=True)
class TokenPair:
    """A fresh access token and the refresh token that replaces the used one. `expires_in` in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int


class TokenIssuer:
    """One client's tokens: a chain of single-use refresh tokens. A new login ends the chain of the earlier one."""

    def __init__(self, clock: Callable[[], datetime], access_seconds: int, first_refresh_token: str) -> None:
        self._clock = clock
        self._access_seconds = access_seconds
        self._current: str | None = first_refresh_token
        self._old: set[str] = set()
        self._codes: dict[str, datetime] = {}
        self._access: dict[str, datetime] = {}

    def login(self) -> str:
        """A person logs in again; return the first refresh token of the new chain."""
        self.revoke()
        self._current = secrets.token_urlsafe(32)
        return self._current

    def authorize(self) -> str:
        """A person consents in the browser; return the code, good for ten minutes and one use."""
        code = secrets.token_urlsafe(16)
        self._codes[code] = self._clock() + CODE_LIFETIME
        return code

    def exchange_code(self, code: str) -> TokenPair:
        """Give the first pair of a new chain for a code; raises UnknownTokenError."""
        ends = self._codes.pop(code, None)
        if ends is None or self._clock() > ends:
            raise UnknownTokenError("The authorization code is invalid or has expired.")
        return self.exchange(self.login())

    def exchange(self, refresh_token: str) -> TokenPair:
        """Give a new pair for the valid refresh token and take that one out of use.

        Raises:
            UnknownTokenError: the token was never given out.
            OldTokenUsedError: it was used before, or belongs to a replaced login.
        """
        if refresh_token in self._old:
            raise OldTokenUsedError("The refresh token has been revoked.")
        if refresh_token != self._current:
            raise UnknownTokenError("The refresh token is invalid.")
        now = self._clock()
        self._old.add(refresh_token)
        self._current = secrets.token_urlsafe(32)
        access = secrets.token_urlsafe(48)
        self._access = {token: ends for token, ends in self._access.items() if ends > now}
        self._access[access] = now + timedelta(seconds=self._access_seconds)
        return TokenPair(access, self._current, self._access_seconds)

    def is_valid(self, access_token: str) -> bool:
        """Whether a call with that token is let in."""
        ends = self._access.get(access_token)
        return ends is not None and self._clock() < ends

    def expire(self) -> None:
        """Let every access token be expired from now on."""
        self._access.clear()

    def revoke(self) -> None:
        """The user takes the access away: no token works until the next login."""
        self._access.clear()
        if self._current is not None:
            self._old.add(self._current)
            self._current = None
