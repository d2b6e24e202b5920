"""The store, its key and folder, the disk, and the schedule."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bridge.setup.checks.catalogue import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.setup.checks.finding import Finding
    from bridge.setup.facts import Facts

LITTLE_ROOM: Final = 200 * 1024 * 1024
"""Bytes: a few hundred documents with their files."""
RECENT: Final = timedelta(days=2)
"""A schedule that works was seen within this time."""


def check(facts: Facts) -> Iterator[Finding]:
    """Yield what is wrong."""
    machine = facts.machine
    for path in machine.open_to_others:
        yield found("store_open_to_others", path, f"Others on this machine may read {path}")
    if machine.free_bytes is not None and machine.free_bytes < LITTLE_ROOM:
        room = machine.free_bytes // (1024 * 1024)
        yield found("disk_nearly_full", "disk", f"{room} MB are left on the disk of the store")
    if machine.key_lost:
        yield found("key_lost", "store", "The logins in the store were sealed with another key and cannot be read")
    # Before the first run there is nothing to be seen; setting up a coupling ends with the schedule.
    if machine.last_runs and facts.now - max(machine.last_runs) > RECENT:
        day = max(machine.last_runs).date()
        yield found("schedule_not_seen", "schedule", f"The last run was on {day}: no schedule seems to be running")
