"""Keeping to the calls per minute and per day that Exact tells (exact-online 2.1-2.8)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from exactonline_api import DayLimitReached, Limits, TryLater, Window

if TYPE_CHECKING:
    from api_core.testing import FakeClock, ScriptedServer
    from conftest import Connect
    from exactonline_api import ExactClient

ROWS: dict[str, Any] = {"d": []}
MIDNIGHT = datetime(2026, 6, 26, tzinfo=timezone.utc)


def milliseconds(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))


def minute(remaining: int, resets_at: datetime) -> dict[str, str]:
    return {
        "X-RateLimit-Minutely-Limit": "60",
        "X-RateLimit-Minutely-Remaining": str(remaining),
        "X-RateLimit-Minutely-Reset": milliseconds(resets_at),
    }


def day(remaining: int) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": "5000",
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": milliseconds(MIDNIGHT),
    }


def read(client: ExactClient) -> None:
    list(client.rows("crm/Accounts", select=["ID"]))


def test_what_the_answers_say_can_be_looked_up_and_is_told_on(
    server: ScriptedServer, connect: Connect, clock: FakeClock
) -> None:
    told: list[tuple[int | None, int | None]] = []
    client = connect(on_limits=lambda *limits: told.append(limits))
    assert client.limits == Limits(Window(), Window())
    reset = clock.now() + timedelta(seconds=40)
    server.will(200, ROWS, headers={**minute(59, reset), **day(4766)})
    read(client)
    assert client.limits == Limits(Window(60, 59, reset), Window(5000, 4766, MIDNIGHT))
    server.will(200, ROWS)
    read(client)
    assert client.limits.day.remaining == 4766
    assert told == [(5000, 4766)]


def test_the_call_after_the_last_of_a_minute_waits_until_a_second_after_the_reset(
    server: ScriptedServer, client: ExactClient, clock: FakeClock
) -> None:
    server.will(200, ROWS, headers=minute(0, clock.now() + timedelta(seconds=25)))
    server.will(200, ROWS)
    read(client)
    assert clock.slept == []
    read(client)
    assert clock.slept == [26]
    server.will(200, ROWS)
    read(client)
    assert clock.slept == [26]


def test_a_day_that_an_earlier_client_used_up_costs_no_call_until_midnight(
    server: ScriptedServer, connect: Connect, clock: FakeClock
) -> None:
    client = connect(calls_left=0)
    with pytest.raises(DayLimitReached):
        read(client)
    assert client.calls == 0
    clock.sleep((MIDNIGHT - clock.now()).total_seconds())
    server.will(200, ROWS)
    read(client)
    assert client.calls == 1


def test_a_missing_header_is_not_zero(server: ScriptedServer, client: ExactClient, clock: FakeClock) -> None:
    server.will(200, ROWS, headers={"X-RateLimit-Minutely-Remaining": "", "X-RateLimit-Limit": "5000"})
    server.will(200, ROWS)
    read(client)
    read(client)
    assert clock.slept == []


@pytest.mark.parametrize("seconds", [-3600, -1, 0])
def test_a_reset_in_the_past_needs_no_wait(
    server: ScriptedServer, client: ExactClient, clock: FakeClock, seconds: int
) -> None:
    server.will(200, ROWS, headers=minute(0, clock.now() + timedelta(seconds=seconds)))
    server.will(200, ROWS)
    read(client)
    read(client)
    assert sum(clock.slept) <= 1


def test_no_wait_for_a_minute_is_longer_than_one(server: ScriptedServer, client: ExactClient, clock: FakeClock) -> None:
    server.will(200, ROWS, headers=minute(0, clock.now() + timedelta(days=1)))
    server.will(200, ROWS)
    read(client)
    read(client)
    assert clock.slept == [61]


def test_a_limit_of_the_minute_is_waited_for_and_the_call_sent_again(
    server: ScriptedServer, client: ExactClient, clock: FakeClock
) -> None:
    server.will(429, headers=minute(0, clock.now() + timedelta(seconds=10)))
    server.will(200, ROWS)
    read(client)
    assert clock.slept == [11]
    assert client.calls == 2


def test_who_is_refused_again_after_the_told_moment_waits_a_whole_minute(
    server: ScriptedServer, client: ExactClient, clock: FakeClock
) -> None:
    for _ in range(2):
        server.will(429, headers=minute(0, clock.now() + timedelta(seconds=10)))
    server.will(200, ROWS)
    read(client)
    assert clock.slept == [11, 61]


def test_a_limit_without_headers_takes_a_minute(server: ScriptedServer, client: ExactClient, clock: FakeClock) -> None:
    server.will(429)
    server.will(200, ROWS)
    read(client)
    assert clock.slept == [61]


def test_a_limit_that_names_its_wait_is_believed(server: ScriptedServer, client: ExactClient, clock: FakeClock) -> None:
    server.will(429, headers={"Retry-After": "7"})
    server.will(200, ROWS)
    read(client)
    assert clock.slept == [8]


def test_a_limit_while_calls_are_left_is_waited_for_too(
    server: ScriptedServer, client: ExactClient, clock: FakeClock
) -> None:
    server.will(429, headers=minute(3, clock.now() + timedelta(seconds=10)))
    server.will(200, ROWS)
    read(client)
    assert clock.slept == [11]


def test_others_that_use_up_every_minute_leave_it_to_a_later_run(
    server: ScriptedServer, client: ExactClient, clock: FakeClock
) -> None:
    for _ in range(5):
        server.will(429)
    with pytest.raises(TryLater, match="rate limit"):
        read(client)
    assert clock.slept == [61] * 4


def test_a_used_up_day_ends_the_run_and_tells_until_when(
    server: ScriptedServer, client: ExactClient, clock: FakeClock
) -> None:
    server.will(429, headers=day(0))
    with pytest.raises(DayLimitReached, match="after 2026-06-26 00:00 UTC") as caught:
        read(client)
    assert caught.value.resets_at == MIDNIGHT
    assert clock.slept == []


def test_after_the_last_call_of_a_day_none_is_sent_until_the_next(
    server: ScriptedServer, client: ExactClient, clock: FakeClock
) -> None:
    server.will(200, ROWS, headers=day(0))
    read(client)
    with pytest.raises(DayLimitReached):
        read(client)
    assert len(server.asked) == 1
    clock.time = MIDNIGHT + timedelta(seconds=1)
    server.will(200, ROWS)
    read(client)
    assert len(server.asked) == 2


def test_a_blocked_endpoint_is_not_waited_for(server: ScriptedServer, client: ExactClient, clock: FakeClock) -> None:
    server.will(429, {"error": {"code": "", "message": {"lang": "", "value": "API rate limit exceeded"}}})
    with pytest.raises(TryLater, match="blocked crm/Accounts for an hour"):
        read(client)
    assert clock.slept == []
