"""OAuth: an access token for each request, from a refresh token that can be used once.

Every refresh returns a new pair and the old refresh token is dead from then on. So whoever refreshes holds the vault's
lock, reads again what is stored, makes room for the answer, asks once, and has the answer saved before anybody uses it.
An answer that is lost may cost the login; nothing on our side can bring it back.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar, TypeGuard
from urllib.parse import unquote

import requests

from api_core import transport
from api_core.errors import ApiError, LoginLost, TryLater, WrongAddress
from api_core.throttle import whole_number
from api_core.tokens import TokenPair

if TYPE_CHECKING:
    from api_core.clock import Clock
    from api_core.service import Service
    from api_core.tokens import Token, TokenSlot, TokenStore

_UNKNOWN_APP = re.compile(r"invalid_client", re.IGNORECASE)
_USED_BEFORE = re.compile(r"old\s+refresh\s+token", re.IGNORECASE)
_LIMIT = re.compile(r"rate limit", re.IGNORECASE)
_REFUSALS = {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


@dataclass(frozen=True)
class Credentials:
    """What a person configures; `refresh_token` is only the first one, later ones live in the vault."""

    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str | None = field(repr=False)

    @property
    def seed(self) -> str | None:
        """SHA-256, in hex, of the refresh token: tells which configured one a stored pair began with."""
        return hashlib.sha256(self.refresh_token.encode()).hexdigest() if self.refresh_token else None


@dataclass(frozen=True)
class Refusal:
    """An answer that brought no access token."""

    status: int
    words: str
    """All that it says of why."""
    is_understood: bool
    """Whether it is one of OAuth, not a page of something in between."""


class Login:
    """Gives the access token for each request, and gets a new pair when it is time.

    A stored login that began with another configured refresh token is left aside: a person logged in again. A
    subclass states the rules of its service.

    Attributes:
        service: For the texts of errors.
        token_calls: Requests for tokens sent so far.
    """

    usual_life: ClassVar[timedelta]
    """Life of an access token that came without one."""
    address_setting: ClassVar[str]
    """The setting that holds the address of the login."""
    spare: ClassVar[timedelta]
    """How long before its end an access token is replaced; a twentieth of its life where that is less."""

    def __init__(
        self,
        service: Service,
        url: str,
        credentials: Credentials,
        *,
        tokens: TokenStore,
        clock: Clock,
        timeout: transport.Timeout,
    ) -> None:
        self.service = service
        self.token_calls = 0
        self._url = url
        self._credentials = credentials
        self._seed = credentials.seed
        self._tokens = tokens
        self._clock = clock
        self._timeout = timeout
        self._session = transport.session(service.agent)
        self._token: Token | None = None

    def access_token(self) -> str:
        """Return a token that the service accepts, as far as the clock tells.

        Raises:
            LoginLost: A person has to log in again.
            WrongAddress: There is no login at the address.
            TryLater: The service gives no token now.
        """
        token = self._token if self._is_usable(self._token) else self._tokens.read()
        self._token = token if self._is_usable(token) else self._renewed(rejected=None)
        return self._token.access_token

    def renew(self, rejected: str) -> None:
        """Replace an access token that the service rejected, unless another process did so already; raises as above."""
        self._token = self._renewed(rejected)

    def log_in(self, code: str, redirect_address: str) -> None:
        """Exchange the code of a consent for the first pair of a new chain, and keep it.

        The pair counts as begun with the configured refresh token, if there is one: this login is the later of the two.

        Args:
            code: As it stands in the address that the person was sent back to, decoded.
            redirect_address: That address without what follows its `?`.

        Raises:
            LoginLost: The service does not take the code, or the app.
            WrongAddress: There is no login at the address.
            TryLater: The service does not answer now.
        """
        with self._tokens.exclusive() as slot:
            slot.reserve()
            response = self._ask({"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_address})
            parsed = transport.parse(response.content)
            answer = parsed if isinstance(parsed, dict) else {}
            first = str(answer.get("refresh_token") or "")
            if not (response.ok and answer.get("access_token") and first):
                refusal = Refusal(response.status_code, _words(response, answer), is_understood=bool(answer))
                raise self._code_refused(refusal)
            now = self._clock.now()
            seed = self._seed or hashlib.sha256(first.encode()).hexdigest()
            pair = TokenPair(str(answer["access_token"]), first, now + self._life(answer), now, seed)
            slot.save(**asdict(pair))
            self._token = pair

    def _code_refused(self, refusal: Refusal) -> ApiError:
        meaning = self._meaning(refusal)
        if isinstance(meaning, LoginLost) and not _UNKNOWN_APP.search(refusal.words):
            return LoginLost(
                f"{self.service.name} does not take this code: it was used already, or is too old, or the redirect "
                "address differs from the registered one"
            )
        return meaning

    def _is_usable(self, token: Token | None) -> TypeGuard[Token]:
        """Tell whether the token is of this login and not near its end."""
        return self._is_of_this_login(token) and self._clock.now() < token.expires_at - self._margin(token)

    def _is_of_this_login(self, token: Token | None) -> TypeGuard[Token]:
        return token is not None and bool(token.access_token) and self._seed in {None, token.seed}

    def _margin(self, token: Token) -> timedelta:
        return min(self.spare, (token.expires_at - token.obtained_at) / 20)

    def _refused(self, refusal: Refusal, _stored: Token | None, _rejected: str | None) -> Token:
        """Return the token to go on with all the same, where a service has such a case, or raise what it means."""
        raise self._meaning(refusal)

    def _renewed(self, rejected: str | None) -> Token:
        with self._tokens.exclusive() as slot:
            stored = slot.token
            if self._is_usable(stored) and stored.access_token != rejected:
                return stored
            is_ours = stored is not None and self._seed in {None, stored.seed}
            refresh_token = stored.refresh_token if stored and is_ours else self._credentials.refresh_token
            if stored and is_ours and not refresh_token:
                raise LoginLost(
                    f"The login to {self.service.name} was kept under another key than the store has now: put that key "
                    "back, or log in again and set the new refresh_token"
                )
            if not refresh_token:
                raise LoginLost(f"Nobody has logged in to {self.service.name} yet: log in and set refresh_token")
            return self._exchange(slot, refresh_token, rejected)

    def _exchange(self, slot: TokenSlot, refresh_token: str, rejected: str | None) -> Token:
        """Ask once and save what comes: a repeated request would present a token that the first may have used up."""
        slot.reserve()
        response = self._ask({"grant_type": "refresh_token", "refresh_token": refresh_token})
        parsed = transport.parse(response.content)
        answer = parsed if isinstance(parsed, dict) else {}
        stored, now = slot.token, self._clock.now()
        seed = self._seed or (stored.seed if stored else "")
        successor = str(answer.get("refresh_token") or refresh_token)
        if response.ok and answer.get("access_token"):
            pair = TokenPair(str(answer["access_token"]), successor, now + self._life(answer), now, seed)
            slot.save(**asdict(pair))
            return pair
        if answer.get("refresh_token"):  # a refusal may bring the next refresh token, too
            kept = stored or TokenPair("", "", now, now, "")
            stored = TokenPair(kept.access_token, successor, kept.expires_at, kept.obtained_at, seed)
            slot.save(**asdict(stored))
        refusal = Refusal(response.status_code, _words(response, answer), is_understood=bool(answer))
        return self._refused(refusal, stored, rejected)

    def _ask(self, grant: dict[str, str]) -> requests.Response:
        form = {"client_id": self._credentials.client_id, "client_secret": self._credentials.client_secret, **grant}
        self.token_calls += 1
        try:
            return self._session.post(
                self._url, data=form, auth=transport.Unsigned(), timeout=self._timeout, allow_redirects=False
            )
        except requests.RequestException as error:
            reason = type(error).__name__
            raise TryLater(f"{self.service.name}'s login did not answer ({reason}): the next run tries again") from None

    def _life(self, answer: dict[str, object]) -> timedelta:
        """Read `expires_in`, a text or a number."""
        seconds = whole_number(str(answer.get("expires_in", "")))
        return timedelta(seconds=seconds) if seconds else self.usual_life

    def _meaning(self, refusal: Refusal) -> ApiError:
        name, status = self.service.name, refusal.status
        is_refusal = status in _REFUSALS
        if is_refusal and _UNKNOWN_APP.search(refusal.words):
            return LoginLost(f"{name} does not know this app: correct client_id and client_secret")
        if status == HTTPStatus.NOT_FOUND or HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            return WrongAddress(f"There is no login of {name} at the address in {self.address_setting}: correct it")
        is_of_oauth = refusal.is_understood or status == HTTPStatus.UNAUTHORIZED
        if is_refusal and is_of_oauth and not _LIMIT.search(refusal.words):
            why = ""
            if _USED_BEFORE.search(refusal.words):
                why = " (its refresh token was used before: that answer was lost, or another program has the login)"
            return LoginLost(
                f"The login to {name} is not valid any more{why}: log in again and set the new refresh_token"
            )
        return TryLater(f"{name}'s login is out of order ({status}): the next run tries again")


def _words(response: requests.Response, answer: dict[str, object]) -> str:
    """Gather where a service may say why (RFC 6749 section 5.2, RFC 6750 section 3, and `Reason` of Exact)."""
    headers = (response.headers.get("Reason", ""), unquote(response.headers.get("WWW-Authenticate", "")))
    body = (str(answer.get("error", "")), str(answer.get("error_description", "")))
    return " ".join((*body, *headers, response.reason or ""))
