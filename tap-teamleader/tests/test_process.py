"""The tap as a process that is stopped, killed and refused."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from connector_testing.programs import wait_until

if TYPE_CHECKING:
    from pathlib import Path


def start(folder: Path, config: dict[str, Any], state: dict[str, Any] | None = None) -> subprocess.Popen[str]:
    (folder / "config.json").write_text(json.dumps(config))
    command = [sys.executable, "-m", "tap_teamleader", "--config", str(folder / "config.json")]
    if state is not None:
        (folder / "state.json").write_text(json.dumps(state))
        command += ["--state", str(folder / "state.json")]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def read_until(process: subprocess.Popen[str], stream: str, count: int) -> list[str]:
    """Read lines until that many records of the stream came."""
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if json.loads(line).get("stream") == stream and '"RECORD"' in line:
            count -= 1
            if count == 0:
                return lines
    pytest.fail("the run ended before")


def invoices(lines: list[str]) -> list[str]:
    messages = [json.loads(line) for line in lines if line.endswith("\n")]
    return [
        message["record"]["id"] for message in messages if message.get("stream") == "invoices" and "record" in message
    ]


def last_state(lines: list[str]) -> dict[str, Any]:
    states = [json.loads(line)["value"] for line in lines if line.startswith('{"type":"STATE"')]
    return dict(states[-1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_finishes_the_record_at_hand_and_writes_the_state(
    harness: Any, tmp_path: Path, number: signal.Signals
) -> None:
    everything = harness.run().ids("invoices")
    harness.post("faults", [{"service": "teamleader", "kind": "held", "match": "invoices.info", "skip": 7}])
    process = start(tmp_path, harness.config)
    lines = read_until(process, "invoices", 5)
    wait_until(lambda: harness.sandbox.held() == 1)
    process.send_signal(number)
    harness.delete("faults")
    rest, errors = process.communicate()
    lines += rest.splitlines(keepends=True)
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert json.loads(lines[-1])["type"] == "STATE"
    assert len(invoices(lines)) < len(everything)
    following = harness.run(last_state(lines))
    assert invoices(lines) + following.ids("invoices") == everything


def test_a_killed_run_repeats_at_most_twenty_records_and_loses_none(harness: Any, tmp_path: Path) -> None:
    everything = harness.run().ids("invoices")
    process = start(tmp_path, harness.config)
    lines = read_until(process, "invoices", 27)
    process.kill()
    rest, _ = process.communicate()
    lines += rest.splitlines(keepends=True)
    following = harness.run(last_state(lines)).ids("invoices")
    assert set(invoices(lines)) | set(following) == set(everything)
    assert len(invoices(lines)) + len(following) <= len(everything) + 20


def test_a_lost_login_is_one_line_that_says_what_to_do(harness: Any, tmp_path: Path) -> None:
    process = start(
        tmp_path,
        {**harness.config, "refresh_token": "long-gone", "store_uri": f"sqlite:///{tmp_path}/other.db"},
    )
    output, errors = process.communicate()
    assert process.returncode == 1
    (line,) = [line for line in errors.splitlines() if "CRITICAL" in line]
    assert "log in again" in line
    assert "long-gone" not in errors
    assert "Traceback" not in errors
    assert '"STATE"' not in output


def test_a_signal_ends_a_wait_for_the_limit(harness_of: Any, tmp_path: Path) -> None:
    harness = harness_of(tmp_path, customers=5, invoices=5, credit_notes=2)
    harness.post("faults", [{"service": "teamleader", "kind": "limit", "match": "invoices.list", "seconds": 50}])
    harness.sandbox.forget_calls()
    process = start(tmp_path, harness.config)
    wait_until(lambda: harness.calls()["invoices.list"] > 0)
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 0
