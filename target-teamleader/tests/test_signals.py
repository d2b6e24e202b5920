"""The target as a process: stopped, killed, and started twice at once."""

from __future__ import annotations

import random
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from connector_testing.programs import end_of_input, end_of_output, wait_until

if TYPE_CHECKING:
    from conftest import Coupling

DAY = "2026-03-20"
REGISTER = "invoices.registerPayment"


def registered(coupling: Coupling) -> int:
    return sum(path.endswith(REGISTER) for _, path in coupling.sandbox.call_list("teamleader"))


def paid(coupling: Coupling, invoices: list[dict[str, Any]]) -> list[int]:
    return [len(coupling.payments(invoice)) for invoice in invoices]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stop_in_the_middle_finishes_the_payment_in_hand(coupling: Coupling, number: int, status: int) -> None:
    invoices = [coupling.invoice() for _ in range(30)]
    records = [coupling.record(each, ("121.00", DAY)) for each in invoices]
    coupling.sandbox.forget_calls()
    coupling.fault(REGISTER, "slow", seconds=0.1)
    process = coupling.process(coupling.lines(*records))
    assert process.stdin is not None
    process.stdin.close()
    wait_until(lambda: registered(coupling) >= 3)
    process.send_signal(number)
    code, states = end_of_output(process)
    assert code == status
    assert states == []
    coupling.sandbox.clear_faults()
    done = sum(paid(coupling, invoices))
    assert 3 <= done < 30
    with coupling.store() as store:
        assert store.registered_payments(coupling.division).under_way() == []
        assert store.runs.last(1)[0].outcome == "degraded"
    assert coupling.run(*records).counts == {"registered": 30 - done, "unchanged": done}


def test_a_stop_while_waiting_for_input_passes_on_the_state_of_what_is_done(coupling: Coupling) -> None:
    invoices = [coupling.invoice() for _ in range(100)]
    coupling.sandbox.forget_calls()
    process = coupling.process(
        [*coupling.lines(*(coupling.record(each, ("121.00", DAY)) for each in invoices)), coupling.state(100)]
    )
    wait_until(lambda: registered(coupling) == 100)
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    code, states = end_of_output(process)
    assert code == 143
    assert states
    assert states[-1] == {"at": 100}


def test_killed_anywhere_the_next_run_goes_on_and_nothing_is_twice(coupling: Coupling) -> None:
    """SIGKILL at random moments; the long version is in tests/crash."""
    draw = random.Random(20)  # noqa: S311 - no secret
    invoices = [coupling.invoice() for _ in range(60)]
    records = [coupling.record(each, ("121.00", DAY)) for each in invoices]
    coupling.fault(REGISTER, "slow", seconds=0.02)
    for _ in range(5):
        process = coupling.process(coupling.lines(*records))
        assert process.stdin is not None
        process.stdin.close()
        time.sleep(draw.uniform(0.9, 2.2))
        process.kill()
        process.wait(30)
    coupling.sandbox.clear_faults()
    ran = coupling.run(*records)
    assert ran.error is None
    assert coupling.codes() == {}
    assert paid(coupling, invoices) == [1] * 60


def test_two_runs_at_once_register_once(coupling: Coupling) -> None:
    invoices = [coupling.invoice() for _ in range(20)]
    processes = [
        coupling.process(
            coupling.lines(*(coupling.record(each, ("121.00", DAY)) for each in invoices)), lock_timeout=20
        )
        for _ in range(2)
    ]
    assert [code for code, _ in end_of_input(*processes)] == [0, 0]
    assert paid(coupling, invoices) == [1] * 20


def test_a_run_that_finds_another_one_at_work_says_so_in_one_line(coupling: Coupling) -> None:
    with coupling.store() as store, store.lock(f"payments:{coupling.division}"):
        process = coupling.process(coupling.lines(coupling.record(coupling.invoice(), ("121.00", DAY))))
        ((code, states),) = end_of_input(process)
    assert code == 1
    assert states == []
    last = coupling.log.strip().splitlines()[-1]
    assert f"Another run is registering payments of administration {coupling.division}" in last


def test_no_secret_and_no_name_reaches_the_log(coupling: Coupling) -> None:
    invoice, refused = coupling.invoice(), coupling.invoice()
    process = coupling.process(
        coupling.lines(
            coupling.record(invoice, ("121.00", DAY)), coupling.record(refused, ("121.00", DAY), currency="USD")
        )
    )
    assert end_of_input(process)[0][0] == 0
    name = coupling.call("invoices.info", {"id": invoice["id"]})["invoicee"]["name"]
    log = coupling.log
    assert "currency_differs" in log
    assert "1 registered, 1 rejected" in log.strip().splitlines()[-1]
    for secret in (
        coupling.settings["client_secret"],
        coupling.settings["refresh_token"],
        name,
        *coupling.sandbox.tokens(),
    ):
        assert secret not in log
