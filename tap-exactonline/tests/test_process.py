"""The tap as a process that is stopped, killed and refused; its memory; and a foreign target behind it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connector_testing.programs import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

TARGET_JSONL = Path(__file__).parents[2] / ".meltano/loaders/target-jsonl/venv/bin/target-jsonl"
STREAMS = ("receivables", "gl_accounts", "accounts")
MEASURED = """
import resource, runpy, sys
try:
    runpy.run_module("tap_exactonline", run_name="__main__", alter_sys=True)
finally:
    print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
"""


@pytest.fixture(scope="module")
def harness(harness_of: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    harness = harness_of(tmp_path_factory.mktemp("process"))
    harness.do("fill", receivables=600, gl_accounts=400, payables=0)
    return harness


def start(arguments: list[str], state: dict[str, Any] | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tap_exactonline", *arguments]
    if state is not None:
        path = Path(arguments[1]).with_name("state.json")
        path.write_text(json.dumps(state))
        command += ["--state", str(path)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def read_until(process: subprocess.Popen[str], count: int) -> list[str]:
    """Read lines until that many records came."""
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        count -= '"RECORD"' in line
        if count == 0:
            return lines
    pytest.fail("the run ended before")


def finish(process: subprocess.Popen[str], lines: list[str]) -> str:
    """Add the rest to the lines, wait for the end, and return what went to the log."""
    assert process.stdout
    assert process.stderr
    lines += process.stdout.readlines()
    errors = process.stderr.read()
    process.wait()
    return errors


def entries(lines: list[str]) -> list[str]:
    messages = [json.loads(line) for line in lines if line.endswith("\n")]
    return [each["record"]["TransactionEntryID"] for each in messages if each["type"] == "RECORD"]


def last_state(lines: list[str]) -> dict[str, Any]:
    return dict([json.loads(line)["value"] for line in lines if line.startswith('{"type":"STATE"')][-1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_finishes_the_record_at_hand_and_writes_the_state(
    harness: Any, tmp_path: Path, number: signal.Signals
) -> None:
    everything = harness.run("receivables").ids("receivables")
    process = start(harness.settings_file(tmp_path, "receivables"))
    lines = read_until(process, 5)
    process.send_signal(number)
    errors = finish(process, lines)
    assert process.returncode == 0
    assert "Traceback" not in errors
    assert json.loads(lines[-1])["type"] == "STATE"
    following = harness.run("receivables", state=last_state(lines))
    assert entries(lines) + following.ids("receivables") == everything


def test_a_killed_run_repeats_at_most_fifty_records_and_loses_none(harness: Any, tmp_path: Path) -> None:
    everything = harness.run("receivables").ids("receivables")
    process = start(harness.settings_file(tmp_path, "receivables"))
    lines = read_until(process, 130)
    process.kill()
    finish(process, lines)
    following = harness.run("receivables", state=last_state(lines)).ids("receivables")
    assert set(entries(lines)) | set(following) == set(everything)
    assert len(entries(lines)) + len(following) <= len(everything) + 50


def test_a_run_killed_while_it_builds_the_mirror_loses_nothing(harness: Any, tmp_path: Path) -> None:
    everything = harness.run("receivables")
    harness.lose_store()
    arguments = harness.settings_file(tmp_path, "receivables")
    harness.fault(kind="held", match="PaymentTerms.*skiptoken")
    process = start(arguments)
    wait_until(lambda: harness.sandbox.held() == 1)
    process.kill()
    output, _ = process.communicate()
    harness.sandbox.clear_faults()
    assert '"RECORD"' not in output
    following = harness.run("receivables")
    assert sorted(following.ids("receivables")) == sorted(everything.ids("receivables"))


def test_a_lost_login_is_one_line_that_says_what_to_do(harness: Any, tmp_path: Path) -> None:
    arguments = harness.settings_file(
        tmp_path, "journals", refresh_token="long-gone", store_uri=f"sqlite:///{tmp_path}/other.db"
    )
    process = start(arguments)
    output, errors = process.communicate()
    assert process.returncode == 1
    (line,) = [line for line in errors.splitlines() if "CRITICAL" in line]
    assert "log in again" in line
    assert "long-gone" not in errors
    assert "Traceback" not in errors
    assert '"STATE"' not in output


def test_a_signal_ends_a_wait_for_the_limit(harness: Any, tmp_path: Path) -> None:
    harness.fault(kind="limit", match="Journals", seconds=50)
    arguments = harness.settings_file(tmp_path, "journals")
    harness.sandbox.forget_calls()
    process = start(arguments)
    wait_until(lambda: harness.calls()["financial/Journals"] > 0)
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 0


def test_a_foreign_target_takes_it(harness: Any, tmp_path: Path) -> None:
    if not TARGET_JSONL.is_file():
        pytest.skip("target-jsonl is not installed: meltano install")
    harness.invoice(harness.customer())
    tap = start(harness.settings_file(tmp_path))
    settings = tmp_path / "target.json"
    settings.write_text(json.dumps({"destination_path": str(tmp_path), "do_timestamp_file": False}))
    target = subprocess.run(
        [TARGET_JSONL, "--config", settings], stdin=tap.stdout, capture_output=True, check=False, timeout=120
    )
    assert (tap.wait(), target.returncode) == (0, 0), target.stderr.decode()
    for stream in ("receivables", "accounts", "gl_accounts", "sales_entries", "journals"):
        (path,) = tmp_path.glob(f"{stream}*.jsonl")
        assert path.read_text(encoding="utf-8").count("\n") == len(harness.run(stream).records(stream))


def peak(harness: Any, folder: Path, stream: str) -> int:
    """Run the tap with one stream into nothing; return its largest resident set, in KiB."""
    command = [sys.executable, "-c", MEASURED, *harness.settings_file(folder, stream)]
    with Path(os.devnull).open("w", encoding="utf-8") as nothing:
        ran = subprocess.run(command, stdout=nothing, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return int(ran.stderr.rpartition("peak ")[2])


@pytest.mark.parametrize("rows", [1_000, pytest.param(5_000, marks=pytest.mark.long)])
@pytest.mark.parametrize("stream", STREAMS)
def test_ten_times_the_rows_need_no_more_memory(
    harness_of: Callable[..., Any], tmp_path: Path, stream: str, rows: int
) -> None:
    harness = harness_of(tmp_path)
    others = {"accounts": 0, "payables": 0, "receivables": 0}
    harness.do("fill", **{**others, stream: rows})
    small = peak(harness, tmp_path, stream)
    harness.do("fill", **{**others, stream: 9 * rows})
    large = peak(harness.with_store_in(tmp_path / "second"), tmp_path, stream)
    harness.sandbox.stop()
    assert large <= 1.25 * small
