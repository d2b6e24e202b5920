"""A coupling under test: a sandbox process, a throw-away store and Meltano database, and `meltano run`."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from connector_store import ConnectorStore
from sandbox.testing import SandboxProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from connector_store import Reject

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
DIVISION = 123456


@dataclass(frozen=True)
class Ran:
    """A finished command."""

    code: int
    output: str


@dataclass
class Coupling:
    """One store and one Meltano database against one sandbox."""

    folder: Path
    sandbox: SandboxProcess
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> str:
        return self.settings.get("TARGET_EXACTONLINE_STORE_URI", f"sqlite:///{self.folder}/connector.db")

    @property
    def env(self) -> dict[str, str]:
        return {
            **os.environ,
            "MELTANO_CLI_LOG_LEVEL": "info",
            "MELTANO_DATABASE_URI": f"sqlite:///{self.folder}/meltano.db",
            "TAP_TEAMLEADER_STORE_URI": self.store,
            "TARGET_EXACTONLINE_STORE_URI": self.store,
            **self.sandbox.env(),
            **self.settings,
        }

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
        self, *arguments: str, environment: str = "sandbox", system_folder: str = "meltano"
    ) -> subprocess.Popen[str]:
        """Start `meltano run …` in a process group of its own, its output kept in the coupling's log."""
        env = {**self.env, "MELTANO_SYS_DIR_ROOT": str(self.system_folder(system_folder))}
        log = (self.folder / "log.txt").open("a", encoding="utf-8")
        command = [str(BIN / "meltano"), f"--environment={environment}", "run", "--no-install", *arguments]
        with log:
            return subprocess.Popen(
                command, cwd=ROOT, env=env, stdout=log, stderr=log, text=True, start_new_session=True
            )

    def run(self, *arguments: str, environment: str = "sandbox", timeout: float = 240) -> Ran:
        """Run `meltano run …` to its end."""
        before = len(self.log)
        process = self.start(*arguments, environment=environment)
        return Ran(process.wait(timeout), self.log[before:])

    def documents(self) -> Ran:
        """Run the forward job as users do."""
        return self.run("documents")

    @property
    def log(self) -> str:
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


@pytest.fixture
def coupling_with(tmp_path: Path) -> Iterator[Callable[..., Coupling]]:
    """Start a sandbox with these arguments and return a coupling with it."""
    started: list[SandboxProcess] = []

    def start(*arguments: str, settings: Mapping[str, str] | None = None) -> Coupling:
        sandbox = SandboxProcess(*arguments)
        sandbox.start()
        started.append(sandbox)
        folder = tmp_path / f"coupling-{len(started)}"
        folder.mkdir()
        return Coupling(folder, sandbox, dict(settings or {}))

    yield start
    for sandbox in started:
        sandbox.stop()


@pytest.fixture
def small(coupling_with: Callable[..., Coupling]) -> Coupling:
    """Return a coupling with few documents and no limits."""
    return coupling_with("--no-limits", "--customers", "12", "--invoices", "15", "--credit-notes", "4")
