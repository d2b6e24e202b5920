"""The target as a process: stopped, killed, and started twice at once."""

from __future__ import annotations

import json
import random
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from conftest import Desk

DAY = "2026-03-20"
REGISTER = "invoices.registerPayment"


def wait_until(condition: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.05)


def end(process: subprocess.Popen[str]) -> tuple[int, list[object]]:
    assert process.stdout is not None
    printed = process.stdout.read()
    return process.wait(30), [json.loads(line) for line in printed.splitlines()]


def registered(desk: Desk) -> int:
    return sum(path.endswith(REGISTER) for _, path in desk.sandbox.call_list("teamleader"))


def paid(desk: Desk, invoices: list[dict[str, Any]]) -> list[int]:
    return [len(desk.payments(invoice)) for invoice in invoices]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stop_in_the_middle_finishes_the_payment_in_hand(desk: Desk, number: int, status: int) -> None:
    invoices = [desk.invoice() for _ in range(30)]
    records = [desk.record(each, ("121.00", DAY)) for each in invoices]
    desk.sandbox.forget_calls()
    desk.fault(REGISTER, "slow", seconds=0.1)
    process = desk.process(desk.lines(*records))
    assert process.stdin is not None
    process.stdin.close()
    wait_until(lambda: registered(desk) >= 3)
    process.send_signal(number)
    code, states = end(process)
    assert code == status
    assert states == []
    desk.sandbox.clear_faults()
    done = sum(paid(desk, invoices))
    assert 3 <= done < 30
    with desk.store() as store:
        assert store.payments(desk.division).under_way() == []
        assert store.runs.last(1)[0].outcome == "degraded"
    assert desk.run(*records).counts == {"registered": 30 - done, "unchanged": done}


def test_a_stop_while_waiting_for_input_passes_on_the_state_of_what_is_done(desk: Desk) -> None:
    invoices = [desk.invoice() for _ in range(100)]
    desk.sandbox.forget_calls()
    process = desk.process([*desk.lines(*(desk.record(each, ("121.00", DAY)) for each in invoices)), desk.state(100)])
    wait_until(lambda: registered(desk) == 100)
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    code, states = end(process)
    assert code == 143
    assert states
    assert states[-1] == {"at": 100}


def test_killed_anywhere_the_next_run_goes_on_and_nothing_is_twice(desk: Desk) -> None:
    """SIGKILL at random moments; the long version is in tests/crash."""
    draw = random.Random(20)  # noqa: S311 - no secret
    invoices = [desk.invoice() for _ in range(60)]
    records = [desk.record(each, ("121.00", DAY)) for each in invoices]
    desk.fault(REGISTER, "slow", seconds=0.02)
    for _ in range(5):
        process = desk.process(desk.lines(*records))
        assert process.stdin is not None
        process.stdin.close()
        time.sleep(draw.uniform(0.9, 2.2))
        process.kill()
        process.wait(30)
    desk.sandbox.clear_faults()
    ran = desk.run(*records)
    assert ran.error is None
    assert desk.codes() == {}
    assert paid(desk, invoices) == [1] * 60


def test_two_runs_at_once_register_once(desk: Desk) -> None:
    invoices = [desk.invoice() for _ in range(20)]
    processes = [
        desk.process(desk.lines(*(desk.record(each, ("121.00", DAY)) for each in invoices)), lock_timeout=20)
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
    assert [end(process)[0] for process in processes] == [0, 0]
    assert paid(desk, invoices) == [1] * 20


def test_a_run_that_finds_another_one_at_work_says_so_in_one_line(desk: Desk) -> None:
    with desk.store() as store, store.lock(f"payments:{desk.division}"):
        process = desk.process(desk.lines(desk.record(desk.invoice(), ("121.00", DAY))))
        assert process.stdin is not None
        process.stdin.close()
        code, states = end(process)
    assert code == 1
    assert states == []
    last = (desk.folder / "log.txt").read_text(encoding="utf-8").strip().splitlines()[-1]
    assert f"Another run is registering payments of administration {desk.division}" in last


def test_no_secret_and_no_name_reaches_the_log(desk: Desk) -> None:
    invoice, refused = desk.invoice(), desk.invoice()
    process = desk.process(
        desk.lines(desk.record(invoice, ("121.00", DAY)), desk.record(refused, ("121.00", DAY), currency="USD"))
    )
    assert process.stdin is not None
    process.stdin.close()
    assert end(process)[0] == 0
    name = desk.call("invoices.info", {"id": invoice["id"]})["invoicee"]["name"]
    log = (desk.folder / "log.txt").read_text(encoding="utf-8")
    assert "currency_differs" in log
    assert "1 registered, 1 rejected" in log.strip().splitlines()[-1]
    for secret in (desk.settings["client_secret"], desk.settings["refresh_token"], name, *desk.sandbox.tokens()):
        assert secret not in log
