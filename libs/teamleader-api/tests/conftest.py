"""A server that answers as a test scripts it, and clients of Teamleader that ask it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from api_core.testing import ScriptedServer, clock, nobody_listens, tokens
from sandbox.contracts import contract as published
from teamleader_api import TeamleaderClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from api_core.testing import FakeClock
    from teamleader_api import MemoryTokens

    Connect = Callable[..., TeamleaderClient]

__all__ = ["clock", "nobody_listens", "tokens"]


@pytest.fixture
def server(clock: FakeClock) -> Iterator[ScriptedServer]:
    """What a test sends to it has to fit the vendor's description."""
    server = ScriptedServer(clock, "/oauth2/access_token", life=3600)
    yield server
    server.stop()
    contract = published("teamleader")
    for asked in server.asked:
        action = asked.path.removeprefix("/")
        if asked.method == "POST" and action in contract:
            schema = contract[action].get("request") or {"type": "object"}
            jsonschema.validate(asked.json, schema)
            assert _unknown(asked.json, schema) == [], asked.path


@pytest.fixture
def connect(server: ScriptedServer, clock: FakeClock, tokens: MemoryTokens) -> Connect:
    """Make a client of the scripted server; settings may be given another value."""

    def make(**settings: Any) -> TeamleaderClient:
        urls = {"api_url": server.url, "auth_url": server.url}
        app = {"client_id": "app", "client_secret": "app-secret", "refresh_token": "refresh-configured"}
        return TeamleaderClient(**{**urls, **app, "tokens": tokens, "clock": clock, "timeout": (60, 60), **settings})

    return make


@pytest.fixture
def client(connect: Connect) -> TeamleaderClient:
    return connect()


@pytest.fixture
def hasty(connect: Connect) -> TeamleaderClient:
    """A client that does not wait long for an answer."""
    return connect(timeout=(60, 2))


def _unknown(value: Any, schema: Any) -> list[str]:
    """Name the properties of a request that the description does not know; it does not forbid them itself."""
    if isinstance(value, list):
        return [name for item in value for name in _unknown(item, schema.get("items", {}))]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    properties = schema["properties"]
    inner = [name for key, item in value.items() for name in _unknown(item, properties.get(key, {}))]
    return [key for key in value if key not in properties] + inner
