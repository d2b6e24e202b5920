"""A run of one coupling starts while that of another one writes how the log has to be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from teamleader_exactonline_mappers.log_settings import VARIABLE, settled

WANTED: Final = json.dumps({"version": 1, "root": {"level": "INFO"}}, indent=2)
PROGRAM: Final = [sys.executable, "-m", "teamleader_exactonline_mappers"]


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "mapper.singer_sdk_logging.json"
    monkeypatch.setenv(VARIABLE, str(path))
    return path


def found() -> str | None:
    """Return what the SDK would read."""
    return Path(os.environ[VARIABLE]).read_text() if VARIABLE in os.environ else None


@pytest.mark.parametrize("so_far", ["", "{", WANTED[:20], WANTED[:-1]])
def test_what_another_run_is_writing_is_awaited(shared: Path, so_far: str) -> None:
    shared.write_text(so_far)
    with settled(pause=lambda: shared.write_text(WANTED)):
        assert found() == WANTED


def test_a_file_that_is_emptied_again_no_longer_matters(shared: Path) -> None:
    shared.write_text(WANTED)
    with settled():
        shared.write_text("")
        assert found() == WANTED
    assert os.environ[VARIABLE] == str(shared)


def test_a_file_that_never_becomes_whole_leaves_the_usual_log(shared: Path) -> None:
    shared.write_text("")
    with settled(pause=lambda: None):
        assert found() is None
    assert os.environ[VARIABLE] == str(shared)


def test_settings_that_a_person_wrote_as_yaml_are_taken_as_they_are(shared: Path) -> None:
    shared.write_text("version: 1\n")
    with settled(pause=lambda: pytest.fail("it is whole")):
        assert found() == "version: 1\n"


def test_without_settings_of_the_log_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    with settled(pause=lambda: pytest.fail("nothing to wait for")):
        assert found() is None
    assert VARIABLE not in os.environ


def test_the_program_works_while_the_file_is_empty(shared: Path) -> None:
    shared.write_text("")
    ran = subprocess.run(PROGRAM, input="", capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
