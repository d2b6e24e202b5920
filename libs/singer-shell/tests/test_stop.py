"""A signal never tears a request from its answer."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from singer_shell.stop import Interrupted, Interruption

FOREVER = 10_000_000
"""Seconds that no test lives to see the end of."""


def test_a_signal_while_waiting_for_input_stops_at_once() -> None:
    with pytest.raises(Interrupted) as stopped:
        Interruption().handle(signal.SIGTERM, None)
    assert stopped.value.signum == signal.SIGTERM


def test_a_signal_during_work_waits_for_the_next_safe_point() -> None:
    stop, steps = Interruption(), []

    def work() -> None:
        with stop.deferred():
            stop.handle(signal.SIGINT, None)
            steps.append("answer read")
            stop.check()
            steps.append("next record")

    with pytest.raises(Interrupted):
        work()
    assert steps == ["answer read"]


def test_a_signal_during_work_without_safe_point_stops_at_the_end_of_it() -> None:
    stop = Interruption()
    with pytest.raises(Interrupted), stop.deferred():
        stop.handle(signal.SIGTERM, None)


def pause_until_a_signal_comes(stop: Interruption) -> None:
    with stop.deferred():
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGUSR1)).start()
        stop.sleep(FOREVER)


def test_a_pause_ends_early_when_a_signal_comes() -> None:
    stop = Interruption()
    before = signal.signal(signal.SIGUSR1, stop.handle)
    try:
        with pytest.raises(Interrupted):
            pause_until_a_signal_comes(stop)
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_a_pause_in_the_past_takes_no_time() -> None:
    Interruption().sleep(-FOREVER)
