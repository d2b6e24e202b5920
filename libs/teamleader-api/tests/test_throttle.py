"""Keeping to the sliding window that Teamleader's answers tell of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from teamleader_api import TryLater

if TYPE_CHECKING:
    from api_core.testing import FakeClock, ScriptedServer
    from teamleader_api import TeamleaderClient

USER: dict[str, Any] = {"data": {"id": "u"}}


def window(remaining: int, reset: datetime, offset: str = "+0000") -> dict[str, str]:
    milliseconds = f"{reset.microsecond // 1000:03d}"
    return {
        "X-RateLimit-Limit": "200",
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": f"{reset:%Y-%m-%dT%H:%M:%S}.{milliseconds}{offset}",
    }


def test_the_call_after_the_last_of_the_window_waits_until_the_oldest_leaves_it(
    server: ScriptedServer, client: TeamleaderClient, clock: FakeClock
) -> None:
    server.will(200, USER, headers=window(0, clock.now() + timedelta(seconds=12, milliseconds=250)))
    server.will(200, USER, headers=window(3, clock.now()))
    server.will(200, USER)
    client.call("users.me")
    assert clock.slept == []
    client.call("users.me")
    client.call("users.me")
    assert clock.slept == [12.25]


@pytest.mark.parametrize("offset", ["+0200", "+02:00"])
def test_the_reset_is_read_with_its_offset_with_or_without_a_colon(
    server: ScriptedServer, client: TeamleaderClient, clock: FakeClock, offset: str
) -> None:
    server.will(200, USER, headers=window(0, clock.now() + timedelta(hours=2, seconds=5), offset))
    server.will(200, USER)
    client.call("users.me")
    client.call("users.me")
    assert clock.slept == [5]


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="no headers"),
        pytest.param({"X-RateLimit-Remaining": ""}, id="empty"),
        pytest.param({"X-RateLimit-Limit": "200", "X-RateLimit-Reset": "soon"}, id="no number"),
        pytest.param({"X-RateLimit-Remaining": "1"}, id="one left"),
    ],
)
def test_what_is_not_told_is_not_zero(
    server: ScriptedServer, client: TeamleaderClient, clock: FakeClock, headers: dict[str, str]
) -> None:
    server.will(200, USER, headers=headers)
    server.will(200, USER)
    client.call("users.me")
    client.call("users.me")
    assert clock.slept == []


def test_no_wait_is_negative_or_longer_than_the_window(
    server: ScriptedServer, client: TeamleaderClient, clock: FakeClock
) -> None:
    for seconds in (-3600, 3600):
        server.will(200, USER, headers=window(0, clock.now() + timedelta(seconds=seconds)))
    server.will(200, USER)
    for _ in range(3):
        client.call("users.me")
    assert clock.slept == [60]


def test_a_limit_that_others_used_up_is_waited_for_and_the_call_sent_again(
    server: ScriptedServer, client: TeamleaderClient, clock: FakeClock
) -> None:
    server.will(429, headers=window(0, clock.now() + timedelta(seconds=8)))
    server.will(200, USER)
    client.call("users.me")
    assert client.calls == 2
    assert len(clock.slept) == 1
    assert 8 < clock.slept[0] <= 9


def test_a_limit_that_tells_nothing_is_waited_for_too(
    server: ScriptedServer, client: TeamleaderClient, clock: FakeClock
) -> None:
    server.will(429)
    server.will(200, USER)
    client.call("users.me")
    assert 15 < clock.slept[0] <= 16


def test_others_that_leave_no_room_at_all_leave_it_to_a_later_run(
    server: ScriptedServer, client: TeamleaderClient, clock: FakeClock
) -> None:
    for _ in range(6):
        server.will(429, headers=window(0, clock.now()))
    with pytest.raises(TryLater, match="the next run tries again"):
        client.call("users.me")
    assert len(clock.slept) == 5
    assert all(0 < pause <= 60 for pause in clock.slept)
