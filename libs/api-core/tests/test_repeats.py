"""What is sent again, what is never, and what a caller is told when there is no answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from api_core.errors import ApiError, LoginLost, OutcomeUnknown, RecordRefused, TryLater, WriteNotAllowed
from api_core.repeats import TRIES, Repeat, should_repeat
from api_core.transport import NoAnswerError

if TYPE_CHECKING:
    from api_core.testing import FakeClock, ScriptedServer
    from conftest import Connect, ParcelClient

NO_ANSWER = [
    pytest.param({"fault": "reset"}, id="reset"),
    pytest.param({"fault": "silent"}, id="silence"),
    pytest.param({"body": {"parcel": "x" * 99}, "fault": "truncated"}, id="cut off"),
    pytest.param({"status": 503}, id="503"),
    pytest.param({"status": 200, "body": b"<html>maintenance"}, id="200 with HTML"),
]


ANSWERED = (200, 204, 302, 400, 403, 404, 422)


@pytest.mark.parametrize(
    ("outcome", "writes", "times", "expected"),
    [
        (NoAnswerError("silence"), False, 0, Repeat.AFTER_PAUSE),
        (NoAnswerError("silence"), False, TRIES - 2, Repeat.AFTER_PAUSE),
        (NoAnswerError("silence"), False, TRIES - 1, Repeat.NEVER),
        (NoAnswerError("silence"), True, 0, Repeat.NEVER),
        (NoAnswerError("refused", was_sent=False), True, 0, Repeat.NEVER),
        (429, False, 0, Repeat.AFTER_LIMIT),
        (429, True, 9, Repeat.AFTER_LIMIT),
        (401, True, 0, Repeat.AFTER_RENEWAL),
        (401, False, 1, Repeat.NEVER),
        *[(status, writes, 0, Repeat.NEVER) for status in ANSWERED for writes in (True, False)],
    ],
)
def test_only_what_was_not_carried_out_or_changes_nothing_goes_again(
    outcome: int | NoAnswerError, *, writes: bool, times: int, expected: Repeat
) -> None:
    assert should_repeat(outcome, writes=writes, times=times) is expected


@pytest.mark.parametrize("answer", NO_ANSWER)
def test_a_read_without_an_answer_is_tried_again(
    server: ScriptedServer, hasty: ParcelClient, clock: FakeClock, answer: dict[str, Any]
) -> None:
    server.will(**answer)
    server.will(200, {"id": "i"})
    assert hasty.get() == {"id": "i"}
    assert len(clock.slept) == 1
    assert 0.5 <= clock.slept[0] <= 1


def test_four_tries_with_growing_pauses_and_then_a_later_run(
    server: ScriptedServer, client: ParcelClient, clock: FakeClock
) -> None:
    for _ in range(4):
        server.will(503)
    with pytest.raises(TryLater, match=r"Parcels does not answer parcels .status 503.: the next run tries again"):
        client.get()
    assert client.calls == 4
    assert clock.slept[0] <= 1 <= clock.slept[1] <= 2 <= clock.slept[2] <= 4
    assert len(clock.slept) == 3


@pytest.mark.parametrize("answer", NO_ANSWER)
def test_a_write_without_an_answer_is_unknown_and_never_repeated(
    server: ScriptedServer, hasty: ParcelClient, clock: FakeClock, answer: dict[str, Any]
) -> None:
    server.will(200, {})
    hasty.get()
    server.will(**answer)
    with pytest.raises(OutcomeUnknown, match="Parcels may or may not have carried out the write to parcels") as caught:
        hasty.post({"name": "Jan Peeters"})
    assert caught.value.endpoint == "parcels"
    assert len(server.asked) == 2
    assert clock.slept == []


@pytest.mark.parametrize("call", ["get", "post"])
def test_where_nobody_listens_nothing_was_written_and_it_is_for_later(
    server: ScriptedServer, connect: Connect, nobody_listens: str, call: str
) -> None:
    server.will(200, {})
    connect().get()
    unreachable = connect(url=nobody_listens)
    with pytest.raises(TryLater, match="ConnectionError"):
        unreachable.get() if call == "get" else unreachable.post({})
    assert unreachable.calls == (4 if call == "get" else 1)


def test_a_write_is_sent_again_after_a_limit_for_it_was_not_carried_out(
    server: ScriptedServer, client: ParcelClient, clock: FakeClock
) -> None:
    server.will(429)
    server.will(200, {"id": "i"})
    assert client.post({"name": "X"}) == {"id": "i"}
    assert server.asked[0].content == server.asked[1].content
    assert clock.slept == [60]


def test_the_throttle_says_how_often_a_limit_is_waited_for(server: ScriptedServer, client: ParcelClient) -> None:
    for _ in range(3):
        server.will(429)
    with pytest.raises(TryLater, match="no room for parcels"):
        client.post({})
    assert client.calls == 3


def test_a_rejected_access_token_is_replaced_once_and_the_write_sent_again(
    server: ScriptedServer, client: ParcelClient
) -> None:
    server.will(401)
    server.will(200, {"id": "i"})
    assert client.post({"name": "X"}) == {"id": "i"}
    assert [asked.bearer for asked in server.asked] == ["access-1", "access-2"]
    assert (client.calls, client.token_calls) == (2, 2)


def test_a_rejected_fresh_access_token_is_no_reason_for_a_third_request(
    server: ScriptedServer, client: ParcelClient
) -> None:
    for _ in range(2):
        server.will(401, {})
    with pytest.raises(RecordRefused, match="401"):
        client.get()
    assert client.calls == 2


def test_a_lost_login_ends_a_read_at_once(server: ScriptedServer, client: ParcelClient, clock: FakeClock) -> None:
    server.will_on_login(400, {"error": "invalid_grant"})
    with pytest.raises(LoginLost):
        client.get()
    assert (client.calls, clock.slept) == (0, [])


def test_a_client_for_reading_reads_and_sends_no_write(server: ScriptedServer, connect: Connect) -> None:
    client = connect(read_only=True)
    with pytest.raises(WriteNotAllowed, match="parcels was not: this is a dry run"):
        client.post({})
    assert (server.asked, server.token_asked) == ([], [])
    server.will(200, {"id": "i"})
    assert client.get() == {"id": "i"}


def test_no_error_text_holds_a_token_a_secret_or_a_body(server: ScriptedServer, connect: Connect) -> None:
    errors: list[ApiError] = []
    for answer in ({"fault": "reset"}, {"fault": "silent"}, {"status": 500}, {"status": 400, "body": {}}):
        server.will(**answer)
        with pytest.raises(ApiError) as caught:
            connect(timeout=(60, 2)).post({"name": "Jan Peeters"})
        errors.append(caught.value)
    server.will_on_login(400, {"error": "invalid_grant", "hint": "token refresh-configured"})
    with pytest.raises(ApiError) as caught:
        connect(refresh_token="refresh-of-new-login").post({"name": "Jan Peeters"})
    for error in (*errors, caught.value):
        for part in ("access-", "refresh-", "app-secret", "Peeters", "127.0.0.1", "\n"):
            assert part not in str(error)
        assert error.__cause__ is None
        assert error.__suppress_context__ or error.__context__ is None
