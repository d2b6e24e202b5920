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
from sqlalchemy.engine import make_url
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
_SETTINGS = ("-c", "listen_addresses=", "-c", "wal_level=minimal", "-c", "max_wal_senders=0", "-c", "max_wal_size=64MB")
_MEMORY = Path("/dev/shm")  # noqa: S108
_MEMORY_BYTES = 1_000_000_000
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

    def drop_database(self, uri: str) -> None:
        """Remove a database that `new_database` made; who is still connected is thrown out."""
        self._execute(f"DROP DATABASE {make_url(uri).database} WITH (FORCE)")

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
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir=memory_folder()))
    try:
        if identity:
            os.chown(folder, identity["user"], identity["group"])
        _run([binaries / "initdb", "-D", folder / "data", "-U", _USER, "-A", "trust", "-E", "UTF8"], folder, identity)
        with (folder / "log").open("wb") as log:
            # Without fsync and long logs: tests kill clients, never the machine.
            process = subprocess.Popen(  # noqa: S603
                [binaries / "postgres", "-D", folder / "data", "-k", folder, "-F", *_SETTINGS],
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


def memory_folder() -> str | None:
    """Return a folder in memory with room for a test's databases, None (the usual one) where there is none.

    What is killed in tests are processes, never the machine: memory is then as durable as a disk, and much quicker.
    """
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _MEMORY_BYTES:
        return str(_MEMORY)
    return None


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
