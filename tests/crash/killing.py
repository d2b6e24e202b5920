"""Kill a run of Meltano, or one of its processes, and see it end."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    import subprocess


def kill(run: subprocess.Popen[str], victim: str) -> bool:
    """Send SIGKILL to one process of the run, or to all of them; return whether the victim was there."""
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


def end(run: subprocess.Popen[str]) -> None:
    """Wait until nothing of the run is left, so that the next one starts alone."""
    run.wait(timeout=600)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            os.killpg(run.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(run.pid, signal.SIGKILL)
