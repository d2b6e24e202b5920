"""One `meltano run` of one direction, as a program of its own: watched, stopped well, and nothing secret left behind.

Meltano writes the settings of each plugin, secrets included, to a file per run, as the umask of its caller allows, and
takes it away at the end, unless it is killed. So it runs under a umask of our own, and what it leaves is removed: when
it is gone, and before the next run.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import IO

    from bridge.project import Project

OWNER_ONLY: Final = 0o077
GRACE_SECONDS: Final = 60.0
"""Enough for a document that is being written to be finished, and for state to be passed on."""
_SET_PDEATHSIG: Final = 1
_TICK: Final = 0.5
_PREPARED: Final = "bridge-prepared"
"""The file in Meltano's own folder that tells which database was brought up to date."""


class Ended(NamedTuple):
    """How it ended: its exit code, below zero the signal that killed it, and its last line that tells of an error."""

    code: int
    line: str


class Stop:
    """The wish to stop, by SIGTERM or SIGINT, within a `with` block."""

    signum: int | None = None

    def __enter__(self) -> Self:
        """Take the two signals over."""
        self._before = {each: signal.signal(each, self._note) for each in (signal.SIGTERM, signal.SIGINT)}
        return self

    def __exit__(self, *_: object) -> None:
        """Give them back."""
        for each, handler in self._before.items():
            signal.signal(each, handler)

    def _note(self, signum: int, _frame: object) -> None:
        self.signum = signum


def run(
    command: list[str],
    folder: Path,
    env: Mapping[str, str],
    *,
    stop: Stop,
    on_line: Callable[[str], None],
    on_tick: Callable[[], None],
) -> Ended:
    """Run a program to its end; a wish to stop is passed on to it.

    Args:
        command: The program and its arguments.
        folder: Where it runs.
        env: Its environment.
        stop: The wish to stop.
        on_line: Called with every line that it writes.
        on_tick: Called a few times a second meanwhile.
    """
    process = subprocess.Popen(  # noqa: S603 - Meltano, with arguments of ours
        command,
        cwd=folder,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        umask=OWNER_ONLY,
        # Ctrl-C at a terminal reaches this tool alone, which passes it on once.
        start_new_session=True,
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - this process starts its threads afterwards
    )
    told_at: float | None = None
    last_error = ""
    try:
        for line in _lines(process):
            if line is not None:
                on_line(line)
                last_error = line if _tells_of_error(line) else last_error
            on_tick()
            if stop.signum is not None and told_at is None:
                told_at = time.monotonic()
                process.terminate()
            if told_at is not None and time.monotonic() - told_at > GRACE_SECONDS:
                _kill(process)
    finally:
        if process.poll() is None:
            _kill(process)
        process.wait()
    return Ended(process.returncode, last_error)


def prepare(project: Project, lock: AbstractContextManager[None]) -> None:
    """Have Meltano bring its own database up to date: it does so at any start, and two starts at once fail at it.

    Once for each Meltano and database; one that cannot be prepared is left to the run, which tells why.

    Args:
        project: The project.
        lock: Held meanwhile, so that one process does it.
    """
    if _is_prepared(project):
        return
    with lock:
        if _is_prepared(project):
            return
        command = [str(project.meltano), "upgrade", "database"]
        done = subprocess.run(command, cwd=project.folder, capture_output=True, check=False)  # noqa: S603 - as above
        if done.returncode == 0:
            project.system_folder.mkdir(parents=True, exist_ok=True)
            (project.system_folder / _PREPARED).write_text(_prepared_as(project), encoding="utf-8")


def _is_prepared(project: Project) -> bool:
    mark = project.system_folder / _PREPARED
    return mark.is_file() and mark.read_text(encoding="utf-8") == _prepared_as(project)


def _prepared_as(project: Project) -> str:
    """Return what tells this Meltano and its database from others; its address may hold a password."""
    told = (project.meltano, project.meltano.stat().st_mtime_ns, os.environ.get("MELTANO_DATABASE_URI", ""))
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _lines(process: subprocess.Popen[str]) -> Iterator[str | None]:
    """Yield the lines of a program until it has ended, and None when there was none for a while."""
    lines: queue.Queue[str | None] = queue.Queue()
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    threading.Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    is_open = True
    while is_open:
        try:
            line = lines.get(timeout=_TICK)
        except queue.Empty:
            # What it started may hold the pipe open for longer than it lives.
            is_open = process.poll() is None
            yield None
            continue
        is_open = line is not None
        yield line


def _read(output: IO[str], lines: queue.Queue[str | None]) -> None:
    for line in output:
        lines.put(line.rstrip("\n"))
    lines.put(None)


def _tells_of_error(line: str) -> bool:
    return any(word in line for word in ("[error", "[critical", '"level": "error"', '"level": "critical"', "CRITICAL"))


def _kill(process: subprocess.Popen[str]) -> None:
    """Kill a program with all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _die_with_parent() -> None:
    """Have Linux end the program well when this tool is killed, so that it takes its files away."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGTERM)


def remove_secrets(system: Path, plugins: Iterable[str]) -> int:
    """Remove the settings that a killed run left in Meltano's own folder; return how many. No run may be under way."""
    found = [path for plugin in plugins for path in (system / "run" / plugin).glob("*config.json")]
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
