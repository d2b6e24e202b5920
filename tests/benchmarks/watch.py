"""Looks at a server of PostgreSQL while others work with it: its connections, and who waits for whom."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import TYPE_CHECKING, Final

import psutil
import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

EVERY: Final = 0.2
_LOOK: Final = """
    SELECT count(*),
           count(*) FILTER (WHERE wait_event_type = 'Lock'),
           count(*) FILTER (WHERE state = 'idle' AND query LIKE 'SELECT pg_try_advisory_lock%'
                            AND NOT EXISTS (SELECT FROM pg_locks AS held WHERE held.pid = each.pid
                                            AND held.locktype = 'advisory' AND held.granted))
    FROM pg_stat_activity AS each
    WHERE backend_type = 'client backend' AND datname = current_database() AND pid <> pg_backend_pid()
"""
"""Who waits for a lock of ours asks for it again and again: its session did nothing else last, and holds none."""
_DEADLOCKS: Final = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


@dataclass
class Watched:
    """What was seen.

    Attributes:
        connections: The most at one moment.
        row_wait: Seconds for which statements waited for a lock, of all sessions together, as far as looks show.
        turn_wait: Seconds for which sessions waited for their turn at one of our own locks, likewise.
        deadlocks: How many the server had to end.
        cpu: Seconds of CPU of the server.
    """

    connections: int = 0
    row_wait: float = 0.0
    turn_wait: float = 0.0
    deadlocks: int = 0
    cpu: float = 0.0


@contextmanager
def watched(uri: str) -> Iterator[Watched]:
    """Look at a database five times a second within the block."""
    found, ended = Watched(), Event()
    with psycopg.connect(uri, autocommit=True) as connection:
        server = psutil.Process(connection.info.backend_pid).parent()
        assert server is not None
        deadlocks, cpu = _number(connection, _DEADLOCKS), _cpu(server)
        thread = Thread(target=_look, args=(connection, found, ended))
        thread.start()
        try:
            yield found
        finally:
            ended.set()
            thread.join()
            found.deadlocks = _number(connection, _DEADLOCKS) - deadlocks
            found.cpu = _cpu(server) - cpu


def connections(uri: str) -> int:
    """Return how many connections others have to a database now."""
    with psycopg.connect(uri, autocommit=True) as connection:
        return _number(connection, _LOOK)


def _look(connection: psycopg.Connection[tuple[int, ...]], found: Watched, ended: Event) -> None:
    while not ended.wait(EVERY):
        row = connection.execute(_LOOK).fetchone()
        assert row is not None
        connections, waiting, in_turn = row
        found.connections = max(found.connections, connections)
        found.row_wait += waiting * EVERY
        found.turn_wait += in_turn * EVERY


def _number(connection: psycopg.Connection[tuple[int, ...]], query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def _cpu(server: psutil.Process) -> float:
    """Return what the server used: itself, its sessions that ended, and those that live."""
    times = server.cpu_times()
    living = [each.cpu_times() for each in server.children()]
    return (
        times.user
        + times.system
        + times.children_user
        + times.children_system
        + sum(each.user + each.system for each in living)
    )
