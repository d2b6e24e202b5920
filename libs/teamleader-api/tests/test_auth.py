"""Signing in: one pair of tokens for all, whose refresh token works once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from teamleader_api import LoginLost, MemoryTokens, StopRun, TokenPair, TryLater

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Connect, FakeClock, ScriptedServer
    from teamleader_api import TeamleaderClient

USER: dict[str, Any] = {"data": {"id": "u"}}


def read(client: TeamleaderClient) -> None:
    """Any call will do: it needs an access token."""
    client.call("users.me")


def saved(tokens: MemoryTokens) -> TokenPair:
    pair = tokens.read()
    assert pair is not None
    return pair


def test_the_configured_refresh_token_gives_the_first_pair_and_the_store_keeps_it(
    server: ScriptedServer, client: TeamleaderClient, tokens: MemoryTokens
) -> None:
    server.will(200, USER)
    read(client)
    assert server.token_asked[0].form == {
        "grant_type": "refresh_token",
        "client_id": "integration",
        "client_secret": "integration-secret",
        "refresh_token": "refresh-configured",
    }
    assert server.asked[0].bearer == "access-1"
    assert (saved(tokens).access_token, saved(tokens).refresh_token) == ("access-1", "refresh-1")
    assert (client.calls, client.token_calls) == (1, 1)


def test_a_pair_that_cannot_be_saved_is_not_used(server: ScriptedServer, connect: Connect) -> None:
    class Broken(MemoryTokens):
        def save(self, **_: Any) -> None:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        read(connect(tokens=Broken()))
    assert server.asked == []


def test_without_room_for_its_successor_a_refresh_token_is_not_spent(server: ScriptedServer, connect: Connect) -> None:
    class Full(MemoryTokens):
        def reserve(self) -> None:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        read(connect(tokens=Full()))
    assert server.token_asked == []


def test_an_access_token_is_replaced_a_minute_before_its_hour_is_over(
    server: ScriptedServer, client: TeamleaderClient, clock: FakeClock
) -> None:
    for _ in range(3):
        server.will(200, USER)
    read(client)
    clock.time += timedelta(seconds=3539)
    read(client)
    clock.time += timedelta(seconds=1)
    read(client)
    assert [asked.bearer for asked in server.asked] == ["access-1", "access-1", "access-2"]
    assert server.token_asked[1].form["refresh_token"] == "refresh-1"


def test_a_restarted_program_goes_on_with_the_stored_pair(server: ScriptedServer, connect: Connect) -> None:
    for _ in range(2):
        server.will(200, USER)
        read(connect())
    assert len(server.token_asked) == 1


def test_threads_that_need_a_token_at_once_ask_for_one(server: ScriptedServer, connect: Connect) -> None:
    clients = [connect() for _ in range(8)]
    for _ in clients:
        server.will(200, USER)
    threads = [threading.Thread(target=read, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.token_asked) == 1
    assert [asked.bearer for asked in server.asked] == ["access-1"] * 8


def test_a_newly_configured_refresh_token_replaces_the_stored_login(server: ScriptedServer, connect: Connect) -> None:
    for _ in range(3):
        server.will(200, USER)
    read(connect())
    read(connect(refresh_token="refresh-of-new-login"))
    read(connect(refresh_token="refresh-of-new-login"))
    used = [asked.form["refresh_token"] for asked in server.token_asked]
    assert used == ["refresh-configured", "refresh-of-new-login"]


def test_without_a_configured_refresh_token_the_stored_login_is_used(server: ScriptedServer, connect: Connect) -> None:
    for _ in range(2):
        server.will(200, USER)
    read(connect())
    read(connect(refresh_token=None))
    assert len(server.token_asked) == 1


def test_without_any_login_nothing_is_sent(server: ScriptedServer, connect: Connect) -> None:
    with pytest.raises(LoginLost, match="log in and set refresh_token"):
        read(connect(refresh_token=None))
    assert (server.asked, server.token_asked) == ([], [])


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": "invalid_grant", "error_description": "The refresh token is invalid."}),
        (401, {"error": "invalid_request", "message": "The refresh token is revoked"}),
        (401, None),
    ],
)
def test_a_dead_login_asks_a_person_to_log_in_again(
    server: ScriptedServer, client: TeamleaderClient, status: int, body: Any
) -> None:
    server.will_on_login(status, body)
    with pytest.raises(LoginLost, match=r"Teamleader .* log in again and set the new refresh_token"):
        read(client)
    assert len(server.token_asked) == 1


def test_a_wrong_client_id_or_secret_is_named(server: ScriptedServer, client: TeamleaderClient) -> None:
    server.will_on_login(401, {"error": "invalid_client"})
    with pytest.raises(LoginLost, match="correct client_id and client_secret"):
        read(client)


def test_a_wrong_address_of_the_login_is_named(server: ScriptedServer, client: TeamleaderClient) -> None:
    server.will_on_login(404, b"<html>")
    with pytest.raises(StopRun, match="auth_url"):
        read(client)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"fault": "reset"}, id="reset"),
        pytest.param({"fault": "silent"}, id="timeout"),
        pytest.param({"body": {"access_token": "x" * 99}, "fault": "truncated"}, id="cut off"),
        pytest.param({"status": 200}, id="empty"),
        pytest.param({"status": 200, "body": b"<html>maintenance</html>"}, id="HTML with 200"),
        pytest.param({"status": 503, "body": b"<html>maintenance</html>"}, id="HTML with 503"),
        pytest.param({"status": 429, "body": {"errors": [{"title": "Rate limit"}]}}, id="429"),
    ],
)
def test_a_login_that_is_out_of_order_is_asked_once_and_is_for_later(
    server: ScriptedServer, client: TeamleaderClient, answer: dict[str, Any]
) -> None:
    server.will_on_login(**answer)
    with pytest.raises(TryLater, match="the next run tries again"):
        read(client)
    assert len(server.token_asked) == 1
    assert server.asked == []


def test_a_rejected_access_token_is_replaced_once_and_the_request_sent_again(
    server: ScriptedServer, client: TeamleaderClient
) -> None:
    server.will(401, {"errors": [{"title": "Unauthorized"}]})
    server.will(201, {"data": {"type": "company", "id": "c"}})
    assert client.call("companies.add", {"name": "X"}) == {"type": "company", "id": "c"}
    assert [asked.bearer for asked in server.asked] == ["access-1", "access-2"]
    assert (client.calls, client.token_calls) == (2, 2)


def test_a_rejected_fresh_access_token_ends_the_run(server: ScriptedServer, client: TeamleaderClient) -> None:
    server.will(401)
    server.will(401)
    with pytest.raises(LoginLost, match="log in again"):
        read(client)
    assert client.calls == 2


def test_a_token_that_another_process_fetched_after_a_rejection_is_used(
    server: ScriptedServer, connect: Connect
) -> None:
    for _ in range(2):
        server.will(200, USER)
    ours, theirs = connect(), connect()
    read(ours)
    read(theirs)
    for status in (401, 200, 401, 200):
        server.will(status, USER)
    read(theirs)
    read(ours)
    assert [asked.bearer for asked in server.asked[2:]] == ["access-1", "access-2", "access-1", "access-2"]
    assert len(server.token_asked) == 2


def test_a_password_of_netrc_for_that_host_is_not_sent(
    server: ScriptedServer, client: TeamleaderClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.will(200, USER)
    server.will(200, b"%PDF")
    read(client)
    client.download(f"{server.url}/file")
    assert "Authorization" not in server.token_asked[0].headers
    assert "Authorization" not in server.asked[1].headers
