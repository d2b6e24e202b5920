"""A place to run a coupling in that is thrown away: copies of its store and of Meltano's state, nothing of its own."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bridge import services
from bridge.project import JOBS
from connector_store.project import project_uri, store_file
from connector_store.variables import LOGINS, PLAN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.project import Coupling

KINDS: Final = ("extractors", "loaders", "mappers", "utilities")


@dataclass(frozen=True)
class ThrowAway:
    """The folder, and the environment of a run in it."""

    folder: Path
    env: dict[str, str]

    @property
    def plan(self) -> Path:
        """The file in which the targets tell what they would do."""
        return self.folder / "plan.jsonl"


@contextmanager
def throw_away(coupling: Coupling) -> Iterator[ThrowAway]:
    """Copy what a coupling remembers, and take the copies away at the end.

    The logins stay where they are: a refresh token can be used once, and a login that was renewed in a copy would be
    lost with it.

    Raises:
        StoreError: The store cannot be opened.
    """
    with tempfile.TemporaryDirectory(prefix="bridge-preview-") as name:
        folder = Path(name)
        with services.opened(coupling) as store:
            copied = store.copy_into(folder / "connector.db")
        env = {
            **os.environ,
            LOGINS: project_uri(coupling.store_uri),
            PLAN: str(folder / "plan.jsonl"),
            "MELTANO_CLI_LOG_LEVEL": "warning",
            "NO_COLOR": "1",
            "MELTANO_DATABASE_URI": f"sqlite:///{_copy_of_state(coupling, folder)}",
            "MELTANO_SYS_DIR_ROOT": str(_plugins_of(coupling, folder)),
            coupling.variable("tap-teamleader", "attachments"): "[]",
            **{coupling.variable(plugin, "store_uri"): copied for job in JOBS.values() for plugin in job[::2]},
            **{coupling.variable(target, "dry_run"): "true" for _, _, target in JOBS.values()},
        }
        yield ThrowAway(folder, env)


def _copy_of_state(coupling: Coupling, folder: Path) -> Path:
    """Copy Meltano's own database, where it is a file: it holds how far the taps have come."""
    copied = folder / "meltano.db"
    named = os.environ.get("MELTANO_DATABASE_URI") or f"sqlite:///{coupling.project.system_folder / 'meltano.db'}"
    original = store_file(named)
    if original is not None and original.exists():
        # Not opened for reading only: SQLite would leave its side files there.
        there = closing(sqlite3.connect(original))
        with there as source, closing(sqlite3.connect(copied)) as here:
            source.backup(here)
    return copied


def _plugins_of(coupling: Coupling, folder: Path) -> Path:
    """Make a folder for Meltano's own files with the plugins that are installed: a run keeps its catalog there."""
    system = coupling.project.system_folder
    own = folder / "meltano"
    own.mkdir()
    for kind in KINDS:
        if (system / kind).exists():
            (own / kind).symlink_to((system / kind).resolve())
    return own
