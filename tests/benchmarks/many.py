"""`make bench-many`: a round of calls for many couplings, most of them idle; figures in build/many.json."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg

from connector_store.testing import postgres_server
from connector_testing.project import ROOT

from . import scale
from .office import office_of
from .table import machine

if TYPE_CHECKING:
    from collections.abc import Callable

    from .office import Call, Office, Round
    from .scale import Figures

FIGURES: Final = ROOT / "build" / "many.json"
WITH_WORK: Final = 10
"""One in so many clients has something to do."""
DOCUMENTS: Final = 200
"""Of which the store's growth is told."""


def measure(count: int, side_by_side: int, tell: Callable[[str], None]) -> Figures:
    """Measure two rounds: an invoice for one client in ten, and all of them matched in Exact."""
    rounds: list[Figures] = []
    with postgres_server() as server, tempfile.TemporaryDirectory(prefix="many-") as folder:
        tell(f"{count} clients are set up")
        with office_of(count, Path(folder), server) as office:
            office.invoice(range(0, count, WITH_WORK))
            rounds.append(_round(office, "an invoice for one in ten", office.cycle(side_by_side)))
            tell(json.dumps(rounds[-1]))
            office.settle()
            rounds.append(_round(office, "those invoices matched", office.cycle(side_by_side)))
            tell(json.dumps(rounds[-1]))
            size = bytes_of_a_document(office)
            settings_cpu = office.settings_cpu()
    return {
        "machine": machine(),
        "couplings": count,
        "side_by_side": side_by_side,
        "rounds": rounds,
        "bytes_of_a_document": size,
        "settings_cpu": settings_cpu,
    }


def bytes_of_a_document(office: Office) -> float:
    """Return by how much the store grows with a document of one client."""
    before = _size(office.store_uri)
    office.sandbox.add_invoices(DOCUMENTS, department=office.department(0))
    office.cycle(1, [0])
    return (_size(office.store_uri) - before) / DOCUMENTS


def main() -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.benchmarks.many")
    parser.add_argument("--couplings", type=int, default=200, help="%(default)s")
    parser.add_argument("--side-by-side", type=int, default=2 * (os.cpu_count() or 1), help="%(default)s")
    given = parser.parse_args()
    measured = measure(given.couplings, given.side_by_side, lambda line: print(line, file=sys.stderr, flush=True))
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    print(scale.markdown(measured))
    print(f"in {FIGURES.relative_to(ROOT)}")
    return 1 if any(each["failed"] or each["mixed"] for each in measured["rounds"]) else 0


def _round(office: Office, work_of: str, done: Round) -> Figures:
    """Return the figures of a round; a client with work is one that has a document."""
    seen = done.watched
    return {
        "work_of": work_of,
        "seconds": done.seconds,
        "cycles_a_minute": 60 * len(done.calls) / done.seconds,
        "idle": _mean([each for each in done.calls if each.place not in office.booked]),
        "work": _mean([each for each in done.calls if each.place in office.booked]),
        "server_cpu": seen.cpu / len(done.calls),
        "connections": seen.connections,
        "row_wait": seen.row_wait,
        "turn_wait": seen.turn_wait,
        "deadlocks": seen.deadlocks,
        "failed": len(done.failed),
        "mixed": sorted(office.mixed()),
        "calls": done.to,
    }


def _mean(calls: list[Call]) -> dict[str, Any]:
    count = len(calls)
    return {
        "count": count,
        "cpu": sum(each.cpu for each in calls) / count,
        "seconds": sum(each.seconds for each in calls) / count,
    }


def _size(uri: str) -> int:
    """Return what a database takes on disk, without the room of rows that are gone."""
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("VACUUM FULL")
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    assert row is not None
    return int(row[0])


if __name__ == "__main__":
    sys.exit(main())
