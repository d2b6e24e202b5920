"""The figures as JSON, and JSON as a table."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .cases import Case

Figures = dict[str, Any]
"""`machine`, and `cases` with what each used."""
Line = tuple[str, ...]
HEAD: Line = ("work", "calls to Teamleader, Exact", "CPU s", "CPU ms each", "peak MiB", "times the baseline")


def machine() -> dict[str, Any]:
    """Return on what it is measured."""
    return {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}


def as_json(cases: Iterable[Case]) -> Figures:
    """Return what was measured, and on what."""
    return {"machine": machine(), "cases": [{**asdict(case), "ratio": case.ratio} for case in cases]}


def merged(before: Figures, now: Figures) -> Figures:
    """Return the figures with those cases renewed that were measured now."""
    cases = {case["name"]: case for case in [*before["cases"], *now["cases"]]}
    return {**now, "cases": list(cases.values())}


def lines(case: dict[str, Any]) -> Iterator[Line]:
    """Yield a line for the case, for its baseline and for each program of it."""
    units, product, baseline = case["units"], case["product"], case["baseline"]
    work = f"{case['work']}: {units:,} {case['unit']}{'' if units == 1 else 's'}"
    yield _line(work, product["usage"], units, product["calls"], case["ratio"])
    if baseline is not None:
        yield _line(f"- {case['baseline_name']}", baseline["usage"], units, baseline["calls"], 1)
    for name, usage in sorted(product["usage"]["programs"].items()):
        yield _line(f"- {name}", usage, units)


def text(figures: Figures) -> str:
    """Return the table for a terminal."""
    table = [HEAD, *(line for case in figures["cases"] for line in lines(case))]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join([first.ljust(widths[0]), *map(str.rjust, others, widths[1:])]) for first, *others in table
    )


def markdown(figures: Figures) -> str:
    """Return the table for a document."""
    machine = figures["machine"]
    rows = [HEAD, ("---", *["---:"] * (len(HEAD) - 1)), *(line for case in figures["cases"] for line in lines(case))]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
    return f"{machine['cores']} cores, {machine['system']}, Python {machine['python']}.\n\n{table}\n"


def _line(
    name: str, usage: dict[str, Any], units: int, calls: dict[str, int] | None = None, ratio: float | None = None
) -> Line:
    figures = (f"{usage['cpu']:.2f}", _milliseconds(usage["cpu"] * 1000 / units), f"{usage['peak']:.0f}")
    made = f"{calls['teamleader']:,}, {calls['exact']:,}" if calls else ""
    return (name, made, *figures, "" if ratio is None else f"{ratio:.2f}")


def _milliseconds(each: float) -> str:
    return f"{each:.2f}" if each < 1 else f"{each:,.1f}"
