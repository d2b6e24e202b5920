"""The target as a process: stopped, killed, and started twice at once."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from connector_testing.programs import end_of_input, end_of_output, wait_until, waits_for_input

if TYPE_CHECKING:
    from conftest import Harness


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stop_in_the_middle_finishes_the_document_in_hand(harness: Harness, number: int, status: int) -> None:
    records = [harness.invoice(pdf=True) for _ in range(40)]
    harness.exact.fault(match="salesentry/SalesEntries", method="POST", kind="held", skip=3)
    process = harness.process(harness.lines(harness.company(), *records))
    wait_until(lambda: harness.exact.held() == 1)
    process.send_signal(number)
    harness.exact.no_faults()
    code, states = end_of_output(process)
    assert code == status
    assert states == []
    booked = len(harness.entries())
    assert booked == 4
    with harness.store() as store:
        assert store.links(harness.division).intents() == []
        assert store.links(harness.division).count()[("invoice", "linked")] == booked
        assert store.runs.last(1)[0].outcome == "degraded"
    ran = harness.run(harness.company(), *records)
    assert ran.counts == {"booked": 40 - booked, "unchanged": booked}


def test_a_stop_while_waiting_for_input_passes_on_the_state_of_what_is_done(harness: Harness) -> None:
    records = [harness.invoice() for _ in range(40)]
    process = harness.process([*harness.lines(harness.company(), *records), harness.state(40)])
    wait_until(lambda: len(harness.entries()) == 40)
    wait_until(lambda: waits_for_input(process))
    process.send_signal(signal.SIGTERM)
    code, states = end_of_output(process)
    assert code == 143
    assert states
    assert states[-1] == {"at": 40}


def test_killed_anywhere_the_next_run_goes_on_and_nothing_is_twice(harness: Harness) -> None:
    """SIGKILL at five moments over a backlog of 40 documents with files; the long version is in tests/crash."""
    records = [harness.company(), *(harness.invoice(pdf=True) for _ in range(40))]
    for more in (5, 14, 12, 16, 14):
        harness.exact.fault(match="/api/v1/", method="POST", kind="held", skip=more)
        process = harness.process(harness.lines(*records))
        assert process.stdin is not None
        process.stdin.close()
        wait_until(lambda: harness.exact.held() == 1)
        process.kill()
        process.wait()
        harness.exact.no_faults()
    harness.exact.later()
    ran = harness.run(*records)
    assert ran.error is None
    assert harness.codes() == {}
    assert sorted(entry["your_ref"] for entry in harness.entries()) == sorted(
        record["number"] for record in records[1:]
    )
    assert all(len(harness.exact.documents(record["number"])) == 1 for record in records[1:])
    assert len(harness.accounts()) == 1


def test_two_runs_at_once_book_once(harness: Harness) -> None:
    records = [harness.company(), *(harness.invoice() for _ in range(20))]
    processes = [harness.process(harness.lines(*records), lock_timeout=600) for _ in range(2)]
    codes = [code for code, _ in end_of_input(*processes)]
    assert codes == [0, 0]
    assert len(harness.entries()) == 20


def test_a_run_that_finds_another_one_at_work_says_so_in_one_line(harness: Harness) -> None:
    harness.run(harness.company())
    with harness.store() as store, store.lock(f"exact:{harness.division}"):
        process = harness.process(harness.lines(harness.company(), harness.invoice()))
        ((code, states),) = end_of_input(process)
    assert code == 1
    assert states == []
    last = harness.log.strip().splitlines()[-1]
    assert "Another run is writing to administration 123456" in last


def test_no_secret_and_no_name_reaches_the_log(harness: Harness) -> None:
    company = harness.company()
    process = harness.process(harness.lines(company, harness.invoice(), harness.invoice(tax_rate="0.19")))
    assert end_of_input(process)[0][0] == 0
    log = harness.log
    assert "vat_code_unmapped" in log
    for secret in (
        harness.settings["client_secret"],
        harness.settings["refresh_token"],
        company["name"],
        company["email"],
    ):
        assert secret not in log
