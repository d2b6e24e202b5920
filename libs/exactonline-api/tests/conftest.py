"""A server that answers as a test scripts it, and clients of Exact that ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from api_core.testing import ScriptedServer, clock, nobody_listens, tokens
from exactonline_api import ExactClient
from sandbox.exact.entities import ENTITIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api_core.testing import Asked, FakeClock
    from exactonline_api import MemoryTokens

    Connect = Callable[..., ExactClient]

__all__ = ["clock", "nobody_listens", "tokens"]

DIVISION = 123456


@pytest.fixture
def server(clock: FakeClock) -> Iterator[ScriptedServer]:
    """Fields that a test asks for or sends have to be those of the vendor's reference."""
    server = ScriptedServer(clock, "/api/oauth2/token", life="600")  # a text (exact-online 1.5)
    yield server
    server.stop()
    for asked in server.asked:
        check_fields(asked)


def check_fields(asked: Asked) -> None:
    path, _, query = asked.path.removeprefix("/api/v1/").removeprefix(f"{DIVISION}/").partition("?")
    entity = ENTITIES.get(path.partition("(")[0])
    if entity is not None:
        named = parse_qs(query).get("$select", [""])[0].split(",") if query else []
        assert set(named) <= entity.fields.keys(), asked.path
        sent = [entity.fields[name] for name in asked.json] if asked.content else []
        assert all(field.create if asked.method == "POST" else field.update for field in sent), asked.path


@pytest.fixture
def connect(server: ScriptedServer, clock: FakeClock, tokens: MemoryTokens) -> Connect:
    """Make a client of the scripted server; settings may be given another value."""
    app = {"client_id": "app", "client_secret": "app-secret", "refresh_token": "refresh-configured"}
    usual = {"api_url": server.url, "division": DIVISION, "tokens": tokens, "clock": clock, "timeout": (60, 60), **app}
    return lambda **settings: ExactClient(**{**usual, **settings})


@pytest.fixture
def client(connect: Connect) -> ExactClient:
    return connect()


@pytest.fixture
def hasty(connect: Connect) -> ExactClient:
    """A client that does not wait long for an answer."""
    return connect(timeout=(60, 2))
