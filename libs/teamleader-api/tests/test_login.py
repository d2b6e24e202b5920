"""Signing in as Teamleader wants it; what all logins share is tested in api-core."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from teamleader_api import LoginLost, WrongAddress

if TYPE_CHECKING:
    from api_core.testing import FakeClock, ScriptedServer
    from teamleader_api import TeamleaderClient

USER: dict[str, Any] = {"data": {"id": "u"}}


def test_an_access_token_is_replaced_a_minute_before_its_hour_is_over(
    server: ScriptedServer, client: TeamleaderClient, clock: FakeClock
) -> None:
    for later in (0, 3539, 1):
        clock.time += timedelta(seconds=later)
        server.will(200, USER)
        client.call("users.me")
    assert [asked.bearer for asked in server.asked] == ["access-1", "access-1", "access-2"]


def test_a_lost_login_and_a_wrong_address_name_teamleader(server: ScriptedServer, client: TeamleaderClient) -> None:
    server.will_on_login(400, {"error": "invalid_grant", "error_description": "The refresh token is invalid."})
    with pytest.raises(LoginLost, match="The login to Teamleader is not valid any more"):
        client.call("users.me")
    server.will_on_login(404, b"<html>")
    with pytest.raises(WrongAddress, match="auth_url"):
        client.call("users.me")


def test_a_rejected_fresh_access_token_ends_the_run(server: ScriptedServer, client: TeamleaderClient) -> None:
    for _ in range(2):
        server.will(401, {"errors": [{"title": "Unauthorized"}]})
    with pytest.raises(LoginLost, match="Teamleader refuses a fresh access token: log in again"):
        client.call("users.me")
    assert client.calls == 2
