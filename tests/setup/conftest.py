"""A terminal with a person at it, and a project whose plugins are installed."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from connector_testing.project import BIN, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

KEPT = re.compile(r"PATH|HOME|LANG|TMPDIR|(UV|PIP|SSL)_\w+|\w+_(PROXY|proxy)")
"""Variables of the person's session: where things are, and from where packages come."""
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

    def hangs_up(self) -> None:
        """Close the window in the middle of it."""
        os.close(self._master)
        self._process.wait(SECONDS)

    def ends(self) -> int:
        """Wait for the end; return the exit code."""
        while self._read():
            pass
        code = self._process.wait(SECONDS)
        os.close(self._master)
        return code


@pytest.fixture
def terminal() -> Callable[..., Terminal]:
    """Start a program in a folder, on a terminal, with these variables only; without a path one of this environment."""

    def start(*command: str, folder: Path, **variables: str) -> Terminal:
        kept = {name: value for name, value in os.environ.items() if KEPT.fullmatch(name)}
        return Terminal([str(BIN / command[0]), *command[1:]], folder, {**kept, "TERM": "xterm", **variables})

    return start


def run(*command: str | Path, cwd: Path | None = None) -> str:
    return subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="session")
def clone() -> Iterator[tuple[Path, float]]:
    """Yield a clone of this repository, with what is not committed yet, and the seconds that its installation took."""
    # Apart from what tests leave, which is looked through for secrets: sources have some, of the sandbox.
    with tempfile.TemporaryDirectory(prefix="stranger-") as place:
        folder = Path(place) / "clone"
        yield folder, cloned(folder)


def cloned(folder: Path) -> float:
    """Clone and install; return the seconds that the installation took."""
    run("git", "clone", "--quiet", ROOT, folder)
    ours = run("git", "ls-files", "-z", "--modified", "--others", "--exclude-standard", cwd=ROOT)
    for name in filter(None, ours.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists():
            shutil.copy2(ROOT / name, folder / name)
        else:
            (folder / name).unlink()
    began = time.monotonic()
    run("make", "--quiet", "install", cwd=folder)
    return time.monotonic() - began


@pytest.fixture
def crontab(tmp_path: Path) -> Path:
    """Return the table of a cron that calls nothing; its program stands alone in a folder beside it, bin."""
    table = tmp_path / "cron" / "table"
    program = table.parent / "bin" / "crontab"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nif [ "$1" = -l ]; then exec /bin/cat {table}; else exec /bin/cat > {table}; fi\n')
    program.chmod(0o755)
    return table


@pytest.fixture
def installed() -> Callable[[Path], None]:
    """Give a project the plugins that are installed here, instead of minutes of installing the same."""

    def link(folder: Path) -> None:
        (folder / ".meltano").mkdir(exist_ok=True)
        for kind in ("extractors", "loaders", "mappers", "utilities"):
            (folder / ".meltano" / kind).symlink_to(ROOT / ".meltano" / kind)

    return link
