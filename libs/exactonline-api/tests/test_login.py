"""Signing in as Exact wants it: a new access token not before nine and a half minutes (exact-online 1.5-1.18)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from exactonline_api import LoginLost, TryLater

if TYPE_CHECKING:
    from api_core.testing import FakeClock, ScriptedServer
    from conftest import Connect
    from exactonline_api import ExactClient, MemoryTokens

ROWS: dict[str, Any] = {"d": []}
TOO_EARLY_BODY = {"error": "access_denied", "error_description": "Rate limit exceeded: access_token not expired"}
TOO_EARLY = [
    pytest.param(400, TOO_EARLY_BODY, {}, id="2026: 400 with a body"),
    pytest.param(401, None, {"Reason": "TooEarlyToRefreshTokens: wait"}, id="401 with a Reason header"),
    pytest.param(401, b"<html>", {"WWW-Authenticate": "Access%20Token%20not%20expired"}, id="2021: 401 with HTML"),
]


def read(server: ScriptedServer, client: ExactClient) -> None:
    """Any call will do: it needs an access token."""
    server.will(200, ROWS)
    list(client.rows("crm/Accounts", select=["ID"]))


def refresh_token(tokens: MemoryTokens) -> str:
    pair = tokens.read()
    assert pair is not None
    return pair.refresh_token


def test_an_access_token_is_used_for_570_seconds_and_then_replaced(
    server: ScriptedServer, client: ExactClient, clock: FakeClock
) -> None:
    for later in (0, 569, 1):
        clock.time += timedelta(seconds=later)
        read(server, client)
    assert [asked.bearer for asked in server.asked] == ["access-1", "access-1", "access-2"]


@pytest.mark.parametrize(("status", "body", "headers"), TOO_EARLY)
def test_too_early_keeps_the_old_access_token_and_asks_no_more_for_a_while(
    server: ScriptedServer,
    client: ExactClient,
    clock: FakeClock,
    tokens: MemoryTokens,
    status: int,
    body: Any,
    headers: dict[str, str],
) -> None:
    read(server, client)
    clock.time += timedelta(seconds=575)
    server.will_on_login(status, body, headers=headers)
    read(server, client)
    clock.time += timedelta(seconds=20)
    read(server, client)
    assert [asked.bearer for asked in server.asked] == ["access-1"] * 3
    assert len(server.token_asked) == 2
    assert refresh_token(tokens) == "refresh-1"


def test_too_early_with_a_new_refresh_token_has_it_saved(
    server: ScriptedServer, client: ExactClient, clock: FakeClock, tokens: MemoryTokens
) -> None:
    read(server, client)
    clock.time += timedelta(seconds=575)
    server.will_on_login(400, {**TOO_EARLY_BODY, "refresh_token": "refresh-surprise"})
    read(server, client)
    assert server.asked[1].bearer == "access-1"
    assert refresh_token(tokens) == "refresh-surprise"


def test_right_after_a_new_login_the_access_token_of_the_old_one_serves_until_exact_gives_another(
    server: ScriptedServer, connect: Connect, clock: FakeClock
) -> None:
    read(server, connect())
    clock.time += timedelta(seconds=60)
    server.will_on_login(400, TOO_EARLY_BODY)
    client = connect(refresh_token="refresh-of-new-login")
    for later in (0, 500, 20):
        clock.time += timedelta(seconds=later)
        read(server, client)
    assert [asked.bearer for asked in server.asked] == ["access-1", "access-1", "access-1", "access-2"]
    assert len(server.token_asked) == 3


def test_too_early_without_any_access_token_is_for_later(server: ScriptedServer, client: ExactClient) -> None:
    server.will_on_login(400, TOO_EARLY_BODY)
    with pytest.raises(TryLater, match="9½ minutes"):
        client.me()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": "unauthorized_client", "error_description": "Unauthorized Client: Old refresh token used."}),
        (401, {"error": "unauthorized_client", "error_description": "Old refresh token used"}),
        (400, {"error": "invalid_request", "error_description": "The refresh token expired at 1 and it is now 2"}),
        (400, {"error": "invalid_grant", "error_description": "invalid or empty chainId"}),
    ],
)
def test_a_dead_login_is_told_in_many_ways(
    server: ScriptedServer, client: ExactClient, status: int, body: dict[str, str]
) -> None:
    server.will_on_login(status, body)
    with pytest.raises(LoginLost, match=r"Exact .* log in again and set the new refresh_token"):
        client.me()


EXPIRED = {"WWW-Authenticate": "Bearer%20error%3Dinvalid_token%2C%20access%20token%20expired"}


def test_a_rejected_fresh_access_token_ends_the_run(server: ScriptedServer, client: ExactClient) -> None:
    for _ in range(2):
        server.will(401, headers=EXPIRED)
    with pytest.raises(LoginLost, match="Exact refuses a fresh access token: log in again"):
        client.me()


def test_a_rejected_access_token_that_exact_will_not_replace_yet_is_for_later(
    server: ScriptedServer, client: ExactClient
) -> None:
    server.will(401, headers=EXPIRED)
    server.will_on_login(200, {"access_token": "access-0", "refresh_token": "refresh-0", "expires_in": "600"})
    server.will_on_login(400, TOO_EARLY_BODY)
    with pytest.raises(TryLater, match="9½ minutes"):
        client.me()
    assert client.calls == 1
