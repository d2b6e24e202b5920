"""A terminal with a person at it, and a project whose plugins are installed."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from connector_testing.project import BIN, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

SECONDS = 300
"""After which a program that says nothing new is taken for one that hangs."""


class Terminal:
    """A program on a terminal of its own, as a person sees it."""

    def __init__(self, command: list[str], folder: Path, env: Mapping[str, str]) -> None:
        self.shown = ""
        self._seen = 0
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            command, cwd=folder, env=dict(env), stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)

    def _read(self) -> bool:
        """Read what is there; False when the program has ended."""
        ready, _, _ = select.select([self._master], [], [], 1)
        if not ready:
            return True
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.shown += re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", data.decode("utf-8", "replace")).replace("\r\n", "\n")
        return bool(data)

    def expect(self, pattern: str) -> re.Match[str]:
        """Wait until this shows, after what was expected before."""
        until = time.monotonic() + SECONDS
        while not (found := re.compile(pattern).search(self.shown, self._seen)):
            if not self._read() or time.monotonic() > until:
                raise AssertionError(f"{pattern} did not show:\n{self.shown}")
        self._seen = found.end()
        return found

    def types(self, text: str) -> None:
        """Type a line."""
        os.write(self._master, f"{text}\n".encode())

    def ends(self) -> int:
        """Wait for the end; return the exit code."""
        while self._read():
            pass
        code = self._process.wait(SECONDS)
        os.close(self._master)
        return code


@pytest.fixture
def terminal() -> Callable[..., Terminal]:
    """Start a program of this project's environment in a folder, on a terminal, with these variables only."""

    def start(*command: str, folder: Path, **variables: str) -> Terminal:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return Terminal([str(BIN / command[0]), *command[1:]], folder, {**kept, "TERM": "xterm", **variables})

    return start


@pytest.fixture
def installed() -> Callable[[Path], None]:
    """Give a project the plugins that are installed here, instead of minutes of installing the same."""

    def link(folder: Path) -> None:
        (folder / ".meltano").mkdir(exist_ok=True)
        for kind in ("extractors", "loaders", "mappers", "utilities"):
            (folder / ".meltano" / kind).symlink_to(ROOT / ".meltano" / kind)

    return link
