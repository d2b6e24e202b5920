"""What holds for every test: no chance, and no secret or address of a person in a log; and couplings for all.

Hypothesis draws the same examples in every run, so that a change is never judged by luck; `HYPOTHESIS_PROFILE=long`
draws many and new ones. Secrets and addresses are looked for in what pytest captured and in the logs that a test kept;
what was found is listed at the end, and the whole session fails.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from pathlib import Path

pytest.register_assert_rewrite("connector_testing.cases", "connector_testing.programs")
pytest_plugins = ["connector_testing.coupling", "connector_testing.postgres"]

settings.register_profile("ci", derandomize=True, database=None, deadline=None, max_examples=200, print_blob=True)
settings.register_profile("long", derandomize=False, deadline=None, max_examples=5000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

HIDDEN = re.compile(
    r"sandbox-(?:exact|teamleader)-(?:secret|refresh)"  # what the sandbox is logged in to with
    r"|[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.(?:example|be|nl|fr|de|com)\b"
    r"|\bBE\d\d(?: ?\d{4}){3}\b"
)
LOGS = "*log*"


class CleanLogs:
    """Looks through the logs of a session, on its only process or on the one that gathers the others' reports."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._found: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Look through what a test logged."""
        if report.when == "teardown":  # its sections hold those of set-up and call as well
            for name, text in report.sections:
                if "log" in name or "stderr" in name:
                    self._look(f"{report.nodeid}, {name}", text)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Look through the files that tests kept, and let the session fail for what was found."""
        for path in sorted(self._folder.rglob(LOGS)):
            # An environment that a test installed holds programs of others, not what ours wrote.
            if path.is_file() and "site-packages" not in path.parts:
                self._look(str(path), path.read_text("utf-8", "replace"))
        if self._found and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """List what was found."""
        if self._found:
            terminalreporter.section("secrets and addresses in logs", red=True)
            for line in self._found:
                terminalreporter.line(line)

    @property
    def _folder(self) -> Path:
        factory: pytest.TempPathFactory = self._config._tmp_path_factory  # type: ignore[attr-defined]  # noqa: SLF001
        return factory.getbasetemp()

    def _look(self, place: str, text: str) -> None:
        shown = sorted({found.group() for found in HIDDEN.finditer(text)})
        if shown:
            self._found.append(f"{place}: {', '.join(shown)}")


def pytest_configure(config: pytest.Config) -> None:
    """Switch it on, once per session."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(CleanLogs(config))
