"""Runs: when a plugin worked, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import and_, delete, func, insert, or_, select, update

from connector_store.columns import utc_now
from connector_store.schema import runs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from connector_store.engine import Database

KEPT: Final = timedelta(days=14)
"""For so long every run is told; of the days before that the last good one of each plugin, and all that were not."""

Outcome = Literal["ok", "degraded", "failed", "postponed", "skipped"]
"""How a run ended.

- ok, or degraded: it worked; some records were not written, or a person stopped it.
- failed: it could not work, and a person has to help.
- postponed: it could not work, and a later run can: no answer, the limit of the day.
- skipped: another run was at work.
"""


@dataclass(frozen=True)
class Run:
    """One run of one plugin; moments are UTC. A run that was killed has no `finished_at` and no `outcome`."""

    id: int
    plugin: str
    division: int | None
    started_at: datetime
    finished_at: datetime | None
    outcome: Outcome | None
    counts: dict[str, Any]
    message: str | None


class Runs:
    """The records of runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, plugin: str, division: int | None) -> int:
        """Note that a plugin begins; return the id to finish the run with. Its good runs of long ago are thinned."""
        now = utc_now()
        row = insert(runs).values(plugin=plugin, division=division, started_at=now, counts={})
        with self._database.writing() as connection:
            _thin(connection, plugin, division, now - KEPT)
            run_id: int = connection.execute(row.returning(runs.c.id)).scalar_one()
        return run_id

    def finish(self, run_id: int, outcome: Outcome, counts: Mapping[str, Any], message: str) -> None:
        """Note how a run ended (see `Outcome`)."""
        values = {"finished_at": utc_now(), "outcome": outcome, "counts": dict(counts), "message": message}
        with self._database.writing() as connection:
            connection.execute(update(runs).where(runs.c.id == run_id).values(values))

    def note(self, plugin: str, division: int, *, began: datetime, outcome: Outcome, message: str) -> None:
        """Keep a run that is over already, from a moment (UTC) until now, in one write."""
        now = utc_now()
        row = insert(runs).values(plugin=plugin, division=division, started_at=began, finished_at=now, counts={})
        with self._database.writing() as connection:
            _thin(connection, plugin, division, now - KEPT)
            connection.execute(row.values(outcome=outcome, message=message))

    def telling(self, division: int, since: datetime) -> list[Run]:
        """Return the runs of a division that began after a moment, and the last one of each plugin and outcome.

        Those that name no division are among them. Newest first.
        """
        mine = or_(runs.c.division == division, runs.c.division.is_(None))
        last = select(func.max(runs.c.id)).where(mine).group_by(runs.c.plugin, runs.c.division, runs.c.outcome)
        wanted = and_(mine, or_(runs.c.started_at >= since, runs.c.id.in_(last)))
        with self._database.reading() as connection:
            rows = connection.execute(select(runs).where(wanted).order_by(runs.c.id.desc())).mappings()
            return [Run(**row) for row in rows]

    def last(self, n: int) -> list[Run]:
        """Return the last `n` runs, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(runs).order_by(runs.c.id.desc()).limit(n)).mappings()
            return [Run(**row) for row in rows]


def _thin(connection: Connection, plugin: str, division: int | None, before: datetime) -> None:
    mine = runs.c.division.is_(None) if division is None else runs.c.division == division
    old = and_(runs.c.plugin == plugin, mine, runs.c.outcome == "ok", runs.c.started_at < before)
    last_of_each_day = select(func.max(runs.c.id)).where(old).group_by(func.date(runs.c.started_at))
    connection.execute(delete(runs).where(old, runs.c.id.not_in(last_of_each_day)))
