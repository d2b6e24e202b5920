"""A change is judged by the same examples in every run; new ones are drawn in the long targets only."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import settings

ROOT = Path(__file__).resolve().parents[2]
UNDONE = re.compile(r"(?:register|load)_profile\(|(?:derandomize|database|deadline)=")


def test_nothing_is_drawn_anew_unless_asked_for() -> None:
    ci = settings.get_profile("ci")
    assert (ci.derandomize, ci.database, ci.deadline) == (True, None, None)
    assert not settings.get_profile("long").derandomize


def test_no_test_module_undoes_that() -> None:
    folders = ("tests", "*/tests", "libs/*/tests")
    modules = {path for folder in folders for path in ROOT.glob(f"{folder}/**/*.py")} - {Path(__file__).resolve()}
    assert len(modules) > 100
    assert [str(path) for path in modules if UNDONE.search(path.read_text("utf-8"))] == []
