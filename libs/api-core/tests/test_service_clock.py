"""The service's own clock, by which it is measured how long ago something was sent (line 9)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from api_core.testing import FakeClock

if TYPE_CHECKING:
    from api_core.testing import ScriptedServer
    from conftest import Connect


def test_before_the_first_answer_it_is_our_own_clock(connect: Connect, clock: FakeClock) -> None:
    assert connect().service_now() == clock.now()


def test_after_an_answer_it_is_the_clock_of_the_service_however_wrong_ours_is(
    connect: Connect, server: ScriptedServer
) -> None:
    ours = FakeClock()
    ours.time -= timedelta(days=400)
    client = connect(clock=ours)
    server.will(body={})
    client.get()
    ours.sleep(90)
    assert client.service_now() == server.clock.now() + timedelta(seconds=90)
