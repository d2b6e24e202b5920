"""Both jobs in this process: the lines of the tap go to the mapper, its lines to the target, the state to the next run.

Time is that of the sandbox, for the plugins as well: to wait is to move it. A run can be killed at any of its calls.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import shutil
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

import time_machine
from requests.adapters import HTTPAdapter
from singer_sdk.singerlib import Catalog

from api_core.errors import ApiError
from connector_store import ConnectorStore, StoreError
from connector_testing.once import prepared_once
from connector_testing.project import project_config
from sandbox.testing import SandboxThread
from singer_shell.endings import RunEnded
from singer_shell.stop import Interruption
from tap_exactonline.tap import TapExactOnline
from tap_teamleader.tap import TapTeamleader
from target_exactonline.target import TargetExactOnline
from target_teamleader.target import TargetTeamleader
from teamleader_exactonline_mappers.mapper import TeamleaderExactOnlineMapper

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sandbox.control_client import SandboxClient

FIRST_DAY: Final = date(2026, 3, 2)
DIVISION: Final = 123456
CYCLE: Final = timedelta(minutes=15)
TOLD: Final = (RunEnded, ApiError, StoreError, SystemExit)
"""What may end a run: its line tells a person why."""


class Killed(BaseException):
    """The process is gone: no handler knows it."""


@dataclass(frozen=True)
class Job:
    """A tap, a mapping and a target, as meltano.yml joins them."""

    name: str
    tap: type[Any]
    streams: frozenset[str]
    """Empty: all."""
    mapping: str
    target: type[Any]


DOCUMENTS: Final = Job("documents", TapTeamleader, frozenset(), "teamleader-to-exactonline", TargetExactOnline)
PAYMENTS: Final = Job(
    "payments", TapExactOnline, frozenset({"receivables"}), "exactonline-to-teamleader", TargetTeamleader
)

CUSTOMERS: Final = Job(
    "import-customers",
    TapExactOnline,
    frozenset({"accounts", "contacts"}),
    "exactonline-customers-to-teamleader",
    TargetTeamleader,
)


@dataclass
class Coupling:
    """One store and what Meltano keeps of both jobs, against one sandbox."""

    folder: Path
    sandbox: SandboxClient
    clock: time_machine.Traveller | None = None
    """That of the plugins, None when it is the machine's."""
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The last state of each job, as Meltano keeps it."""
    logins: dict[str, str] = field(default_factory=dict)
    """The refresh tokens of a person who logged in again."""
    settings: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Settings of a plugin beside those of meltano.yml."""
    unexpected: list[str] = field(default_factory=list)
    """What ended a run without a line for a person."""
    _catalogs: dict[str, Catalog] = field(default_factory=dict)

    def run(self, job: Job, *, kill_at: int | None = None) -> bool:
        """Run a job to its end; return whether all of it succeeded. `kill_at`: die with so many calls made."""
        with _dying_at(kill_at):
            try:
                read = self._printed(lambda: self._tap(job).sync_all())
                mapper = TeamleaderExactOnlineMapper(config={"mapping": job.mapping})
                mapped = self._printed(lambda: mapper.listen(io.StringIO(read.text)))
                target = job.target(config=self._config(job.target), validate_config=True)
                written = self._printed(lambda: target.listen(io.StringIO(mapped.text)))
            except Killed:
                return False
        for line in written.text.splitlines():
            self.states[job.name] = json.loads(line)
        ended = [each.ended for each in (read, mapped, written) if each.ended is not None]
        self.unexpected += [f"{job.name}: {each!r}" for each in ended if not isinstance(each, TOLD)]
        return not ended

    def cycle(self, *, kill_at: int | None = None) -> None:
        """Run both jobs, and let the time until the next ones pass."""
        self.run(DOCUMENTS, kill_at=kill_at)
        self.run(PAYMENTS, kill_at=kill_at)
        self.let_pass(CYCLE)

    def let_pass(self, step: timedelta) -> None:
        """Let time pass on both sides."""
        self.sandbox.advance(step.total_seconds())
        if self.clock is not None:
            self.clock.shift(step)

    def read_in_full(self) -> None:
        """Have the next run read every document, as a person is told to."""
        self.states.pop("documents", None)

    def store(self) -> ConnectorStore:
        """Open the store."""
        return ConnectorStore.open(f"sqlite:///{self.folder}/connector.db")

    def log_in_again(self) -> None:
        """A person logs in to both services again."""
        self.logins = self.sandbox.logged_in_again()

    def asks_for_login(self) -> bool:
        """Tell whether a plugin's last run ended because a login is lost: the answer with its successor never came."""
        with self.store() as store:
            last = {run.plugin: run.message or "" for run in reversed(store.runs.last(10))}
        return any("log in again" in message for message in last.values())

    def lose_store(self) -> None:
        """The files of the store are gone; a person logs in again."""
        for path in self.folder.glob("connector.db*"):
            path.unlink()
        self.log_in_again()

    def back_up(self) -> None:
        """Copy the store while nothing runs."""
        copy = self.folder / "backup"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for path in self.folder.glob("connector.db*"):
            shutil.copy(path, copy)

    def restore(self) -> bool:
        """Put the backup back, if there is one; a person logs in again."""
        copy = self.folder / "backup"
        if not copy.exists():
            return False
        self.lose_store()
        for path in copy.iterdir():
            shutil.copy(path, self.folder)
        return True

    def _tap(self, job: Job) -> Any:
        config = self._config(job.tap)
        if job.name not in self._catalogs:
            catalog = json.loads(job.tap(config=config).catalog_json_text)
            for entry in catalog["streams"]:
                for each in entry["metadata"]:
                    if not each["breadcrumb"]:
                        each["metadata"]["selected"] = not job.streams or entry["tap_stream_id"] in job.streams
            self._catalogs[job.name] = Catalog.from_dict(catalog)
        state = json.loads(json.dumps(self.states.get(job.name, {})))
        return job.tap(config=config, state=state, catalog=self._catalogs[job.name])

    def _config(self, plugin: type[Any]) -> dict[str, Any]:
        return self.config_of(plugin.name)

    def config_of(self, plugin: str) -> dict[str, Any]:
        """Return what meltano.yml says of a plugin, with the addresses of this sandbox and the login of today."""
        config = project_config(plugin)
        prefix = plugin.upper().replace("-", "_") + "_"
        given = {**self.sandbox.env(), **self.logins}
        own: dict[str, Any] = {
            name.removeprefix(prefix).lower(): value for name, value in given.items() if name.startswith(prefix)
        }
        if "division" in own:
            own["division"] = int(own["division"])
        return {
            **config,
            **own,
            "store_uri": f"sqlite:///{self.folder}/connector.db",
            **self.settings.get(plugin, {}),
        }

    @staticmethod
    def _printed(work: Callable[[], object]) -> _Printed:
        printed = io.StringIO()
        ended: BaseException | None = None
        with contextlib.redirect_stdout(printed):
            try:
                work()
            except Killed:
                raise
            except BaseException as error:  # noqa: BLE001 - what it was is judged by the caller
                ended = error
        succeeded = isinstance(ended, SystemExit) and not ended.code
        return _Printed(printed.getvalue(), None if succeeded else ended)


@dataclass(frozen=True)
class _Printed:
    """What a program wrote, and what ended it early."""

    text: str
    ended: BaseException | None


@contextlib.contextmanager
def _dying_at(call: int | None) -> Iterator[None]:
    """Die at a call of a plugin: an even one before it is made, an odd one after it; nothing goes out afterwards."""
    left = -1 if call is None else call
    send = HTTPAdapter.send
    dead = False

    def reach() -> None:
        nonlocal left, dead
        left -= 1
        dead = dead or left == -1
        if dead:
            raise Killed

    def sending(adapter: HTTPAdapter, request: Any, **options: Any) -> Any:
        if "/_sandbox/" in request.url:
            return send(adapter, request, **options)
        reach()
        answer = send(adapter, request, **options)
        reach()
        return answer

    if call is None:
        yield
        return
    with mock.patch.object(HTTPAdapter, "send", sending):
        yield


@contextlib.contextmanager
def _silent_logs() -> Iterator[None]:
    """Log nothing: thousands of runs would fill the memory, and what counts of them is in the store."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


@contextlib.contextmanager
def coupled(folder: Path, seed: int) -> Iterator[Coupling]:
    """Yield a coupling with a few customers and no documents, in which time passes only when it is moved."""
    sizes = {"customers": 5, "invoices": 0, "credit_notes": 0, "pdf_bytes": 200}
    start = datetime.combine(FIRST_DAY, time(12), timezone.utc)
    with (
        _silent_logs(),
        prepared_once(),
        time_machine.travel(start, tick=False) as clock,
        SandboxThread(seed=seed, today=FIRST_DAY, frozen=True, no_limits=True, **sizes) as sandbox,
    ):
        coupling = Coupling(folder, sandbox, clock)

        def sleep(interruption: Interruption, seconds: float) -> None:
            interruption.check()
            coupling.let_pass(timedelta(seconds=max(0.0, seconds)))

        with mock.patch.object(Interruption, "sleep", sleep):
            yield coupling
