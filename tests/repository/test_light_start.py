"""A quarter of an hour is a look by one program or a run of three: what none of them uses is not imported."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from connector_testing.project import ROOT

NEVER = {
    "alembic": "migrations, and the store is up to date",
    "apprise": "a message",
    "babel": "amounts as the reader writes them",
    "fsspec": "file systems of the cloud",
    "jinja2": "a report",
    "joblib": "thread pools",
    "jsonpath_ng": "streams over REST",
    "psycopg": "PostgreSQL, and the store is a file",
    "rich": "a bar at a terminal",
    "ruamel": "a project that is set up",
    "singer_sdk.sql": "databases",
    "singer_sdk.streams.rest": "streams over REST",
    "upath": "file systems of the cloud",
}
NOT_FOR_MAPPING = {"asyncio", "cryptography", "filelock", "multiprocessing", "requests", "sqlalchemy", "ssl", "urllib3"}
PROGRAMS = {
    "tap_teamleader.tap": 750,
    "tap_exactonline.tap": 750,
    "target_exactonline.target": 850,
    "target_teamleader.target": 800,
    "teamleader_exactonline_mappers.mapper": 400,
    "bridge.commands.run": 650,
}
"""Module of each program, and how many modules it imports at most."""
FROZEN = """
import contextlib, gc, sys
from {package}.__main__ import main
sys.argv[1:] = ["--version"]
with contextlib.suppress(SystemExit):
    main()
assert gc.isenabled()
assert gc.get_freeze_count() > 10_000, gc.get_freeze_count()
"""
ASK = "import json, sys, {module}; print(json.dumps(list(sys.modules)))"


def imported(module: str) -> set[str]:
    """Return what a fresh Python has imported together with a module."""
    command = [sys.executable, "-c", ASK.format(module=module)]
    return set(json.loads(subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout))


@pytest.mark.parametrize(("module", "most"), PROGRAMS.items())
def test_a_program_imports_what_it_uses(module: str, most: int) -> None:
    found = imported(module)
    assert found & NEVER.keys() == set()
    assert len(found) <= most


def test_mapping_needs_no_network_and_no_database() -> None:
    assert imported("teamleader_exactonline_mappers.mapper") & NOT_FOR_MAPPING == set()


@pytest.mark.parametrize("package", ["singer_shell", "teamleader_exactonline_mappers"])
def test_what_is_left_out_is_there_when_it_is_asked_for(package: str) -> None:
    ask = (
        f"import {package}, joblib, upath, singer_sdk.helpers._batch as batch; "
        "from singer_sdk.streams.rest import RESTStream; "
        "assert isinstance(batch.UPath('/a/b'), upath.UPath); assert isinstance(RESTStream, type); "
        "print(joblib.Parallel)"
    )
    ran = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert ran.stdout == "<class 'joblib.parallel.Parallel'>\n"


@pytest.mark.parametrize("module", [name for name in PROGRAMS if not name.startswith("bridge.")])
def test_nobody_looks_for_garbage_in_what_a_program_imported(module: str) -> None:
    package, _, _ = module.partition(".")
    subprocess.run([sys.executable, "-c", FROZEN.format(package=package)], check=True, stdout=subprocess.DEVNULL)
