"""Signing in: one pair of tokens for all, whose refresh token works once."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from api_core.errors import LoginLost, TryLater, WrongAddress
from api_core.tokens import MemoryTokens, TokenPair

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api_core.testing import FakeClock, ScriptedServer
    from conftest import Connect, ParcelClient


def saved(tokens: MemoryTokens) -> TokenPair:
    pair = tokens.read()
    assert pair is not None
    return pair


def test_the_configured_refresh_token_gives_the_first_pair_and_the_vault_keeps_it(
    server: ScriptedServer, client: ParcelClient, tokens: MemoryTokens
) -> None:
    server.will(200, {})
    client.get()
    assert server.token_asked[0].form == {
        "grant_type": "refresh_token",
        "client_id": "app",
        "client_secret": "app-secret",
        "refresh_token": "refresh-configured",
    }
    assert server.asked[0].bearer == "access-1"
    assert (saved(tokens).access_token, saved(tokens).refresh_token) == ("access-1", "refresh-1")
    assert (client.calls, client.token_calls) == (1, 1)


def test_a_login_that_was_kept_under_a_lost_key_is_named_and_a_new_one_takes_its_place(
    server: ScriptedServer, connect: Connect, tokens: MemoryTokens
) -> None:
    """Line 35: the vault then knows when the pair was given and what it began with, not its tokens."""
    server.will(200, {})
    connect(tokens=tokens).get()
    pair = saved(tokens)
    with tokens.exclusive() as slot:
        slot.save(**{**asdict(pair), "access_token": "", "refresh_token": ""})
    with pytest.raises(LoginLost, match="kept under another key than the store has now: put that key back, or log in"):
        connect(tokens=tokens).get()
    server.will(200, {})
    connect(tokens=tokens, refresh_token="refresh-new").get()
    assert server.token_asked[-1].form["refresh_token"] == "refresh-new"


def test_an_access_token_is_replaced_shortly_before_its_end(
    server: ScriptedServer, client: ParcelClient, clock: FakeClock
) -> None:
    for later in (0, 3539, 1):
        clock.time += timedelta(seconds=later)
        server.will(200, {})
        client.get()
    assert [asked.bearer for asked in server.asked] == ["access-1", "access-1", "access-2"]
    assert server.token_asked[1].form["refresh_token"] == "refresh-1"


@pytest.mark.parametrize(
    ("told", "seconds"), [("600", 600), (600, 600), (None, 3600), ("", 3600), ("soon", 3600), (0, 3600)]
)
def test_the_lifetime_comes_as_text_as_number_or_not_at_all(
    server: ScriptedServer, client: ParcelClient, clock: FakeClock, tokens: MemoryTokens, told: Any, seconds: int
) -> None:
    server.will_on_login(200, {"access_token": "a", "refresh_token": "r", "expires_in": told})
    server.will(200, {})
    client.get()
    assert saved(tokens).expires_at == clock.now() + timedelta(seconds=seconds)


def test_a_short_life_is_used_but_for_its_last_twentieth(
    server: ScriptedServer, client: ParcelClient, clock: FakeClock
) -> None:
    server.will_on_login(200, {"access_token": "a", "refresh_token": "r", "expires_in": 20})
    for later in (0, 18, 1):
        clock.time += timedelta(seconds=later)
        server.will(200, {})
        client.get()
    assert [asked.bearer for asked in server.asked] == ["a", "a", "access-1"]


def test_room_is_made_before_the_token_is_spent_and_the_lock_held_until_the_answer_is_saved(
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

        def reserve(self) -> None:
            events.append(f"room after {len(server.token_asked)} requests")

        def save(self, **pair: Any) -> None:
            events.append(f"saved after {len(server.token_asked)} request")
            super().save(**pair)

    server.will(200, {})
    connect(tokens=Watched()).get()
    assert events == ["locked", "room after 0 requests", "saved after 1 request", "freed"]


def test_without_room_for_its_successor_a_refresh_token_is_not_spent(server: ScriptedServer, connect: Connect) -> None:
    class Full(MemoryTokens):
        def reserve(self) -> None:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        connect(tokens=Full()).get()
    assert server.token_asked == []


def test_a_pair_that_cannot_be_saved_is_not_used(server: ScriptedServer, connect: Connect) -> None:
    class Broken(MemoryTokens):
        def save(self, **_: Any) -> None:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        connect(tokens=Broken()).get()
    assert server.asked == []


def test_a_restarted_program_goes_on_with_the_stored_pair(server: ScriptedServer, connect: Connect) -> None:
    for _ in range(2):
        server.will(200, {})
        connect().get()
    assert len(server.token_asked) == 1


def test_a_pair_that_another_process_fetched_is_used_without_asking(
    server: ScriptedServer, connect: Connect, clock: FakeClock
) -> None:
    ours, theirs = connect(), connect()
    for client, later in ((ours, 0), (theirs, 3580), (ours, 0)):
        clock.time += timedelta(seconds=later)
        server.will(200, {})
        client.get()
    assert [asked.bearer for asked in server.asked] == ["access-1", "access-2", "access-2"]
    assert len(server.token_asked) == 2


def test_a_pair_that_another_process_fetched_after_a_rejection_is_used(
    server: ScriptedServer, connect: Connect
) -> None:
    ours, theirs = connect(), connect()
    for client in (ours, theirs):
        server.will(200, {})
        client.get()
    for client in (theirs, ours):
        server.will(401)
        server.will(200, {})
        client.get()
    assert [asked.bearer for asked in server.asked[2:]] == ["access-1", "access-2", "access-1", "access-2"]
    assert len(server.token_asked) == 2


def test_threads_that_need_a_token_at_once_ask_for_one(server: ScriptedServer, connect: Connect) -> None:
    threads = [threading.Thread(target=connect().get) for _ in range(8)]
    for thread in threads:
        server.will(200, {})
        thread.start()
    for thread in threads:
        thread.join()
    assert len(server.token_asked) == 1
    assert [asked.bearer for asked in server.asked] == ["access-1"] * 8


def test_a_newly_configured_refresh_token_replaces_the_stored_login(
    server: ScriptedServer, connect: Connect, tokens: MemoryTokens
) -> None:
    for configured in ("refresh-configured", "refresh-of-new-login", "refresh-of-new-login"):
        server.will(200, {})
        connect(refresh_token=configured).get()
    used = [asked.form["refresh_token"] for asked in server.token_asked]
    assert used == ["refresh-configured", "refresh-of-new-login"]
    assert saved(tokens).refresh_token == "refresh-2"


def test_without_a_configured_refresh_token_the_stored_login_is_used(server: ScriptedServer, connect: Connect) -> None:
    for configured in ("refresh-configured", None):
        server.will(200, {})
        connect(refresh_token=configured).get()
    assert len(server.token_asked) == 1


def test_without_any_login_nothing_is_sent(server: ScriptedServer, connect: Connect) -> None:
    with pytest.raises(LoginLost, match="Nobody has logged in to Parcels yet: log in and set refresh_token"):
        connect(refresh_token=None).get()
    assert (server.asked, server.token_asked) == ([], [])


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": "invalid_grant", "error_description": "The refresh token is invalid."}),
        (401, {"error": "invalid_request", "message": "The refresh token is revoked"}),
        (401, None),
        (403, {"error": "access_denied"}),
    ],
)
def test_a_dead_login_asks_a_person_to_log_in_again(
    server: ScriptedServer, client: ParcelClient, status: int, body: Any
) -> None:
    server.will_on_login(status, body)
    with pytest.raises(LoginLost, match=r"Parcels .* log in again and set the new refresh_token"):
        client.get()
    assert len(server.token_asked) == 1


@pytest.mark.parametrize("status", [400, 401])
def test_a_wrong_client_id_or_secret_is_named(server: ScriptedServer, client: ParcelClient, status: int) -> None:
    server.will_on_login(status, {"error": "invalid_client"})
    with pytest.raises(LoginLost, match="correct client_id and client_secret"):
        client.get()


@pytest.mark.parametrize("status", [302, 404])
def test_a_wrong_address_of_the_login_is_named(server: ScriptedServer, client: ParcelClient, status: int) -> None:
    server.will_on_login(status, b"<html>", headers={"Location": f"{server.url}/elsewhere"})
    with pytest.raises(WrongAddress, match="login_url"):
        client.get()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"fault": "reset"}, id="reset"),
        pytest.param({"fault": "silent"}, id="timeout"),
        pytest.param({"body": {"access_token": "x" * 99}, "fault": "truncated"}, id="cut off"),
        pytest.param({"status": 200}, id="empty"),
        pytest.param({"status": 200, "body": b"<html>maintenance</html>"}, id="HTML with 200"),
        pytest.param({"status": 403, "body": b"<html>blocked</html>"}, id="HTML with 403"),
        pytest.param({"status": 503, "body": b"<html>maintenance</html>"}, id="HTML with 503"),
        pytest.param({"status": 500}, id="500"),
        pytest.param({"status": 429, "body": {"errors": [{"title": "Rate limit"}]}}, id="429"),
        pytest.param({"status": 400, "body": {"error": "access_denied: Rate limit exceeded"}}, id="limit with 400"),
    ],
)
def test_a_login_that_is_out_of_order_is_asked_once_and_is_for_later(
    server: ScriptedServer, hasty: ParcelClient, answer: dict[str, Any]
) -> None:
    server.will_on_login(**answer)
    with pytest.raises(TryLater, match="the next run tries again"):
        hasty.get()
    assert len(server.token_asked) == 1
    assert server.asked == []


def test_a_refusal_that_brings_a_new_refresh_token_has_it_saved(
    server: ScriptedServer, client: ParcelClient, tokens: MemoryTokens
) -> None:
    server.will_on_login(503, {"refresh_token": "refresh-surprise"})
    with pytest.raises(TryLater):
        client.get()
    assert (saved(tokens).access_token, saved(tokens).refresh_token) == ("", "refresh-surprise")
    server.will(200, {})
    client.get()
    assert server.token_asked[1].form["refresh_token"] == "refresh-surprise"
