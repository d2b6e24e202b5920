"""A coupling under test: a sandbox process, a throw-away store and Meltano database, and `meltano run`."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from connector_store import ConnectorStore
from connector_testing.project import BIN, ROOT
from sandbox.testing import SandboxProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from connector_store import Reject

DIVISION = 123456
PLUGINS = ("TAP_TEAMLEADER", "TARGET_EXACTONLINE", "TAP_EXACTONLINE", "TARGET_TEAMLEADER")

Side = dict[str, tuple[Decimal, Decimal]]
"""Number of an invoice -> what was paid of it, and what is open."""


@dataclass(frozen=True)
class FinishedCommand:
    """A finished command."""

    code: int
    output: str


@dataclass
class Coupling:
    """One store and one Meltano database against one sandbox."""

    folder: Path
    sandbox: SandboxProcess
    settings: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """A variable of the environment -> the name under which it is given instead."""

    @property
    def store(self) -> str:
        """The URI of its store."""
        return self.settings.get("TARGET_EXACTONLINE_STORE_URI", f"sqlite:///{self.folder}/connector.db")

    @property
    def env(self) -> dict[str, str]:
        """The environment of its runs."""
        given = {
            **os.environ,
            "MELTANO_CLI_LOG_LEVEL": "info",
            "MELTANO_DATABASE_URI": f"sqlite:///{self.folder}/meltano.db",
            **{f"{plugin}_STORE_URI": self.store for plugin in PLUGINS},
            **self.sandbox.env(),
            **self.settings,
        }
        return {self.names.get(name, name): value for name, value in given.items()}

    def system_folder(self, name: str) -> Path:
        """Return a folder for Meltano's own files, with the plugins that are installed in the project.

        Meltano keeps the catalog of a run per plugin name, so that runs at the same time need one each.
        """
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        for kind in ("extractors", "loaders", "mappers", "utilities"):
            if not (folder / kind).is_symlink():
                (folder / kind).symlink_to(ROOT / ".meltano" / kind)
        return folder

    def start(
        self, *arguments: str, environment: str | None = "sandbox", system_folder: str = "meltano"
    ) -> subprocess.Popen[str]:
        """Start `meltano run …` in a process group of its own, its output kept in the coupling's log."""
        env = {**self.env, "MELTANO_SYS_DIR_ROOT": str(self.system_folder(system_folder))}
        log = (self.folder / "log.txt").open("a", encoding="utf-8")
        chosen = [] if environment is None else [f"--environment={environment}"]
        command = [str(BIN / "meltano"), *chosen, "run", "--no-install", *arguments]
        with log:
            return subprocess.Popen(
                command, cwd=ROOT, env=env, stdout=log, stderr=log, text=True, start_new_session=True
            )

    def run(self, *arguments: str, environment: str | None = "sandbox", timeout: float = 240) -> FinishedCommand:
        """Run `meltano run …` to its end."""
        before = len(self.log)
        process = self.start(*arguments, environment=environment)
        return FinishedCommand(process.wait(timeout), self.log[before:])

    def documents(self) -> FinishedCommand:
        """Run the forward job as users do."""
        return self.run("documents")

    def payments(self) -> FinishedCommand:
        """Run the reverse job as users do."""
        return self.run("payments")

    @property
    def bridge_env(self) -> dict[str, str]:
        """The environment of the tool for people, called in this project on this coupling."""
        system = str(self.system_folder("meltano"))
        own = {"MELTANO_ENVIRONMENT": "sandbox", "MELTANO_SYS_DIR_ROOT": system, "CONNECTOR_STORE_URI": self.store}
        return {**self.env, **own}

    def bridge(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the tool to its end."""
        command = [str(BIN / "bridge"), *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.bridge_env, capture_output=True, text=True, check=False)

    @property
    def log(self) -> str:
        """What its runs have written."""
        path = self.folder / "log.txt"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def opened(self) -> ConnectorStore:
        """Open the coupling's store."""
        return ConnectorStore.open(self.store, key=self.settings.get("CONNECTOR_STORE_KEY"))

    def kept(self) -> list[Reject]:
        """Return what is kept as refused, oldest first."""
        with self.opened() as store:
            return list(store.rejects(DIVISION).all())

    def rejects(self) -> list[tuple[str | None, str, str]]:
        """Return (document number, status, code) of what is kept as refused, oldest first."""
        return [(each.number, each.status, each.code) for each in self.kept()]

    # Paid and open, on both sides

    def in_teamleader(self) -> Side:
        """Return what each booked invoice has been paid, credit notes included, and what is due."""
        invoices = (each for each in self.sandbox.teamleader_documents() if each["kind"] == "invoice")
        return {each["number"]: (each["gross"] - each["open"], each["open"]) for each in invoices}

    def in_exact(self) -> Side:
        """Return what is matched of the entry of each invoice, and what is open."""
        entries = (each for each in self.sandbox.exact_entries() if each["kind"] == "invoice")
        return {each["number"]: (each["gross"] - each["open"], each["open"]) for each in entries}

    def registered(self) -> dict[str, list[tuple[Decimal, str]]]:
        """Return amount and day of every payment that stands in Teamleader, for each invoice that has any."""
        return {
            each["number"]: [(payment["amount"], payment["day"]) for payment in each["payments"]]
            for each in self.sandbox.teamleader_documents()
            if each["payments"]
        }


@contextmanager
def couplings(folder: Path) -> Iterator[Callable[..., Coupling]]:
    """Yield a function that starts a sandbox with these arguments and returns a coupling with it."""
    started: list[SandboxProcess] = []

    def start(*arguments: str, settings: Mapping[str, str] | None = None) -> Coupling:
        sandbox = SandboxProcess(*arguments)
        sandbox.start()
        started.append(sandbox)
        own = folder / f"coupling-{len(started)}"
        own.mkdir()
        return Coupling(own, sandbox, dict(settings or {}))

    try:
        yield start
    finally:
        for sandbox in started:
            sandbox.stop()


@pytest.fixture
def coupling_with(tmp_path: Path) -> Iterator[Callable[..., Coupling]]:
    """Start a sandbox with these arguments and return a coupling with it."""
    with couplings(tmp_path) as start:
        yield start


@pytest.fixture(scope="module")
def shared_coupling_with(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Coupling]]:
    """Do the same for all tests of a module."""
    with couplings(tmp_path_factory.mktemp("shared")) as start:
        yield start


@pytest.fixture
def small(coupling_with: Callable[..., Coupling]) -> Coupling:
    """Return a coupling with few documents and no limits."""
    return coupling_with("--no-limits", "--customers", "12", "--invoices", "15", "--credit-notes", "4")
