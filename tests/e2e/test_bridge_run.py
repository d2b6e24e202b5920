"""`bridge run` as a schedule calls it: the last line is ours, the exit code is as documented, nothing secret is left.

The first test runs always; the others take minutes (`make test-daily`).
"""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import threading
import time
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import and_, select, update

from bridge.project import JOBS
from bridge.run.news import LOOKED, POSITION
from connector_store.schema import positions, runs, tokens
from connector_testing.project import BIN, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector_testing.coupling import Coupling

SMALL = ("--no-limits", "--min-refresh-seconds", "0", "--customers", "6", "--invoices", "6", "--credit-notes", "2")


class Bridge:
    """The command in the project, on one coupling."""

    def __init__(self, coupling: Coupling) -> None:
        self.coupling = coupling
        self.system = coupling.system_folder("meltano")
        self.env = coupling.bridge_env

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the command under a umask that lets everybody read."""
        return subprocess.Popen(
            [str(BIN / "bridge"), *arguments],
            cwd=ROOT,
            env={**self.env, **self.coupling.settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            umask=0,
        )

    def run(self, *arguments: str) -> tuple[int, dict[str, Any], str]:
        """Run the command to its end; return exit code, last line and log."""
        process = self.start(*arguments)
        output, log = process.communicate(timeout=300)
        return process.returncode, json.loads(output.splitlines()[-1]), log

    @property
    def secrets(self) -> list[Path]:
        """Files in which Meltano keeps settings of a run."""
        return list((self.system / "run").glob("*/*config.json"))


@pytest.fixture
def bridge(coupling_with: Callable[..., Coupling]) -> Bridge:
    return Bridge(coupling_with(*SMALL))


@pytest.fixture
def modes(bridge: Bridge) -> Iterator[set[int]]:
    """The rights of every file with secrets that was seen while commands ran."""
    seen: set[int] = set()
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.02):
            for path in bridge.secrets:
                try:
                    seen.add(path.stat().st_mode & 0o777)
                except FileNotFoundError:
                    continue

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    yield seen
    over.set()
    thread.join()


def test_a_cycle_books_and_ends_with_one_line_of_ours(bridge: Bridge, modes: set[int]) -> None:
    code, last, log = bridge.run("run")
    assert code == 0, log
    assert (last["level"], last["documents"]["booked"]) == ("green", 8)
    assert list(last) == ["level", "line", "documents", "payments", "paid", "calls", "seconds"]
    assert modes == {0o600}
    assert bridge.secrets == []


@pytest.mark.long
def test_an_idle_quarter_of_an_hour_costs_three_calls_and_starts_nothing(bridge: Bridge) -> None:
    bridge.run("run")
    bridge.coupling.sandbox.forget_calls()
    code, last, log = bridge.run("run", "--only-news")
    assert (code, last["level"], last["documents"]) == (0, "green", {}), log
    assert bridge.coupling.sandbox.calls() == {"teamleader": 2, "exact": 1}
    bridge.coupling.sandbox.add_invoice()
    code, last, log = bridge.run("run", "--only-news")
    assert (code, last["documents"]["booked"]) == (0, 1), log


@pytest.mark.long
def test_an_invoice_that_became_paid_is_named(bridge: Bridge) -> None:
    bridge.run("run")
    number = bridge.coupling.sandbox.add_invoice()["number"]
    bridge.run("run")
    bridge.coupling.sandbox.match({"your_ref": number, "journal": "70"})
    code, last, log = bridge.run("run", "--only-news")
    assert (code, last["paid"]) == (0, [number]), log
    assert f"Became paid: {number}" in log


@pytest.mark.long
def test_a_scheduler_asks_for_news_and_runs_each_direction_alone(bridge: Bridge) -> None:
    def does(*arguments: str) -> tuple[int, str]:
        code, last, _log = bridge.run(*arguments)
        return code, last["line"]

    bridge.coupling.sandbox.forget_calls()
    assert does("news") == (0, "the settings are other ones")
    assert bridge.coupling.sandbox.calls() == {"teamleader": 0, "exact": 0}
    code, last, log = bridge.run("run", "--direction", "documents")
    assert (code, last["documents"]["booked"], last["payments"]) == (0, 8, {}), log
    assert does("news") == (0, "no full run worked yet")
    code, last, log = bridge.run("run", "--direction", "payments")
    assert (code, last["level"], last["documents"]) == (0, "green", {}), log
    code, _line = does("news")
    assert code == 99
    bridge.coupling.sandbox.add_invoice()
    assert does("news") == (0, "documents changed in Teamleader")
    with bridge.coupling.opened() as store, store.lock(f"run 123456 {ROOT.name}"):
        assert does("news") == (99, "Another run of this coupling is under way; it does the work")
        code, line = does("run", "--direction", "payments")
        assert (code, line) == (1, "Another run of this administration is under way: try this one again")


@pytest.mark.long
def test_a_direction_alone_that_could_not_work_stays_red_though_the_other_one_works(bridge: Bridge) -> None:
    bridge.run("run")
    bridge.coupling.sandbox.teamleader("deny", actions=["invoices.list"])
    code, last, _log = bridge.run("run", "--direction", "documents")
    assert (code, last["level"]) == (1, "red")
    code, last, _log = bridge.run("run", "--direction", "payments")
    assert (code, last["level"]) == (0, "red")


def let_pass(bridge: Bridge, step: timedelta) -> None:
    """Make all that the command goes by older: the last looks and runs, and both logins."""
    names_of_positions = [LOOKED, *(f"{POSITION} {job}" for job in JOBS)]
    with bridge.coupling.opened() as store, store._database.writing() as connection:
        mine = positions.c.name.in_(names_of_positions)
        for row in connection.execute(select(positions).where(mine)).mappings().all():
            told = json.loads(row["value"])
            moments = {
                name: (datetime.fromisoformat(text) - step).isoformat()
                for name, text in told.items()
                if name in {"began", "asked", "complete"} and text
            }
            this = and_(positions.c.name == row["name"], positions.c.division == row["division"])
            connection.execute(update(positions).where(this).values(value=json.dumps({**told, **moments})))
        for table, names in ((tokens, ("expires_at", "obtained_at")), (runs, ("started_at", "finished_at"))):
            for row in connection.execute(select(table)).mappings().all():
                mine = and_(*(column == row[column.name] for column in table.primary_key))
                older = {name: row[name] - step for name in names if row[name] is not None}
                connection.execute(update(table).where(mine).values(older))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_day_of_idle_cycles_is_cheap(bridge: Bridge, record_property: Callable[[str, object], None]) -> None:
    """96 calls, a quarter of an hour apart: one full run, an hourly look at everything, each with a login to renew."""
    bridge.run("run")
    bridge.run("run", "--only-news")
    bridge.coupling.sandbox.forget_calls()
    runs_of_meltano, seconds = 0, 0.0
    for _ in range(96):
        let_pass(bridge, timedelta(minutes=15))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        code, last, log = bridge.run("run", "--only-news")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds += after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        runs_of_meltano += "There is something to do" in log
        assert (code, last["level"]) == (0, "green"), log
    calls = bridge.coupling.sandbox.calls()
    for name, figure in {**calls, "full runs": runs_of_meltano, "seconds": round(seconds, 1)}.items():
        record_property(name, figure)
    assert calls["exact"] <= 250
    assert calls["teamleader"] <= 400
    assert runs_of_meltano == 1
    assert seconds < 60, seconds


def exact_is_gone(bridge: Bridge) -> None:
    bridge.coupling.sandbox.add_faults([{"kind": "reset_before", "service": "exact"}])


def exact_login_is_revoked(bridge: Bridge) -> None:
    bridge.coupling.sandbox.exact("revoke")


def teamleader_login_is_revoked(bridge: Bridge) -> None:
    bridge.coupling.sandbox.teamleader("revoke")


@pytest.mark.long
@pytest.mark.parametrize(
    ("trouble", "level", "words"),
    [
        (exact_is_gone, "amber", "Exact"),
        (exact_login_is_revoked, "red", "Exact"),
        (teamleader_login_is_revoked, "red", "Teamleader"),
    ],
)
def test_a_cycle_that_cannot_work_says_so_in_its_last_line(
    bridge: Bridge, trouble: Callable[[Bridge], None], level: str, words: str
) -> None:
    bridge.run("run")
    bridge.coupling.sandbox.add_invoice()
    trouble(bridge)
    code, last, log = bridge.run("run")
    assert (code, last["level"]) == (1, level), log
    assert words in last["line"]
    assert bridge.secrets == []


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_cycle_that_is_stopped_ends_with_its_line(bridge: Bridge, number: signal.Signals) -> None:
    process = bridge.start("run")
    while not bridge.secrets:
        time.sleep(0.02)
    process.send_signal(number)
    output, log = process.communicate(timeout=120)
    assert process.returncode == 128 + number, log
    assert json.loads(output.splitlines()[-1])["line"] == f"stopped by signal {number}"
    assert bridge.secrets == []


@pytest.mark.long
def test_a_cycle_that_was_killed_is_taken_up_at_once(bridge: Bridge) -> None:
    process = bridge.start("run")
    while not bridge.secrets:
        time.sleep(0.02)
    (meltano,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8").split()
    # With everything around it: nobody is left to take anything away.
    process.kill()
    os.killpg(int(meltano), signal.SIGKILL)
    process.communicate(timeout=30)
    code, last, log = bridge.run("run")
    assert (code, last["level"]) == (0, "green"), log
    assert len(bridge.coupling.sandbox.exact_entries()) == 8
    assert bridge.secrets == []


@pytest.mark.long
def test_the_days_limit_ends_a_cycle_with_a_forecast(coupling_with: Callable[..., Coupling]) -> None:
    limits = ("--exact-day-limit", "40", "--exact-minute-limit", "1000", "--tl-minute-limit", "1000")
    bridge = Bridge(coupling_with(*limits, "--customers", "6", "--invoices", "20", "--credit-notes", "0"))
    code, last, log = bridge.run("run")
    assert code == 1, log
    assert "limit of calls per day is used up" in last["line"]


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_a_backlog_is_never_silent_for_more_than_half_a_minute(
    coupling_with: Callable[..., Coupling], record_property: Callable[[str, object], None]
) -> None:
    """Three hundred documents; the minute of 60 calls is scaled to one of 300: minutes, instead of half an hour."""
    limits = ("--exact-minute-limit", "300", "--exact-day-limit", "50000", "--tl-minute-limit", "5000")
    bridge = Bridge(coupling_with(*limits, "--customers", "30", "--invoices", "300", "--credit-notes", "0"))
    process = bridge.start("run")
    told, lines = [time.monotonic()], []
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("bridge: "):
            told.append(time.monotonic())
            lines.append(line)
    assert process.wait(timeout=60) == 0
    told.append(time.monotonic())
    assert told[-1] - told[0] > 60
    longest = max(later - earlier for earlier, later in pairwise(told))
    record_property("longest silence", round(longest, 1))
    assert longest <= 30
    assert any(re.search(r"documents: \d+ done, [\d,]+ of 50,000 calls of today used", line) for line in lines)
