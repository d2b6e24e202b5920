"""The specimens as programs: stopped, refused, and left alone by the program after them."""

from __future__ import annotations

import json
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import subprocess

BOTH = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])


def critical(errors: str) -> str:
    """Return the one line that tells why a run ended."""
    assert "Traceback" not in errors
    assert "Exception ignored" not in errors
    (line,) = [line for line in errors.splitlines() if "CRITICAL" in line]
    return line.rpartition(" | ")[2]


def read_records(process: subprocess.Popen[str], count: int) -> None:
    assert process.stdout
    for line in process.stdout:
        count -= '"RECORD"' in line
        if count == 0:
            return
    pytest.fail("the run ended before")


@BOTH
def test_a_tap_that_is_stopped_finishes_its_record_and_writes_its_state(specimens: Any, number: int) -> None:
    tap = specimens.start("tap", numbers=100_000, pause=0.05)
    read_records(tap, 3)
    tap.send_signal(number)
    output, errors = tap.communicate()
    assert tap.returncode == 0
    assert "Traceback" not in errors
    last = json.loads(output.splitlines()[-1])
    assert last["type"] == "STATE"
    read = last["value"]["bookmarks"]["numbers"]["replication_key_value"]
    assert 3 <= read < 100_000
    run = specimens.last_run()
    assert (run.plugin, run.outcome, run.counts) == ("tap-specimen", "degraded", {"numbers": read})
    assert run.message == f"stopped by signal {number}; until then read {read} numbers"


def test_a_second_signal_does_not_tear_a_record(specimens: Any) -> None:
    tap = specimens.start("tap", numbers=100_000, pause=0.05)
    read_records(tap, 3)
    tap.send_signal(signal.SIGINT)
    tap.send_signal(signal.SIGTERM)
    output, _ = tap.communicate()
    assert tap.returncode == 0
    assert json.loads(output.splitlines()[-1])["type"] == "STATE"


def test_a_stop_cuts_a_long_pause_short(specimens: Any) -> None:
    tap = specimens.start("tap", pause=500)
    assert tap.stdout
    tap.stdout.readline()
    tap.send_signal(signal.SIGTERM)
    tap.communicate()
    assert tap.returncode == 0


@BOTH
def test_a_target_that_waits_for_input_stops_at_once_and_says_so_in_its_status(
    specimens: Any, numbers: Any, number: int
) -> None:
    target = specimens.start("target")
    assert target.stdin
    assert target.stdout
    target.stdin.write("\n".join([specimens.schema, *numbers(1, 2, 3, 4)]) + "\n")
    target.stdin.flush()
    assert json.loads(target.stdout.readline()) == {"at": 4}
    target.send_signal(number)
    _, errors = target.communicate()
    assert target.returncode == 128 + number
    assert "the next run goes on from here" in errors
    assert "Traceback" not in errors


def test_a_run_of_a_tap_is_on_record(specimens: Any) -> None:
    tap = specimens.start("tap", numbers=5)
    _, errors = tap.communicate()
    assert tap.returncode == 0
    run = specimens.last_run()
    assert (run.outcome, run.counts, run.message) == ("ok", {"numbers": 5}, "read 5 numbers")
    assert run.finished_at
    assert "read 5 numbers" in errors


@pytest.mark.parametrize("which", ["tap", "target"])
def test_a_service_that_fails_is_one_line(specimens: Any, numbers: Any, which: str) -> None:
    process = specimens.start(which, breaks_at=3)
    _, errors = process.communicate("\n".join([specimens.schema, *numbers(1, 2, 3, 4)]) + "\n")
    assert process.returncode == 1
    assert critical(errors) == "The service does not answer: try again later."
    assert specimens.last_run().outcome == "postponed"


@pytest.mark.parametrize("which", ["tap", "target"])
def test_wrong_settings_are_one_line_before_anything_is_opened(specimens: Any, which: str) -> None:
    process = specimens.start(which, api_url="http://service.example", client_secret=["the-secret"])
    output, errors = process.communicate("")
    assert (process.returncode, output) == (1, "")
    assert critical(errors) == (
        f"The settings of {which}-specimen are not right: client_secret must be text; api_url must begin with "
        "https://: plain http:// is accepted for this machine only"
    )
    assert "the-secret" not in errors
    assert not list(specimens.folder.glob("*.db"))


@pytest.mark.parametrize("which", ["tap", "target"])
def test_a_store_that_cannot_be_opened_is_one_line(specimens: Any, numbers: Any, which: str) -> None:
    process = specimens.start(which, store_uri="mysql://root:hush@host/store")
    _, errors = process.communicate("\n".join([specimens.schema, *numbers(1)]) + "\n")
    assert process.returncode == 1
    assert critical(errors).startswith("A store cannot be kept in mysql")
    assert "hush" not in errors


def test_input_that_is_not_singer_is_one_line(specimens: Any) -> None:
    target = specimens.start("target")
    _, errors = target.communicate("no message of Mr Peeters\n")
    assert target.returncode == 1
    assert critical(errors) == "Line 1 of the input is not Singer: its 25 characters are not JSON."
    assert "Peeters" not in errors


def test_input_that_is_not_utf_8_is_one_line_with_its_number(specimens: Any, numbers: Any) -> None:
    """Line 30: what came before it is done."""
    target = specimens.start("target", text=False)
    before = "\n".join([specimens.schema, *numbers(1)]).encode()
    _, errors = target.communicate(before + b'\n{"type": "RECORD", "name": "Fran\xe7ois"}\n')
    assert target.returncode == 1
    assert critical(errors.decode()) == "Line 4 of the input is not Singer: it is not written in UTF-8."
    assert specimens.kept() == [1]
    assert specimens.last_run().message.startswith("Line 4 of the input is not Singer")


def test_a_target_that_ends_early_takes_in_the_rest_of_the_pipe_before_it_says_why(
    specimens: Any, numbers: Any
) -> None:
    """Line 32: the program before it never meets a closed pipe."""
    target = specimens.start("target", store_uri="mysql://host/store")
    assert target.stdin
    # More than a pipe holds.
    for line in (specimens.schema, *numbers(*range(20_000))):
        target.stdin.write(f"{line}\n")
    target.stdin.close()
    assert target.wait() == 1
    assert critical(target.stderr.read()).startswith("A store cannot be kept in mysql")


def test_a_signal_ends_the_taking_in_of_the_rest(specimens: Any, numbers: Any) -> None:
    """Line 32: nobody waits for a program that says nothing more."""
    target = specimens.start("target", breaks_at=1)
    assert target.stdin
    target.stdin.write("\n".join([specimens.schema, *numbers(1, 2)]) + "\n")
    target.stdin.flush()
    while specimens.unfinished_run():
        time.sleep(0.05)
    target.send_signal(signal.SIGTERM)
    _, errors = target.communicate()
    assert target.returncode == 1
    assert critical(errors) == "The service does not answer: try again later."


def test_a_reader_that_goes_away_is_one_line(specimens: Any) -> None:
    tap = specimens.start("tap", numbers=100_000)
    assert tap.stdout
    assert tap.stderr
    tap.stdout.readline()
    tap.stdout.close()
    errors = tap.stderr.read()
    assert tap.wait() == 1
    assert critical(errors) == "The program that receives the output has stopped"
    assert specimens.last_run().outcome == "postponed"
    tap.stderr.close()
