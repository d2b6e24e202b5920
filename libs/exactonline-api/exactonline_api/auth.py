"""Access tokens for Exact: valid for ten minutes, a new one not before nine and a half (facts 1.5-1.18).

A refresh token works once and its successor comes with the answer, so whoever refreshes holds the store's lock, reads
again what is stored, makes room for the answer, asks once, and has the answer saved before anybody uses it. An answer
that is lost may cost the login; nothing on our side can bring it back.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict
from datetime import datetime, timedelta, timezone
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeGuard
from urllib.parse import unquote

import requests

from api_core.tokens import TokenPair
from exactonline_api import transport
from exactonline_api.errors import ApiError, LoginLost, TryLater

if TYPE_CHECKING:
    from api_core.clock import Clock
    from api_core.tokens import Token, TokenSlot, TokenStore

USUAL_LIFE = timedelta(seconds=600)
SPARE = timedelta(seconds=30)
"""The end of an access token's life in which Exact gives the next (fact 1.7)."""

_TOO_EARLY = re.compile(r"not\s+expired|TooEarly", re.IGNORECASE)
_UNKNOWN_APP = re.compile(r"invalid_client", re.IGNORECASE)
_LIMIT = re.compile(r"rate limit", re.IGNORECASE)


class Authenticator:
    """Gives the access token for each request, and gets a new one when Exact allows it.

    A stored login that began with another configured refresh token is left aside: a person logged in again.

    Attributes:
        token_calls: Requests for tokens sent so far.
    """

    def __init__(
        self,
        *,
        api_url: str,
        client_id: str,
        client_secret: str,
        refresh_token: str | None,
        tokens: TokenStore,
        clock: Clock,
        timeout: transport.Timeout,
    ) -> None:
        self.token_calls = 0
        self._url = f"{api_url}/api/oauth2/token"
        self._app = {"client_id": client_id, "client_secret": client_secret}
        self._configured = refresh_token
        self._seed = hashlib.sha256(refresh_token.encode()).hexdigest() if refresh_token else None
        self._tokens = tokens
        self._clock = clock
        self._timeout = timeout
        self._session = transport.session()
        self._token: Token | None = None
        self._told_to_wait_until = datetime.min.replace(tzinfo=timezone.utc)

    def access_token(self) -> str:
        """Return a token that Exact accepts, as far as the clock tells.

        Raises:
            LoginLost: A person has to log in again.
            TryLater: Exact gives no token now.
        """
        token = self._token if self._is_usable(self._token) else self._tokens.read()
        self._token = token if self._is_usable(token) else self._renewed(rejected=None)
        return self._token.access_token

    def renew(self, rejected: str) -> None:
        """Replace an access token that Exact rejected, unless another process did so already; raises as above."""
        self._token = self._renewed(rejected)

    def _is_ours(self, token: Token) -> bool:
        return self._seed is None or token.seed == self._seed

    def _is_usable(self, token: Token | None) -> TypeGuard[Token]:
        """Tell whether to use the token as it is: not stale yet, or the one that Exact told us to go on with."""
        if token is None or not token.access_token:
            return False
        now = self._clock.now()
        is_fresh = self._is_ours(token) and now < token.expires_at - _spare(token)
        return is_fresh or now < min(token.expires_at, self._told_to_wait_until)

    def _renewed(self, rejected: str | None) -> Token:
        with self._tokens.exclusive() as slot:
            stored = slot.token
            if self._is_usable(stored) and stored.access_token != rejected:
                return stored
            refresh_token = stored.refresh_token if stored and self._is_ours(stored) else self._configured
            if not refresh_token:
                raise LoginLost("Nobody has logged in to Exact yet: log in and set refresh_token")
            return self._exchange(slot, stored, refresh_token, rejected)

    def _exchange(self, slot: TokenSlot, stored: Token | None, refresh_token: str, rejected: str | None) -> Token:
        """Ask once and save what comes: a repeated request would present a token that the first may have used up."""
        slot.reserve()
        response = self._ask(refresh_token)
        parsed = transport.parse(response.content)
        answer = parsed if isinstance(parsed, dict) else {}
        now = self._clock.now()
        next_one = {
            "refresh_token": str(answer.get("refresh_token") or refresh_token),
            "seed": self._seed or (stored.seed if stored else ""),
        }
        if response.ok and answer.get("access_token"):
            access_token, expires_at = str(answer["access_token"]), now + _lifetime(answer)
            pair = TokenPair(access_token=access_token, expires_at=expires_at, obtained_at=now, **next_one)
            slot.save(**asdict(pair))
            return pair
        if answer.get("refresh_token"):  # a refusal may bring the next refresh token, too (fact 1.9)
            kept = stored or TokenPair("", "", now, now, "")
            stored = TokenPair(kept.access_token, expires_at=kept.expires_at, obtained_at=kept.obtained_at, **next_one)
            slot.save(**asdict(stored))
        words = _words(response, answer)
        if not _TOO_EARLY.search(words):
            raise _refusal(response.status_code, words, understood=bool(answer))
        return self._gone_on_with(stored, rejected)

    def _ask(self, refresh_token: str) -> requests.Response:
        form = {**self._app, "grant_type": "refresh_token", "refresh_token": refresh_token}
        self.token_calls += 1
        try:
            return self._session.post(
                self._url, data=form, auth=transport.Bearer(), timeout=self._timeout, allow_redirects=False
            )
        except requests.RequestException as error:
            reason = type(error).__name__
            raise TryLater(f"Exact's login did not answer ({reason}): the next run tries again") from None

    def _gone_on_with(self, stored: Token | None, rejected: str | None) -> Token:
        """Return the access token that Exact says is still valid; it may be of an earlier login of the same user."""
        now = self._clock.now()
        if not stored or not stored.access_token or stored.access_token == rejected or now >= stored.expires_at:
            raise TryLater(
                "Exact gives a new access token only 9½ minutes after the last one: try again in ten minutes"
            )
        self._told_to_wait_until = max(now + SPARE, stored.expires_at - SPARE)
        return stored


def _spare(token: Token) -> timedelta:
    return min(SPARE, (token.expires_at - token.obtained_at) / 20)


def _lifetime(answer: dict[str, Any]) -> timedelta:
    """Read `expires_in`, a text or a number (fact 1.5)."""
    text = str(answer.get("expires_in", "")).strip()
    return timedelta(seconds=int(text)) if text.isdigit() and int(text) > 0 else USUAL_LIFE


def _words(response: requests.Response, answer: dict[str, Any]) -> str:
    """Gather where Exact has been seen to say why; the status differs from year to year (fact 1.8)."""
    headers = (response.headers.get("Reason", ""), unquote(response.headers.get("WWW-Authenticate", "")))
    body = (str(answer.get("error", "")), str(answer.get("error_description", "")))
    return " ".join((*body, *headers, response.reason or ""))


def _refusal(status: int, words: str, *, understood: bool) -> ApiError:
    is_refusal = status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    if is_refusal and _UNKNOWN_APP.search(words):
        return LoginLost("Exact does not know this app: correct client_id and client_secret")
    if status == HTTPStatus.NOT_FOUND or HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return LoginLost("There is no login of Exact at the address in api_url: correct it")
    if is_refusal and not _LIMIT.search(words) and (understood or status == HTTPStatus.UNAUTHORIZED):
        return LoginLost("The login to Exact is not valid any more: log in again and set the new refresh_token")
    return TryLater(f"Exact's login is out of order ({status}): the next run tries again")
