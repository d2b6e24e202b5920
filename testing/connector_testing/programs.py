"""Programs under test: waited for, fed to their end, and killed, alone or with all that they started."""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable


def wait_until(condition: Callable[[], bool]) -> None:
    """Return once it is so, however slow the machine: what never happens is ended by pytest's own limit."""
    while not condition():
        time.sleep(0.02)


def waits_for_input(process: subprocess.Popen[str]) -> bool:
    """Tell whether a program has read all that it was sent and waits for more, as Linux tells: it reads from 0."""
    call = Path(f"/proc/{process.pid}/syscall").read_text(encoding="ascii").split()
    return call[1:2] == ["0x0"]


def end_of_input(*processes: subprocess.Popen[str]) -> list[tuple[int, list[Any]]]:
    """Close the input of all these targets, then let them end; return exit status and passed-on states of each."""
    for process in processes:
        assert process.stdin is not None
        process.stdin.close()
    return [end_of_output(process) for process in processes]


def end_of_output(process: subprocess.Popen[str]) -> tuple[int, list[Any]]:
    """Let a target end; return its exit status and the states that it passed on."""
    assert process.stdout is not None
    printed = process.stdout.read()
    return process.wait(), [json.loads(line) for line in printed.splitlines()]


def kill(run: subprocess.Popen[str], victim: str) -> bool:
    """Send SIGKILL to one process of a run of Meltano, or to all of them; return whether the victim was there.

    Args:
        run: The run.
        victim: Name of a program, "meltano" or "everything".
    """
    with suppress(psutil.NoSuchProcess):
        family = [psutil.Process(run.pid), *psutil.Process(run.pid).children(recursive=True)]
        if victim == "everything":
            for each in family:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            return True
        if victim == "meltano":
            family[0].kill()
            return True
        for each in family[1:]:
            with suppress(psutil.NoSuchProcess):
                if any(part.endswith(f"/{victim}") for part in each.cmdline()):
                    each.kill()
                    return True
    return False


def nothing_is_left(run: subprocess.Popen[str]) -> bool:
    """Wait for a run of Meltano; return whether its whole process group ended with it."""
    run.wait()
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        try:
            os.killpg(run.pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def end(run: subprocess.Popen[str]) -> None:
    """Wait until nothing of a run is left, so that the next one starts alone."""
    if not nothing_is_left(run):
        os.killpg(run.pid, signal.SIGKILL)
