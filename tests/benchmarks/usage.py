"""What a program and all that it starts use: CPU to the end, and per program as far as it can be seen from outside."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Collection

SAMPLE_SECONDS = 0.1
KIB_PER_MIB = 1024


@dataclass
class Usage:
    """What was used: seconds of CPU (user and system) and of the clock, peak memory in MiB."""

    cpu: float = 0.0
    seconds: float = 0.0
    peak: float = 0.0
    programs: dict[str, Usage] = field(default_factory=dict)
    """Of those that were looked for. The peak of the whole is the sum of theirs: they run side by side."""


def measured(process: subprocess.Popen[str], programs: Collection[str] = ()) -> tuple[int, Usage]:
    """Wait for a process that was started just now; return its exit code and what it used.

    The CPU of the whole is what the system counted, exactly. That of each program is as of the last look at it, which
    misses a tenth of a second at most; the rest is that of the process itself, under its own name.
    """
    began, ended = time.monotonic(), Event()
    seen: dict[int, tuple[str, float, float]] = {}
    watch = Thread(target=_watch, args=(process.pid, programs, seen, ended))
    watch.start()
    _, status, used = os.wait4(process.pid, 0)
    ended.set()
    watch.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    whole = Usage(used.ru_utime + used.ru_stime, time.monotonic() - began)
    for name, cpu, peak in seen.values():
        one = whole.programs.setdefault(name, Usage())
        one.cpu += cpu
        one.peak = max(one.peak, peak)
    own = Path(str(process.args[0] if isinstance(process.args, list) else process.args)).name
    if own in whole.programs:
        others = sum(each.cpu for name, each in whole.programs.items() if name != own)
        whole.programs[own].cpu = whole.cpu - others
    whole.peak = sum(each.peak for each in whole.programs.values()) or used.ru_maxrss / KIB_PER_MIB
    return process.returncode, whole


def _watch(root: int, programs: Collection[str], seen: dict[int, tuple[str, float, float]], ended: Event) -> None:
    while not ended.is_set():
        with suppress(psutil.NoSuchProcess):
            top = psutil.Process(root)
            for each in [top, *top.children(recursive=True)]:
                with suppress(psutil.NoSuchProcess, OSError):
                    name = next((part for part in map(_name, each.cmdline()) if part in programs), None)
                    if name is not None:
                        times = each.cpu_times()
                        seen[each.pid] = (name, times.user + times.system, _peak(each.pid))
        ended.wait(SAMPLE_SECONDS)


def _name(part: str) -> str:
    return part.rpartition("/")[2]


def _peak(pid: int) -> float:
    """Return the peak resident memory of a process in MiB, as Linux tells it."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / KIB_PER_MIB
    return 0.0
