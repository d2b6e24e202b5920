"""The target as a process: stopped, killed, and started twice at once."""

from __future__ import annotations

import random
import signal
import time
from typing import TYPE_CHECKING

import pytest

from connector_testing.programs import end_of_input, end_of_output, wait_until

if TYPE_CHECKING:
    from conftest import Desk


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stop_in_the_middle_finishes_the_document_in_hand(desk: Desk, number: int, status: int) -> None:
    records = [desk.invoice(pdf=True) for _ in range(40)]
    desk.exact.fault(match="salesentry/SalesEntries", method="POST", kind="slow", seconds=0.1)
    process = desk.process(desk.lines(desk.company(), *records))
    wait_until(lambda: len(desk.entries()) >= 3)
    process.send_signal(number)
    code, states = end_of_output(process)
    assert code == status
    assert states == []
    booked = len(desk.entries())
    assert 3 <= booked < 40
    with desk.store() as store:
        assert store.links(desk.division).intents() == []
        assert store.links(desk.division).count()[("invoice", "linked")] == booked
        assert store.runs.last(1)[0].outcome == "degraded"
    desk.exact.no_faults()
    ran = desk.run(desk.company(), *records)
    assert ran.counts == {"booked": 40 - booked, "unchanged": booked}


def test_a_stop_while_waiting_for_input_passes_on_the_state_of_what_is_done(desk: Desk) -> None:
    records = [desk.invoice() for _ in range(40)]
    process = desk.process([*desk.lines(desk.company(), *records), desk.state(40)])
    wait_until(lambda: len(desk.entries()) == 40)
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    code, states = end_of_output(process)
    assert code == 143
    assert states
    assert states[-1] == {"at": 40}


def test_killed_anywhere_the_next_run_goes_on_and_nothing_is_twice(desk: Desk) -> None:
    """SIGKILL at random moments over a backlog of 40 documents with files; the long version is in tests/crash."""
    draw = random.Random(20)  # noqa: S311 - no secret
    records = [desk.company(), *(desk.invoice(pdf=True) for _ in range(40))]
    for _ in range(5):
        process = desk.process(desk.lines(*records))
        assert process.stdin is not None
        process.stdin.close()
        time.sleep(draw.uniform(0.9, 2.2))
        process.kill()
        process.wait(30)
    ran = desk.run(*records)
    assert ran.error is None
    assert desk.codes() == {}
    assert sorted(entry["your_ref"] for entry in desk.entries()) == sorted(record["number"] for record in records[1:])
    assert all(len(desk.exact.documents(record["number"])) == 1 for record in records[1:])
    assert len(desk.accounts()) == 1


def test_two_runs_at_once_book_once(desk: Desk) -> None:
    records = [desk.company(), *(desk.invoice() for _ in range(20))]
    processes = [desk.process(desk.lines(*records), lock_timeout=20) for _ in range(2)]
    codes = [code for code, _ in end_of_input(*processes)]
    assert codes == [0, 0]
    assert len(desk.entries()) == 20


def test_a_run_that_finds_another_one_at_work_says_so_in_one_line(desk: Desk) -> None:
    desk.run(desk.company())
    with desk.store() as store, store.lock(f"exact:{desk.division}"):
        process = desk.process(desk.lines(desk.company(), desk.invoice()))
        ((code, states),) = end_of_input(process)
    assert code == 1
    assert states == []
    last = desk.log.strip().splitlines()[-1]
    assert "Another run is writing to administration 123456" in last


def test_no_secret_and_no_name_reaches_the_log(desk: Desk) -> None:
    company = desk.company()
    process = desk.process(desk.lines(company, desk.invoice(), desk.invoice(tax_rate="0.19")))
    assert end_of_input(process)[0][0] == 0
    log = desk.log
    assert "vat_code_unmapped" in log
    for secret in (desk.settings["client_secret"], desk.settings["refresh_token"], company["name"], company["email"]):
        assert secret not in log
