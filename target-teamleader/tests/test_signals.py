"""The target as a process: stopped, killed, and started twice at once."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING, Any

import pytest

from connector_testing.programs import end_of_input, end_of_output, wait_until, waits_for_input

if TYPE_CHECKING:
    from conftest import Harness

DAY = "2026-03-20"
REGISTER = "invoices.registerPayment"


def registered(harness: Harness) -> int:
    return sum(path.endswith(REGISTER) for _, path in harness.sandbox.call_list("teamleader"))


def paid(harness: Harness, invoices: list[dict[str, Any]]) -> list[int]:
    return [len(harness.payments(invoice)) for invoice in invoices]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stop_in_the_middle_finishes_the_payment_in_hand(harness: Harness, number: int, status: int) -> None:
    invoices = [harness.invoice() for _ in range(30)]
    records = [harness.record(each, ("121.00", DAY)) for each in invoices]
    harness.fault(REGISTER, "held", skip=3)
    process = harness.process(harness.lines(*records))
    assert process.stdin is not None
    process.stdin.close()
    wait_until(lambda: harness.sandbox.held() == 1)
    process.send_signal(number)
    harness.sandbox.clear_faults()
    code, states = end_of_output(process)
    assert code == status
    assert states == []
    done = sum(paid(harness, invoices))
    assert done == 4
    with harness.store() as store:
        assert store.registered_payments(harness.division).under_way() == []
        assert store.runs.last(1)[0].outcome == "degraded"
    assert harness.run(*records).counts == {"registered": 30 - done, "unchanged": done}


def test_a_stop_while_waiting_for_input_passes_on_the_state_of_what_is_done(harness: Harness) -> None:
    invoices = [harness.invoice() for _ in range(100)]
    harness.sandbox.forget_calls()
    process = harness.process(
        [*harness.lines(*(harness.record(each, ("121.00", DAY)) for each in invoices)), harness.state(100)]
    )
    wait_until(lambda: registered(harness) == 100)
    wait_until(lambda: waits_for_input(process))
    process.send_signal(signal.SIGTERM)
    code, states = end_of_output(process)
    assert code == 143
    assert states
    assert states[-1] == {"at": 100}


def test_killed_anywhere_the_next_run_goes_on_and_nothing_is_twice(harness: Harness) -> None:
    """SIGKILL at five moments; the long version is in tests/crash."""
    invoices = [harness.invoice() for _ in range(60)]
    records = [harness.record(each, ("121.00", DAY)) for each in invoices]
    for more in (2, 12, 10, 11, 13):
        harness.fault(REGISTER, "held", skip=more)
        process = harness.process(harness.lines(*records))
        assert process.stdin is not None
        process.stdin.close()
        wait_until(lambda: harness.sandbox.held() == 1)
        process.kill()
        process.wait()
        harness.sandbox.clear_faults()
    harness.later()
    ran = harness.run(*records)
    assert ran.error is None
    assert harness.codes() == {}
    assert paid(harness, invoices) == [1] * 60


def test_two_runs_at_once_register_once(harness: Harness) -> None:
    invoices = [harness.invoice() for _ in range(20)]
    processes = [
        harness.process(harness.lines(*(harness.record(each, ("121.00", DAY)) for each in invoices)), lock_timeout=600)
        for _ in range(2)
    ]
    assert [code for code, _ in end_of_input(*processes)] == [0, 0]
    assert paid(harness, invoices) == [1] * 20


def test_a_run_that_finds_another_one_at_work_says_so_in_one_line(harness: Harness) -> None:
    with harness.store() as store, store.lock(f"payments:{harness.division}"):
        process = harness.process(harness.lines(harness.record(harness.invoice(), ("121.00", DAY))))
        ((code, states),) = end_of_input(process)
    assert code == 1
    assert states == []
    last = harness.log.strip().splitlines()[-1]
    assert f"Another run is writing to Teamleader for administration {harness.division}" in last


def test_no_secret_and_no_name_reaches_the_log(harness: Harness) -> None:
    invoice, refused = harness.invoice(), harness.invoice()
    process = harness.process(
        harness.lines(
            harness.record(invoice, ("121.00", DAY)), harness.record(refused, ("121.00", DAY), currency="USD")
        )
    )
    assert end_of_input(process)[0][0] == 0
    name = harness.call("invoices.info", {"id": invoice["id"]})["invoicee"]["name"]
    log = harness.log
    assert "currency_differs" in log
    assert "1 registered, 1 rejected" in log.strip().splitlines()[-1]
    for secret in (
        harness.settings["client_secret"],
        harness.settings["refresh_token"],
        name,
        *harness.sandbox.tokens(),
    ):
        assert secret not in log
