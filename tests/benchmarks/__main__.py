"""`make bench`: measure all, print a table, keep the figures in build/bench.json."""

from __future__ import annotations

import argparse
import json
import sys
import time

from connector_testing.project import ROOT

from .cases import all_cases
from .table import as_json, lines, text


def main() -> int:
    """Measure; print each case as soon as it is there."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.benchmarks")
    parser.add_argument("--documents", type=int, default=1_000, help="documents with a PDF each")
    parser.add_argument("--rows", type=int, default=30_000, help="ledger accounts to read")
    given = parser.parse_args()
    began, found = time.monotonic(), []
    for case in all_cases(given.documents, given.rows):
        found.append(case)
        line = next(lines(as_json([case])["cases"][0]))
        sys.stderr.write(f"{time.monotonic() - began:6.0f} s  {'  '.join(line)}\n")
    measured = as_json(found)
    path = ROOT / "build" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    print(text(measured))
    print(f"in {path.relative_to(ROOT)}, after {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
