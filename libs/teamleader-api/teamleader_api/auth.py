"""Access tokens for Teamleader, from a refresh token that can be used once.

Every refresh returns a new pair and the old refresh token is dead from then on. So whoever refreshes holds the store's
lock, reads again what is stored, makes room for the answer, asks once, and has the new pair saved before anybody uses
it.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeGuard

import requests

from api_core.tokens import TokenPair
from teamleader_api import transport
from teamleader_api.errors import LoginLost, StopRun, TryLater

if TYPE_CHECKING:
    from api_core.clock import Clock
    from api_core.tokens import Token, TokenStore
    from teamleader_api.errors import ApiError


USUAL_SECONDS = 3600
"""Life of an access token that came without one."""


class Authenticator:
    """Gives the access token for each request, and gets a new one a minute before it expires.

    A stored login that began with another configured refresh token is left aside: a person logged in again.
    """

    def __init__(
        self,
        *,
        auth_url: str,
        client_id: str,
        client_secret: str,
        refresh_token: str | None,
        tokens: TokenStore,
        clock: Clock,
        timeout: transport.Timeout,
    ) -> None:
        self.token_calls = 0
        self._url = f"{auth_url}/oauth2/access_token"
        self._client = {"client_id": client_id, "client_secret": client_secret}
        self._configured = refresh_token
        self._seed = hashlib.sha256(refresh_token.encode()).hexdigest() if refresh_token else None
        self._tokens = tokens
        self._clock = clock
        self._timeout = timeout
        self._session = transport.session()
        self._token: Token | None = None

    def access_token(self) -> str:
        """Return a token that is valid for a while.

        Raises:
            LoginLost: A person has to log in again.
            TryLater: Teamleader gives no token now.
        """
        token = self._token if self._usable(self._token) else self._tokens.read()
        self._token = token if self._usable(token) else self._renewed(rejected=None)
        return self._token.access_token

    def renew(self, rejected: str) -> None:
        """Replace an access token that Teamleader rejected, unless another process did so already; raises as above."""
        self._token = self._renewed(rejected)

    def _usable(self, token: Token | None) -> TypeGuard[Token]:
        """Tell whether the token is of this login and valid for another minute (a twentieth of a short life)."""
        if token is None or not self._is_ours(token):
            return False
        margin = min(timedelta(seconds=60), (token.expires_at - token.obtained_at) / 20)
        return self._clock.now() < token.expires_at - margin

    def _is_ours(self, token: Token) -> bool:
        return self._seed is None or token.seed == self._seed

    def _renewed(self, rejected: str | None) -> Token:
        with self._tokens.exclusive() as slot:
            stored = slot.token
            if self._usable(stored) and stored.access_token != rejected:
                return stored
            chain = stored if stored is not None and self._is_ours(stored) else None
            refresh_token = chain.refresh_token if chain else self._configured
            if not refresh_token:
                raise LoginLost("Nobody has logged in to Teamleader yet: log in and set refresh_token")
            slot.reserve()
            pair = self._exchange(refresh_token, self._seed or (chain.seed if chain else ""))
            slot.save(**asdict(pair))
        return pair

    def _exchange(self, refresh_token: str, seed: str) -> TokenPair:
        """Ask once: a repeated request would present a refresh token that the first one may have used up."""
        form = {**self._client, "grant_type": "refresh_token", "refresh_token": refresh_token}
        self.token_calls += 1
        try:
            response = self._session.post(
                self._url, data=form, auth=transport.Signature(), timeout=self._timeout, allow_redirects=False
            )
        except requests.RequestException as error:
            reason = type(error).__name__
            raise TryLater(f"Teamleader's login did not answer ({reason}): the next run tries again") from None
        answer = transport.parse(response.content)
        if not isinstance(answer, dict):
            answer = {}
        if not response.ok or not answer.get("access_token"):
            raise _refusal(response.status_code, answer)
        now = self._clock.now()
        return TokenPair(
            access_token=str(answer["access_token"]),
            refresh_token=str(answer.get("refresh_token") or refresh_token),
            expires_at=now + timedelta(seconds=_seconds(answer.get("expires_in"))),
            obtained_at=now,
            seed=seed,
        )


def _refusal(status: int, answer: dict[str, Any]) -> ApiError:
    if answer.get("error") == "invalid_client":
        return LoginLost("Teamleader does not know this integration: correct client_id and client_secret")
    if status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        return LoginLost("The login to Teamleader is not valid any more: log in again and set the new refresh_token")
    if status == HTTPStatus.NOT_FOUND:
        return StopRun("There is no login of Teamleader at the address in auth_url: correct it")
    return TryLater(f"Teamleader's login is out of order ({status}): the next run tries again")


def _seconds(value: object) -> int:
    text = str(value)
    return int(text) if text.isdigit() and int(text) > 0 else USUAL_SECONDS
