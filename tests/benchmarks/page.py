"""`python -m tests.benchmarks.page`: take the figures of the last `make bench` over into docs/performance.md."""

from __future__ import annotations

import json
import re
import shutil
from typing import Final

from connector_testing.project import ROOT

from .table import markdown

MEASURED: Final = ROOT / "build" / "bench.json"
RECORDED: Final = ROOT / "tests" / "recorded" / "performance.json"
PAGE: Final = ROOT / "docs" / "performance.md"
START, END = "<!-- figures:start -->", "<!-- figures:end -->"


def with_figures(page: str, recorded: str) -> str:
    """Return the page with the table of these figures between its marks."""
    table = markdown(json.loads(recorded))
    return re.sub(rf"(?<={START}\n).*(?={END})", lambda _: f"\n{table}\n", page, flags=re.DOTALL)


if __name__ == "__main__":
    shutil.copy(MEASURED, RECORDED)
    page = with_figures(PAGE.read_text(encoding="utf-8"), RECORDED.read_text(encoding="utf-8"))
    PAGE.write_text(page, encoding="utf-8")
