"""Push 1,000 and 10,000 documents through tap, mapper and target; print documents per second and peak memory.

The three run as Meltano runs them: three processes joined by pipes, against the sandbox without limits. Memory must not
grow with the number of documents: the peak at the larger size may be 1.2 times that at the smaller one.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from connector_testing.project import BIN, project_config
from sandbox.testing import SandboxProcess

SIZES = (1_000, 10_000)
GROWTH_ALLOWED = 1.2
CREDIT_NOTES_PER_INVOICE = 0.1


def configurations(folder: Path, sandbox: SandboxProcess) -> dict[str, Path]:
    """Write one configuration file per plugin; return their paths."""
    store = {"store_uri": f"sqlite:///{folder}/connector.db"}
    teamleader = {"api_url": sandbox.teamleader_url, "auth_url": sandbox.teamleader_url, **store}
    configs = {
        "tap-teamleader": {**project_config("tap-teamleader"), **teamleader},
        "teamleader-exactonline-mappers": {"mapping": "teamleader-to-exactonline"},
        "target-exactonline": {**project_config("target-exactonline"), "api_url": sandbox.exact_url, **store},
    }
    paths = {plugin: folder / f"{plugin}.json" for plugin in configs}
    for plugin, config in configs.items():
        paths[plugin].write_text(json.dumps(config), encoding="utf-8")
    return paths


def pipe(configs: dict[str, Path], log: Path) -> dict[str, int]:
    """Run the processes joined by pipes; return each one's peak resident memory in KiB."""
    processes: list[tuple[str, subprocess.Popen[bytes]]] = []
    with log.open("wb") as errors:
        source: Any = subprocess.DEVNULL
        for plugin, config in configs.items():
            process = subprocess.Popen(
                [BIN / plugin, "--config", config], stdin=source, stdout=subprocess.PIPE, stderr=errors
            )
            if source is not subprocess.DEVNULL:
                source.close()
            source = process.stdout
            processes.append((plugin, process))
        for _ in source:
            pass  # the state that the target acknowledges
    peaks = {}
    for plugin, process in processes:
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"{plugin} ended with status {status}:\n{log.read_text(encoding='utf-8')[-3000:]}")
        peaks[plugin] = usage.ru_maxrss
    return peaks


def measure(documents: int) -> dict[str, int]:
    """Push so many documents through a fresh sandbox and store; print and return the peaks."""
    credit_notes = int(documents * CREDIT_NOTES_PER_INVOICE)
    arguments = ("--no-limits", "--invoices", str(documents - credit_notes), "--credit-notes", str(credit_notes))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, SandboxProcess(*arguments) as sandbox:
        started = time.monotonic()
        peaks = pipe(configurations(Path(folder), sandbox), Path(folder) / "log.txt")
        seconds = time.monotonic() - started
        booked = len(sandbox.exact_entries())
    if booked != documents:
        sys.exit(f"{booked} entries stand in Exact, {documents} documents in Teamleader")
    print(f"{documents:>7,} documents  {seconds:>7.1f} s  {documents / seconds:>6.1f} documents/s")
    for plugin, peak in peaks.items():
        print(f"{'':9}{plugin:34}{peak / 1024:>8.1f} MiB at its peak")
    return peaks


def main() -> int:
    """Measure both sizes; 1 when a process's memory grew more than allowed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="numbers of documents, smallest first")
    sizes = parser.parse_args().sizes
    peaks = [measure(size) for size in sizes]
    grown = {plugin: peaks[-1][plugin] / peaks[0][plugin] for plugin in peaks[0]}
    for plugin, growth in grown.items():
        print(f"{plugin:43}{growth:>8.2f} x the memory of the smallest run")
    return 1 if any(growth > GROWTH_ALLOWED for growth in grown.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
