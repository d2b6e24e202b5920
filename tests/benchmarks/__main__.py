"""`make bench`: measure all, print a table, keep the figures in build/bench.json."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import TYPE_CHECKING

from connector_testing.project import ROOT

from . import cases, growth
from .table import as_json, lines, merged, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIGURES = ROOT / "build" / "bench.json"


def main() -> int:
    """Measure; tell of each case as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.benchmarks")
    parser.add_argument(
        "only", nargs="*", help="both-ways, first-load, reading, links; their figures alone are renewed"
    )
    parser.add_argument("--documents", type=int, default=1_000, help="with a PDF each (%(default)s)")
    parser.add_argument("--rows", type=int, default=30_000, help="of Exact's books to read (%(default)s)")
    given = parser.parse_args()
    groups: dict[str, Callable[[], Iterator[cases.Case]]] = {
        "both-ways": lambda: cases.both_ways(given.documents),
        "idle": cases.idle,
        "first-load": lambda: cases.first_load(given.rows // 3),
        "reading": lambda: cases.reading(given.rows),
        "links": lambda: growth.links(1_000, 100_000, 500),
    }
    began, found = time.monotonic(), []
    for name in given.only or groups:
        for case in groups[name]():
            found.append(case)
            line = next(lines(as_json([case])["cases"][0]))
            sys.stderr.write(f"{time.monotonic() - began:6.0f} s  {'  '.join(line)}\n")
    measured = as_json(found)
    if given.only and FIGURES.exists():
        measured = merged(json.loads(FIGURES.read_text(encoding="utf-8")), measured)
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    print(text(measured))
    print(f"in {FIGURES.relative_to(ROOT)}, after {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
