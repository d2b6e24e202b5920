"""Documents told in tables, booked by the real tap, mapper and target, and compared with the books.

A test module holds `BOOKS`: per administration the `settings` of the target and of the `tap` that differ from the
sandbox's in meltano.yml, what was done in `teamleader` and `exact` before, what goes wrong (`faults`), and `cases`.
Modules that name the same administration share it: one sandbox, one run for all documents, and a second run when
something happens `later`. A case is a line of plain language with the document, what happens and what the books say;
`connector_testing.cases` explains its words.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import ConnectorStore
from connector_testing.cases import DIVISION, Case, People, check_words
from connector_testing.project import BIN, project_config
from sandbox.testing import SandboxProcess

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = "2026-11-18"
"""The sandbox's day, so that cases can name dates."""
EMPTY = ("--no-limits", "--customers", "0", "--invoices", "0", "--credit-notes", "0", "--pdf-bytes", "200")


def merged(config: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return settings with changes: objects key by key, None takes a setting away."""
    result = dict(config)
    for name, value in changes.items():
        if isinstance(value, dict) and isinstance(result.get(name), dict):
            result[name] = merged(result[name], value)
        elif value is None:
            result.pop(name, None)
        else:
            result[name] = value
    return result


@dataclass
class Ran:
    """What stands where after the runs: Exact's books, Teamleader's documents, what was kept back, and the log."""

    books: dict[str, Any]
    teamleader: dict[str, Any]
    """Teamleader's totals per kind and currency."""
    documents: dict[str, dict[str, Any]]
    """Teamleader's invoices and credit notes as the tap read them, by id."""
    rejects: dict[str, Any]
    log: str
    codes: list[int]


@dataclass
class Administration:
    """One sandbox with its settings, and the cases that are booked in it."""

    name: str
    settings: dict[str, Any] = field(default_factory=dict)
    tap: dict[str, Any] = field(default_factory=dict)
    before: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    cases: dict[str, Case] = field(default_factory=dict)
    folder: Path = Path()

    def take(self, told: dict[str, Any]) -> None:
        """Add what a module tells of this administration."""
        self.settings = merged_once(self.settings, told.get("settings", {}), self.name)
        self.tap = merged_once(self.tap, told.get("tap", {}), self.name)
        for service in ("teamleader", "exact"):
            done = [(service, verb, arguments) for verb, arguments in told.get(service, [])]
            self.before += [each for each in done if each not in self.before]
        self.faults += told.get("faults", [])
        for line, case in told.get("cases", {}).items():
            if line in self.cases:
                raise ValueError(f"two cases of administration {self.name} say: {line}")
            check_words(line, case)
            self.cases[line] = Case(line, case)

    @cached_property
    def ran(self) -> Ran:
        """Book all documents; what is asked of the sandbox is asked once, and the sandbox is stopped."""
        self.folder.mkdir()
        with SandboxProcess(*EMPTY, "--today", TODAY) as sandbox:
            people = People(sandbox, self._store_uri)
            for service, verb, arguments in self.before:
                getattr(sandbox, service)(verb, **arguments)
            for place, case in enumerate(self.cases.values()):
                case.tell(people, place)
            if self.faults:
                sandbox.add_faults(self.faults)
            codes = [self._run(sandbox)]
            later = [case for case in self.cases.values() if "later" in case.told]
            if later:
                for case in later:
                    case.go_on(people)
                codes.append(self._run(sandbox))
            books = sandbox.ledger()
            teamleader = sandbox.control("GET", "teamleader")["totals"]
            for case in self.cases.values():
                case.look_closer(people)
        ran = Ran(books, teamleader, self._documents(), self._rejects(), self._log.read_text(encoding="utf-8"), codes)
        for case in self.cases.values():
            case.ran = ran
        return ran

    @property
    def _log(self) -> Path:
        return self.folder / "log.txt"

    @property
    def _store_uri(self) -> str:
        return f"sqlite:///{self.folder}/connector.db"

    def _run(self, sandbox: SandboxProcess) -> int:
        """Run tap, mapper and target as Meltano does, joined by pipes; return the worst exit status."""
        store = {"store_uri": self._store_uri}
        teamleader = {"api_url": sandbox.teamleader_url, "auth_url": sandbox.teamleader_url, **store}
        commands: list[list[str]] = []
        for plugin, config in (
            ("tap-teamleader", merged(project_config("tap-teamleader") | teamleader, self.tap)),
            ("teamleader-exactonline-mappers", {"mapping": "teamleader-to-exactonline"}),
            (
                "target-exactonline",
                merged(project_config("target-exactonline"), self.settings) | {"api_url": sandbox.exact_url, **store},
            ),
        ):
            path = self.folder / f"{plugin}.json"
            path.write_text(json.dumps(config), encoding="utf-8")
            commands.append([str(BIN / plugin), "--config", str(path)])
        state = self.folder / "state.json"
        if state.exists():
            commands[0] += ["--state", str(state)]
        commands.insert(1, ["tee", "--append", str(self.folder / "tap.singer")])
        with self._log.open("ab") as log:
            processes: list[subprocess.Popen[bytes]] = []
            source: Any = subprocess.DEVNULL
            for command in commands:
                processes.append(subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE, stderr=log))
                if source is not subprocess.DEVNULL:
                    source.close()
                source = processes[-1].stdout
            states = processes[-1].communicate()[0].splitlines()
            worst = max(abs(process.wait()) for process in processes)
        if states:
            state.write_bytes(states[-1])
        return worst

    def _documents(self) -> dict[str, dict[str, Any]]:
        lines = (self.folder / "tap.singer").read_text(encoding="utf-8").splitlines()
        messages = [json.loads(line, parse_float=Decimal) for line in lines]
        return {
            message["record"]["id"]: message["record"]
            for message in messages
            if message["type"] == "RECORD" and message["stream"] in {"invoices", "credit_notes"}
        }

    def _rejects(self) -> dict[str, Any]:
        with ConnectorStore.open(self._store_uri) as store:
            return {reject.source_id: reject for reject in store.rejects(DIVISION).all()}


def merged_once(config: dict[str, Any], changes: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the settings with those of one more module, which may not contradict the others."""
    result = dict(config)
    for key, value in changes.items():
        known = result.get(key, value)
        if isinstance(known, dict) and isinstance(value, dict):
            result[key] = merged_once(known, value, name)
        elif known != value:
            raise ValueError(f"administration {name}: {key} is both {known!r} and {value!r}")
        else:
            result[key] = value
    return result


# How the tables become tests

ADMINISTRATIONS = pytest.StashKey[dict[str, Administration]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ADMINISTRATIONS] = {}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    books: dict[str, Any] | None = getattr(metafunc.module, "BOOKS", None)
    if books is None or "case" not in metafunc.fixturenames:
        return
    known = metafunc.config.stash[ADMINISTRATIONS]
    rows = []
    for name, told in books.items():
        known.setdefault(name, Administration(name)).take(told)
        # One worker per administration, so that it is booked once.
        mark = pytest.mark.xdist_group(f"administration {name}")
        rows += [pytest.param((name, line), id=line, marks=mark) for line in told.get("cases", {})]
    metafunc.parametrize("case", rows, indirect=True)


@pytest.fixture
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Return a case whose administration has been booked."""
    name, line = request.param
    administration = request.config.stash[ADMINISTRATIONS][name]
    if "ran" not in vars(administration):
        administration.folder = tmp_path_factory.mktemp("accounting") / "books"
    assert not any(administration.ran.codes), administration.ran.log[-3000:]
    return administration.cases[line]


@pytest.fixture
def administration(tmp_path: Path) -> Callable[..., Administration]:
    """Make an administration for one test alone; `ran` books it, and gives every case what became of it."""

    def make(**told: Any) -> Administration:
        made = Administration("of one test", folder=tmp_path / "books")
        made.take(told)
        return made

    return make
