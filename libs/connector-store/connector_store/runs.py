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
    coupling: str | None = None
    """Its name, empty for the one that the project's own plugins make; None where nobody told, as before 0010."""
    department: str | None = None
    """Its id at the source, where the plugin knows it."""


class Runs:
    """The records of runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(
        self, plugin: str, division: int | None, *, coupling: str | None = None, department: str | None = None
    ) -> int:
        """Note that a plugin begins; return the id to finish the run with. Its good runs of long ago are thinned."""
        now = utc_now()
        whose = {"plugin": plugin, "division": division, "coupling": coupling}
        row = insert(runs).values(**whose, department=department, started_at=now, counts={})
        with self._database.writing() as connection:
            _thin(connection, whose, now - KEPT)
            run_id: int = connection.execute(row.returning(runs.c.id)).scalar_one()
        return run_id

    def finish(self, run_id: int, outcome: Outcome, counts: Mapping[str, Any], message: str) -> None:
        """Note how a run ended (see `Outcome`)."""
        values = {"finished_at": utc_now(), "outcome": outcome, "counts": dict(counts), "message": message}
        with self._database.writing() as connection:
            connection.execute(update(runs).where(runs.c.id == run_id).values(values))

    def note(
        self, plugin: str, division: int, *, coupling: str, began: datetime, outcome: Outcome, message: str
    ) -> None:
        """Keep a run that is over already, from a moment (UTC) until now, in one write."""
        now = utc_now()
        whose = {"plugin": plugin, "division": division, "coupling": coupling}
        row = insert(runs).values(**whose, started_at=began, finished_at=now, counts={})
        with self._database.writing() as connection:
            _thin(connection, whose, now - KEPT)
            connection.execute(row.values(outcome=outcome, message=message))

    def telling(self, division: int, since: datetime) -> list[Run]:
        """Return the runs of a division that began after a moment, and the last ones by coupling, plugin and outcome.

        Those that name no division are among them, unless their coupling works in others alone. Newest first.
        """
        named = select(runs.c.coupling).where(runs.c.coupling.is_not(None))
        here, elsewhere = named.where(runs.c.division == division), named.where(runs.c.division != division)
        whose = or_(runs.c.coupling.is_(None), runs.c.coupling.in_(here), runs.c.coupling.not_in(elsewhere))
        mine = or_(runs.c.division == division, and_(runs.c.division.is_(None), whose))
        kinds = (runs.c.plugin, runs.c.division, runs.c.coupling, runs.c.outcome)
        last = select(func.max(runs.c.id)).where(mine).group_by(*kinds)
        wanted = and_(mine, or_(runs.c.started_at >= since, runs.c.id.in_(last)))
        with self._database.reading() as connection:
            rows = connection.execute(select(runs).where(wanted).order_by(runs.c.id.desc())).mappings()
            return [Run(**row) for row in rows]

    def last(self, n: int) -> list[Run]:
        """Return the last `n` runs, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(runs).order_by(runs.c.id.desc()).limit(n)).mappings()
            return [Run(**row) for row in rows]


def _thin(connection: Connection, whose: Mapping[str, Any], before: datetime) -> None:
    mine = [runs.c[name].is_(None) if value is None else runs.c[name] == value for name, value in whose.items()]
    old = and_(*mine, runs.c.outcome == "ok", runs.c.started_at < before)
    last_of_each_day = select(func.max(runs.c.id)).where(old).group_by(func.date(runs.c.started_at))
    connection.execute(delete(runs).where(old, runs.c.id.not_in(last_of_each_day)))
