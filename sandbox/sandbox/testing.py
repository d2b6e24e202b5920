"""A sandbox for tests and for the demo: a process of its own, or a thread of this one."""

from __future__ import annotations

import asyncio
import json
import select
import subprocess
import sys
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from sandbox.control_client import SandboxClient
from sandbox.options import Options
from sandbox.server import serve
from sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

START_SECONDS = 300


class SandboxProcess(SandboxClient):
    """`python -m sandbox serve` with these arguments, on free ports."""

    def __init__(self, *arguments: str) -> None:
        super().__init__()
        self._arguments = arguments
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it and wait until both services listen; raises RuntimeError when it does not."""
        command = [sys.executable, "-m", "sandbox", "serve", *self._arguments]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
        assert self._process.stdout is not None  # noqa: S101
        is_ready, _, _ = select.select([self._process.stdout], [], [], START_SECONDS)
        line = self._process.stdout.readline() if is_ready else ""
        if not line:
            self.stop()
            raise RuntimeError("the sandbox did not start")
        self._listens_at(json.loads(line))

    def stop(self) -> None:
        """End it and wait for that; harmless when it is not running."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._session.close()
        self._process = None

    @property
    def pid(self) -> int | None:
        """The process, while it runs."""
        return None if self._process is None else self._process.pid


class SandboxThread(SandboxClient):
    """Both services in a thread of this process, on free ports: nothing to start, for many short simulated lives.

    `options` are those of the command line (`Options`); a frozen clock lets weeks pass by `advance` or `move_to`. The
    state is the thread's own: it is seen and changed through the methods, and not directly while the thread serves.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self._options = Options(**options)
        self._thread: Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._end: Callable[[], None] | None = None

    def start(self) -> None:
        """Start it and wait until both services listen."""
        ready = Event()
        self._thread = Thread(target=self._serve, args=(ready,), name="sandbox", daemon=True)
        self._thread.start()
        if not ready.wait(START_SECONDS):
            raise RuntimeError("the sandbox did not start")

    def _serve(self, ready: Event) -> None:
        def tell(addresses: dict[str, str], end: Callable[[], None]) -> None:
            self._loop, self._end = asyncio.get_running_loop(), end
            self._listens_at(addresses)
            ready.set()

        asyncio.run(serve(World.create(self._options), {"teamleader": 0, "exact": 0}, tell))

    def stop(self) -> None:
        """End it and wait for that; harmless when it is not running."""
        if self._thread is None or self._loop is None or self._end is None:
            return
        self._session.close()
        self._loop.call_soon_threadsafe(self._end)
        self._thread.join()
        self._thread = None
