"""A service of parcels that does not exist, whose client shows what every client of ours does."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from api_core import transport
from api_core.client import BaseClient
from api_core.errors import RecordRefused, TryLater
from api_core.login import Credentials, Login
from api_core.service import Service
from api_core.testing import ScriptedServer, clock, nobody_listens, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from requests import Response

    from api_core.clock import Clock
    from api_core.testing import FakeClock
    from api_core.tokens import MemoryTokens, TokenStore

    Connect = Callable[..., "ParcelClient"]

__all__ = ["clock", "nobody_listens", "tokens"]

PARCELS = Service(name="Parcels", agent="parcels", quoted=re.compile(r"'[^']*'"))
TOKEN_PATH = "/token"


class ParcelLogin(Login):
    usual_life = timedelta(hours=1)
    spare = timedelta(minutes=1)
    address_setting = "login_url"


class ParcelThrottle:
    """Three refusals in a row are too many; each is waited for a minute."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def wait_for_room(self) -> None:
        return

    def learn(self, headers: Mapping[str, str]) -> None:
        assert "Date" in headers

    def wait_after_refusal(self, endpoint: str, _: Response, times: int) -> None:
        if times == 3:
            raise TryLater(f"no room for {endpoint}")
        self._clock.sleep(60)


class ParcelClient(BaseClient):
    def __init__(
        self,
        *,
        url: str,
        refresh_token: str | None,
        tokens: TokenStore,
        clock: Clock,
        read_only: bool,
        timeout: transport.Timeout,
    ) -> None:
        self._url = transport.base_url(url, "url")
        credentials = Credentials("app", "app-secret", refresh_token)
        login = ParcelLogin(PARCELS, self._url + TOKEN_PATH, credentials, tokens=tokens, clock=clock, timeout=timeout)
        super().__init__(login, ParcelThrottle(clock), clock=clock, timeout=timeout, read_only=read_only)

    def get(self, path: str = "parcels") -> Any:
        return self._carry_out(transport.Request(path, "GET", f"{self._url}/{path}", writes=False), self._read)

    def post(self, body: dict[str, Any], path: str = "parcels") -> Any:
        content, headers = transport.dump(body), {"Content-Type": "application/json"}
        request = transport.Request(path, "POST", f"{self._url}/{path}", True, content, headers)
        return self._carry_out(request, self._read)

    def _read(self, response: Response) -> Any:
        if response.status_code >= 500 or transport.parse(response.content) is None:
            raise transport.NoAnswerError(f"status {response.status_code}")
        if not response.ok:
            raise RecordRefused(PARCELS, "parcels", response.status_code, ["refused"])
        return transport.parse(response.content)


@pytest.fixture
def parcels() -> Service:
    return PARCELS


@pytest.fixture
def server(clock: FakeClock) -> Iterator[ScriptedServer]:
    server = ScriptedServer(clock, TOKEN_PATH, life=3600)
    yield server
    server.stop()


@pytest.fixture
def connect(server: ScriptedServer, clock: FakeClock, tokens: MemoryTokens) -> Connect:
    """Make a client of the scripted server; settings may be given another value."""

    def make(**settings: Any) -> ParcelClient:
        usual = {"url": server.url, "refresh_token": "refresh-configured", "tokens": tokens, "clock": clock}
        return ParcelClient(**{**usual, "read_only": False, "timeout": (60, 60), **settings})

    return make


@pytest.fixture
def client(connect: Connect) -> ParcelClient:
    return connect()


@pytest.fixture
def hasty(connect: Connect) -> ParcelClient:
    """A client that does not wait long for an answer."""
    return connect(timeout=(60, 2))
