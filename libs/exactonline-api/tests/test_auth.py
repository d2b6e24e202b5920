"""Signing in: one pair of tokens for all, refreshed when Exact allows it and never twice."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from exactonline_api import LoginLost, MemoryTokens, TokenPair, TryLater

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Connect, FakeClock, ScriptedServer
    from exactonline_api import ExactClient

ROWS: dict[str, Any] = {"d": []}
TOO_EARLY_BODY = {"error": "access_denied", "error_description": "Rate limit exceeded: access_token not expired"}
TOO_EARLY = [
    pytest.param(400, TOO_EARLY_BODY, {}, id="2026: 400 with a body"),
    pytest.param(401, None, {"Reason": "TooEarlyToRefreshTokens: wait"}, id="401 with a Reason header"),
    pytest.param(401, b"<html>", {"WWW-Authenticate": "Access%20Token%20not%20expired"}, id="2021: 401 with HTML"),
]


def read(client: ExactClient) -> None:
    """Any call will do: it needs an access token."""
    list(client.rows("crm/Accounts", select=["ID"]))


def saved(tokens: MemoryTokens) -> TokenPair:
    pair = tokens.read()
    assert pair is not None
    return pair


def test_the_configured_refresh_token_gives_the_first_pair_and_the_store_keeps_it(
    server: ScriptedServer, client: ExactClient, tokens: MemoryTokens
) -> None:
    server.will(200, ROWS)
    read(client)
    assert server.token_asked[0].form == {
        "grant_type": "refresh_token",
        "client_id": "app",
        "client_secret": "app-secret",
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


def test_an_access_token_is_used_for_570_seconds_and_then_replaced(
    server: ScriptedServer, client: ExactClient, clock: FakeClock
) -> None:
    for _ in range(3):
        server.will(200, ROWS)
    read(client)
    clock.time += timedelta(seconds=569)
    read(client)
    clock.time += timedelta(seconds=1)
    read(client)
    assert [asked.bearer for asked in server.asked] == ["access-1", "access-1", "access-2"]
    assert server.token_asked[1].form["refresh_token"] == "refresh-1"


@pytest.mark.parametrize("lifetime", ["600", 600, None, "", "soon", 0])
def test_the_lifetime_comes_as_text_as_number_or_not_at_all(
    server: ScriptedServer, client: ExactClient, clock: FakeClock, tokens: MemoryTokens, lifetime: str | int
) -> None:
    server.will_on_login(200, {"access_token": "a", "refresh_token": "r", "expires_in": lifetime})
    server.will(200, ROWS)
    read(client)
    assert saved(tokens).expires_at == clock.now() + timedelta(seconds=600)


def test_a_restarted_program_goes_on_with_the_stored_pair(server: ScriptedServer, connect: Connect) -> None:
    for _ in range(2):
        server.will(200, ROWS)
        read(connect())
    assert len(server.token_asked) == 1


def test_a_pair_that_another_process_fetched_is_used_without_asking(
    server: ScriptedServer, connect: Connect, clock: FakeClock
) -> None:
    for _ in range(3):
        server.will(200, ROWS)
    ours, theirs = connect(), connect()
    read(ours)
    clock.time += timedelta(seconds=580)
    read(theirs)
    read(ours)
    assert [asked.bearer for asked in server.asked] == ["access-1", "access-2", "access-2"]
    assert len(server.token_asked) == 2


def test_threads_that_need_a_token_at_once_ask_for_one(server: ScriptedServer, connect: Connect) -> None:
    clients = [connect() for _ in range(8)]
    for _ in clients:
        server.will(200, ROWS)
    threads = [threading.Thread(target=read, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.token_asked) == 1
    assert [asked.bearer for asked in server.asked] == ["access-1"] * 8


def test_a_newly_configured_refresh_token_replaces_the_stored_login(
    server: ScriptedServer, connect: Connect, tokens: MemoryTokens
) -> None:
    for _ in range(3):
        server.will(200, ROWS)
    read(connect())
    read(connect(refresh_token="refresh-of-new-login"))
    read(connect(refresh_token="refresh-of-new-login"))
    used = [asked.form["refresh_token"] for asked in server.token_asked]
    assert used == ["refresh-configured", "refresh-of-new-login"]
    assert saved(tokens).refresh_token == "refresh-2"


def test_without_a_configured_refresh_token_the_stored_login_is_used(server: ScriptedServer, connect: Connect) -> None:
    for _ in range(2):
        server.will(200, ROWS)
    read(connect())
    read(connect(refresh_token=None))
    assert len(server.token_asked) == 1


def test_without_any_login_nothing_is_sent(server: ScriptedServer, connect: Connect) -> None:
    with pytest.raises(LoginLost, match="log in and set refresh_token"):
        read(connect(refresh_token=None))
    assert (server.asked, server.token_asked) == ([], [])


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
    for _ in range(3):
        server.will(200, ROWS)
    read(client)
    clock.time += timedelta(seconds=575)
    server.will_on_login(status, body, headers=headers)
    read(client)
    clock.time += timedelta(seconds=20)
    read(client)
    assert [asked.bearer for asked in server.asked] == ["access-1"] * 3
    assert len(server.token_asked) == 2
    assert saved(tokens).refresh_token == "refresh-1"


def test_a_refusal_that_brings_a_new_refresh_token_has_it_saved(
    server: ScriptedServer, client: ExactClient, clock: FakeClock, tokens: MemoryTokens
) -> None:
    for _ in range(2):
        server.will(200, ROWS)
    read(client)
    clock.time += timedelta(seconds=575)
    server.will_on_login(400, {**TOO_EARLY_BODY, "refresh_token": "refresh-surprise"})
    read(client)
    assert (saved(tokens).access_token, saved(tokens).refresh_token) == ("access-1", "refresh-surprise")


def test_right_after_a_new_login_the_access_token_of_the_old_one_serves_until_exact_gives_another(
    server: ScriptedServer, connect: Connect, clock: FakeClock
) -> None:
    for _ in range(4):
        server.will(200, ROWS)
    read(connect())
    clock.time += timedelta(seconds=60)
    server.will_on_login(400, TOO_EARLY_BODY)
    client = connect(refresh_token="refresh-of-new-login")
    read(client)
    clock.time += timedelta(seconds=500)
    read(client)
    clock.time += timedelta(seconds=20)
    read(client)
    assert [asked.bearer for asked in server.asked] == ["access-1", "access-1", "access-1", "access-2"]
    assert len(server.token_asked) == 3


def test_too_early_without_any_access_token_is_for_later(server: ScriptedServer, client: ExactClient) -> None:
    server.will_on_login(400, TOO_EARLY_BODY)
    with pytest.raises(TryLater, match="9½ minutes"):
        read(client)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": "unauthorized_client", "error_description": "Unauthorized Client: Old refresh token used."}),
        (401, {"error": "unauthorized_client", "error_description": "Old refresh token used"}),
        (400, {"error": "invalid_request", "error_description": "The refresh token expired at 1 and it is now 2"}),
        (400, {"error": "invalid_grant", "error_description": "invalid or empty chainId"}),
        (401, None),
    ],
)
def test_a_dead_login_asks_a_person_to_log_in_again(
    server: ScriptedServer, client: ExactClient, status: int, body: Any
) -> None:
    server.will_on_login(status, body)
    with pytest.raises(LoginLost, match=r"Exact .* log in again and set the new refresh_token"):
        read(client)
    assert len(server.token_asked) == 1


def test_a_wrong_client_id_or_secret_is_named(server: ScriptedServer, client: ExactClient) -> None:
    server.will_on_login(400, {"error": "invalid_client", "error_description": "Client authentication failed."})
    with pytest.raises(LoginLost, match="correct client_id and client_secret"):
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
        pytest.param({"status": 500}, id="500"),
        pytest.param({"status": 429}, id="429"),
        pytest.param({"status": 400, "body": {"error": "access_denied: Rate limit exceeded"}}, id="200 calls per day"),
    ],
)
def test_a_login_that_is_out_of_order_is_asked_once_and_is_for_later(
    server: ScriptedServer, client: ExactClient, answer: dict[str, Any]
) -> None:
    server.will_on_login(**answer)
    with pytest.raises(TryLater, match="the next run tries again"):
        read(client)
    assert len(server.token_asked) == 1
    assert server.asked == []


EXPIRED = {"WWW-Authenticate": "Bearer%20error%3Dinvalid_token%2C%20access%20token%20expired"}


def test_a_rejected_access_token_is_replaced_once_and_the_request_sent_again(
    server: ScriptedServer, client: ExactClient
) -> None:
    server.will(401, headers=EXPIRED)
    server.will(201, {"d": {"ID": "1"}})
    assert client.post("crm/Accounts", {"Name": "X"}) == {"ID": "1"}
    assert [asked.bearer for asked in server.asked] == ["access-1", "access-2"]
    assert [asked.method for asked in server.asked] == ["POST", "POST"]
    assert (client.calls, client.token_calls) == (2, 2)


def test_a_rejected_fresh_access_token_ends_the_run(server: ScriptedServer, client: ExactClient) -> None:
    server.will(401, headers=EXPIRED)
    server.will(401, headers=EXPIRED)
    with pytest.raises(LoginLost, match="log in again"):
        read(client)
    assert client.calls == 2


def test_a_rejected_access_token_that_exact_will_not_replace_yet_is_for_later(
    server: ScriptedServer, client: ExactClient
) -> None:
    server.will(401, headers=EXPIRED)
    server.will_on_login(200, {"access_token": "access-0", "refresh_token": "refresh-0", "expires_in": "600"})
    server.will_on_login(400, TOO_EARLY_BODY)
    with pytest.raises(TryLater, match="9½ minutes"):
        read(client)
    assert client.calls == 1


def test_the_lock_is_held_from_reading_the_store_until_the_answer_is_saved(
    server: ScriptedServer, connect: Connect
) -> None:
    events: list[str] = []

    class Watched(MemoryTokens):
        @contextmanager
        def exclusive(self, timeout: float = 60) -> Iterator[MemoryTokens]:
            with super().exclusive(timeout):
                events.append("locked")
                yield self
                events.append("freed")

        def save(self, **pair: Any) -> None:
            events.append(f"saved after {len(server.token_asked)} request")
            super().save(**pair)

    server.will(200, ROWS)
    read(connect(tokens=Watched()))
    assert events == ["locked", "saved after 1 request", "freed"]


def test_a_password_of_netrc_for_that_host_is_not_sent(
    server: ScriptedServer, client: ExactClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.will(200, ROWS)
    read(client)
    assert "Authorization" not in server.token_asked[0].headers
    assert server.asked[0].bearer == "access-1"
