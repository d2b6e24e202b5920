"""`python -m tests.benchmarks.page`: take what was measured last over into docs/performance.md."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from connector_testing.project import ROOT

from . import scale, table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGE: Final = ROOT / "docs" / "performance.md"


class Section(NamedTuple):
    """A part of the page that is made from figures: its mark, where they are measured and kept, and how they look."""

    mark: str
    measured: Path
    recorded: Path
    markdown: Callable[[dict[str, Any]], str]


SECTIONS: Final = (
    Section("figures", ROOT / "build" / "bench.json", ROOT / "tests" / "recorded" / "performance.json", table.markdown),
    Section("many", ROOT / "build" / "many.json", ROOT / "tests" / "recorded" / "many.json", scale.markdown),
)


def with_figures(page: str, section: Section) -> str:
    """Return the page with the tables of the figures that are kept between their marks."""
    text = section.markdown(json.loads(section.recorded.read_text(encoding="utf-8")))
    start, end = (f"<!-- {section.mark}:{side} -->" for side in ("start", "end"))
    return re.sub(rf"(?<={start}\n).*(?={end})", lambda _: f"\n{text}\n", page, flags=re.DOTALL)


if __name__ == "__main__":
    page = PAGE.read_text(encoding="utf-8")
    for each in SECTIONS:
        if each.measured.exists():
            shutil.copy(each.measured, each.recorded)
        page = with_figures(page, each)
    PAGE.write_text(page, encoding="utf-8")
