"""Tokens whose refresh token can be used once, as both vendors give them out."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

ARRIVED = "sandbox.arrived"
"""Where the scope of a call says when it arrived: one that is carried out later keeps its login of then."""


class TokenRefusedError(Exception):
    """A code or refresh token that gives no access token."""


class UnknownTokenError(TokenRefusedError):
    """Never given out."""


class OldTokenUsedError(TokenRefusedError):
    """Used before, or of a login that a later one replaced."""


class ExpiredTokenError(TokenRefusedError):
    """Not used within its lifetime, which ended at `expired_at`."""

    def __init__(self, expired_at: datetime) -> None:
        super().__init__(expired_at)
        self.expired_at = expired_at


class TooEarlyError(TokenRefusedError):
    """The previous access token is too young; the refresh token stays usable."""


@dataclass(frozen=True)
class TokenPair:
    """A fresh access token and the refresh token that replaces the used one. `expires_in` in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int


class TokenIssuer:
    """One client's tokens: a chain of single-use refresh tokens. A new login ends the chain of the earlier one.

    Args:
        clock: Gives aware moments.
        access_seconds: Life of an access token.
        min_refresh_seconds: Age below which an access token is not replaced; None for no such rule.
        refresh_ttl: Life of an unused refresh token; None for no end.
        first_refresh_token: The token of the login that was there before the sandbox started.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        access_seconds: int,
        min_refresh_seconds: int | None = None,
        refresh_ttl: timedelta | None = None,
        first_refresh_token: str | None = None,
    ) -> None:
        self._clock = clock
        self._access_seconds = access_seconds
        self._min_refresh = None if min_refresh_seconds is None else timedelta(seconds=min_refresh_seconds)
        self._refresh_ttl = refresh_ttl
        self.issued = [] if first_refresh_token is None else [first_refresh_token]
        """Every token ever given out: access and refresh tokens, oldest first."""
        self._current = first_refresh_token
        self._current_since = clock()
        self._last_access: datetime | None = None
        self._old: set[str] = set()
        self._codes: dict[str, tuple[datetime, str]] = {}
        self._access: dict[str, datetime] = {}

    def login(self) -> str:
        """A person logs in again; return the first refresh token of the new chain, usable at once."""
        self.revoke()
        return self._renew()

    def authorize(self, redirect_address: str, life: timedelta) -> str:
        """A person consents in the browser and is sent there; return the code, good for so long and for one use."""
        code = f"{secrets.token_hex(8)}!{secrets.token_hex(8)}"  # has to be decoded from the address (exact-online 1.4)
        self._codes[code] = (self._clock() + life, redirect_address)
        return code

    def exchange_code(self, code: str, redirect_address: str) -> TokenPair:
        """Give the first pair of a new chain for a code and the address it was sent to; raises UnknownTokenError."""
        ends, sent_to = self._codes.pop(code, (None, ""))
        if ends is None or self._clock() > ends or redirect_address != sent_to:
            raise UnknownTokenError
        return self.exchange(self.login())

    def exchange(self, refresh_token: str) -> TokenPair:
        """Give a new pair for the valid refresh token and take that one out of use.

        Raises:
            UnknownTokenError: the token was never given out.
            OldTokenUsedError: it was used before, or belongs to a replaced login.
            ExpiredTokenError: it lay unused for longer than its life.
            TooEarlyError: the last access token is younger than the rule allows; nothing was used up.
        """
        now = self._clock()
        if refresh_token in self._old:
            raise OldTokenUsedError
        if refresh_token != self._current:
            raise UnknownTokenError
        if self._refresh_ttl is not None and now - self._current_since > self._refresh_ttl:
            raise ExpiredTokenError(self._current_since + self._refresh_ttl)
        if self._min_refresh and self._last_access is not None and now - self._last_access < self._min_refresh:
            raise TooEarlyError
        self._old.add(refresh_token)
        self._last_access = now
        access_token = secrets.token_hex(48)
        self.issued.append(access_token)
        self._access[access_token] = now + timedelta(seconds=self._access_seconds)
        return TokenPair(access_token, self._renew(), self._access_seconds)

    def check(self, access_token: str, arrived: datetime | None = None) -> Literal["valid", "expired", "unknown"]:
        """Whether a call with that token is let in, which arrived at that moment, or now."""
        ends = self._access.get(access_token)
        if ends is None:
            return "unknown"
        return "valid" if (arrived or self._clock()) < ends else "expired"

    def expire(self) -> None:
        """Let every access token be expired from now on, and replaceable at once."""
        self._access = dict.fromkeys(self._access, self._clock())
        self._last_access = None

    def revoke(self) -> None:
        """The user takes the access away: no token works until the next login."""
        self._access.clear()
        self._last_access = None
        if self._current is not None:
            self._old.add(self._current)
            self._current = None

    def _renew(self) -> str:
        self._current = secrets.token_hex(32)
        self.issued.append(self._current)
        self._current_since = self._clock()
        return self._current
