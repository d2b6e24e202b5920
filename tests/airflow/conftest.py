"""Airflow as on a server, in an environment of its own: scheduler, DAG processor, and the API that tasks use."""

from __future__ import annotations

import os
import re
import secrets
import socket
import sqlite3
import subprocess
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING, NamedTuple

import pytest

from connector_testing.programs import wait_until
from connector_testing.project import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

BIN = ROOT / ".airflow" / "bin"
PAGE = ROOT / "orchestrate" / "airflow" / "README.md"
TRIGGER = """
import sys
from airflow.cli.cli_parser import get_parser
run, *dags = sys.argv[1:]
for dag in dags:
    arguments = get_parser().parse_args(["dags", "trigger", dag, "--run-id", run])
    arguments.func(arguments)
"""
"""The command line's own way, once for all: each start of it takes seconds."""

PATIENCE = {
    "AIRFLOW__CORE__DAGBAG_IMPORT_TIMEOUT": "300",
    "AIRFLOW__DAG_PROCESSOR__DAG_FILE_PROCESSOR_TIMEOUT": "300",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "1800",
    "AIRFLOW__SCHEDULER__TASK_QUEUED_TIMEOUT": "3600",
    "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",
    "AIRFLOW__EXECUTION_API__JWT_EXPIRATION_TIME": "7200",
}
"""A machine that is busy with other work is slow, and no task is given up for that."""


class Attempt(NamedTuple):
    """One try of a task."""

    dag: str
    task: str
    run: str
    state: str
    pool: str
    began: str
    ended: str


class Airflow:
    """One Airflow, with its metadata in SQLite."""

    def __init__(self, home: Path, variables: Mapping[str, str]) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
        self.env = {
            **kept,
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__PARALLELISM": "4",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{self._port}/execution/",
            "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_hex(32),
            **PATIENCE,
            **variables,
        }
        self._services: list[subprocess.Popen[str]] = []

    def follow(self, heading: str) -> None:
        """Do what a block of the page says, as it stands there."""
        blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
        (block,) = [each for each in blocks if heading in each]
        # The folder of the project and a place for the pools are ours.
        lines = [line for line in block.splitlines() if not line.startswith("export ")]
        script = "\n".join(lines).replace("pools.json", str(self.home / "pools.json"))
        self._run("bash", "-euc", script)

    def start(self) -> None:
        """Start what runs on a server, but for the pages that people look at."""
        api = ("api-server", "--apps", "execution", "--workers", "1", "--host", "127.0.0.1", "--port", str(self._port))
        for command in (api, ("dag-processor",), ("scheduler",)):
            log = (self.home / f"{command[0]}.log").open("w", encoding="utf-8")
            with log:
                self._services.append(
                    subprocess.Popen(
                        [BIN / "airflow", *command],
                        cwd=ROOT,
                        env=self.env,
                        stdout=log,
                        stderr=log,
                        text=True,
                        start_new_session=True,
                    )
                )

    def stop(self) -> None:
        """End it, the scheduler first."""
        for service in reversed(self._services):
            service.terminate()
            with suppress(subprocess.TimeoutExpired):
                service.wait(60)
            service.kill()
            service.wait()
        self._services.clear()

    def wait_for(self, dags: set[str]) -> None:
        """Wait until it knows these DAGs and no others."""
        wait_until(lambda: {dag for (dag,) in self._asked("SELECT dag_id FROM serialized_dag")} == dags)

    def run(self, name: str, dags: Sequence[str]) -> dict[str, str]:
        """Have a run of that name triggered of each DAG; return how each ended."""
        self._run("python", "-c", TRIGGER, name, *dags)
        states: dict[str, str] = {}

        def have_ended() -> bool:
            time.sleep(0.5)
            states.update(self._asked("SELECT dag_id, state FROM dag_run WHERE run_id = ?", name))
            return len(states) == len(dags) and set(states.values()) <= {"success", "failed"}

        wait_until(have_ended)
        return states

    def states(self, run: str) -> dict[str, dict[str, str]]:
        """Return the states of the tasks of a run: DAG -> task -> state."""
        found: dict[str, dict[str, str]] = {}
        for dag, task, state in self._asked("SELECT dag_id, task_id, state FROM task_instance WHERE run_id = ?", run):
            found.setdefault(dag, {})[task] = state
        return found

    def attempts(self) -> list[Attempt]:
        """Return every try of every task that began, oldest first."""
        columns = "dag_id, task_id, run_id, state, pool, start_date, end_date"
        tables = ("task_instance", "task_instance_history")
        query = " UNION ".join(f"SELECT {columns} FROM {table} WHERE start_date IS NOT NULL" for table in tables)  # noqa: S608 - names of ours
        return [Attempt(*row) for row in self._asked(f"{query} ORDER BY start_date")]

    @property
    def log(self) -> str:
        """What it wrote."""
        return "\n".join(path.read_text("utf-8", "replace") for path in sorted(self.home.rglob("*.log")))

    def _run(self, *command: str) -> None:
        ran = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr

    def _asked(self, query: str, *given: str) -> list[tuple[str, ...]]:
        address = f"file:{self.home / 'airflow.db'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=60)) as database:
            return database.execute(query, given).fetchall()


@pytest.fixture
def airflow(tmp_path: Path) -> Iterator[Callable[..., Airflow]]:
    """Make an Airflow with these variables; it is ended after the test."""
    made: list[Airflow] = []

    def make(**variables: str) -> Airflow:
        home = tmp_path / "airflow"
        (home / "dags").mkdir(parents=True)
        made.append(Airflow(home, variables))
        return made[-1]

    yield make
    for each in made:
        each.stop()
