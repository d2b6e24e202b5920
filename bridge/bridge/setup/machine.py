"""What stands on this machine: the store, its key and folder, the disk, and the runs that were seen."""

from __future__ import annotations

import shutil
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from connector_store import DivisionStore
from connector_store.project import project_uri, store_file

if TYPE_CHECKING:
    from datetime import datetime

    from connector_store import ConnectorStore

SEEN = 200
"""So many of the last runs are looked at for the schedule."""


@dataclass(frozen=True)
class MachineFacts:
    """Of the store and where it lies."""

    open_to_others: tuple[str, ...] = ()
    """The store's folder and files that others than its owner may read."""
    free_bytes: int | None = None
    """Free on the disk of the store; None where it is no file."""
    key_lost: bool = False
    """The logins in the store were sealed with another key."""
    last_runs: tuple[datetime, ...] = ()
    """When the last runs of this coupling began, UTC."""
    closed_periods: tuple[tuple[int, int], ...] = ()
    """(year, period) that Exact refused lately."""


def read_machine(
    store: ConnectorStore, store_uri: str, division: int | None, coupling: str | None = None
) -> MachineFacts:
    """Read what this machine tells of an opened store.

    Args:
        store: Opened.
        store_uri: Where it is.
        division: The administration, if one was chosen.
        coupling: Name of the coupling whose runs are looked for; None is the project's own.
    """
    file = store_file(project_uri(store_uri))
    # Another coupling's schedule says nothing of this one's; a run of before they were told apart may be of each.
    last = [run for run in store.runs.last(SEEN) if run.coupling in {None, coupling or ""}]
    seen = [run for run in last if division is None or run.division in {None, division}]
    here = [] if file is None else [file.parent, *sorted(file.parent.glob(f"{file.name}*"))]
    closed = DivisionStore(store, division).closed_periods.known() if division is not None else ()
    return MachineFacts(
        open_to_others=tuple(str(path) for path in here if path.stat().st_mode & (stat.S_IROTH | stat.S_IRGRP)),
        free_bytes=None if file is None else shutil.disk_usage(file.parent).free,
        key_lost=not store.has_its_key,
        last_runs=tuple(run.started_at for run in seen),
        closed_periods=tuple(closed),
    )
