"""A real PostgreSQL for tests, from the binaries of the system: no container, no service, nothing left behind."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql*/bin",
)
_UNPRIVILEGED = ("postgres", "nobody")
_USER = "connector"
_READY_SECONDS = 30


class PostgresMissingError(RuntimeError):
    """PostgreSQL cannot be started here; the text says why, for a test to be skipped with."""


class PostgresServer:
    """A running server that listens on a socket in its own folder only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def uri(self, database: str = "postgres") -> str:
        """Return the SQLAlchemy URI of a database."""
        return f"postgresql://{_USER}@/{database}?host={self._folder}"

    def new_database(self) -> str:
        """Make an empty database and return its URI."""
        name = f"test_{secrets.token_hex(6)}"
        self._execute(f"CREATE DATABASE {name}")
        return self.uri(name)

    def _execute(self, statement: str) -> None:
        engine = create_engine(
            self.uri().replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.execute(text(statement))

    def _answers(self) -> bool:
        try:
            self._execute("SELECT 1")
        except OperationalError:
            return False
        return True

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _READY_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if self._answers():
                return
            time.sleep(0.05)
        lines = (self._folder / "log").read_text("utf-8", "replace").strip().splitlines()
        raise PostgresMissingError(f"PostgreSQL did not start: {lines[-1] if lines else 'no word of it'}")


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run a PostgreSQL server of its own within the block (about two seconds to start; give it a session's life).

    As root it runs under the user `postgres` or `nobody`, since PostgreSQL refuses root.

    Raises:
        PostgresMissingError: no binaries, or they do not run.
    """
    binaries = _binaries()
    identity = _identity()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if identity:
            os.chown(folder, identity["user"], identity["group"])
        _run([binaries / "initdb", "-D", folder / "data", "-U", _USER, "-A", "trust", "-E", "UTF8"], folder, identity)
        with (folder / "log").open("wb") as log:
            # Without fsync: tests kill clients, never the machine.
            process = subprocess.Popen(  # noqa: S603
                [binaries / "postgres", "-D", folder / "data", "-k", folder, "-c", "listen_addresses=", "-F"],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **identity,
            )
        try:
            server = PostgresServer(folder)
            server._wait(process)  # noqa: SLF001
            yield server
        finally:
            # The quickest way down: there is nothing to keep.
            process.send_signal(signal.SIGQUIT)
            process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    candidates = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    for pattern in _FOLDERS:
        candidates += sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise PostgresMissingError("PostgreSQL's binaries (initdb, postgres) are not installed")


def _identity() -> dict[str, Any]:
    if os.getuid() != 0:
        return {}
    for name in _UNPRIVILEGED:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise PostgresMissingError("PostgreSQL refuses root, and there is no user postgres or nobody to run it as")


def _run(command: list[str | Path], folder: Path, identity: dict[str, Any]) -> None:
    environment = {**os.environ, "LC_ALL": "C", "HOME": str(folder)}
    done = subprocess.run(  # noqa: S603
        [*command, "--no-sync"], cwd=folder, env=environment, capture_output=True, check=False, **identity
    )
    if done.returncode != 0:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise PostgresMissingError(f"initdb failed: {words[-1] if words else done.returncode}")
