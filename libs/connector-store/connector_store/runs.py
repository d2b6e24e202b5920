"""Runs: when a plugin worked, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import insert, select, update

from connector_store.columns import utc_now
from connector_store.schema import runs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from connector_store.engine import Database

Outcome = Literal["ok", "degraded", "failed"]


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
        """Note that a plugin begins; return the id to finish the run with."""
        row = insert(runs).values(plugin=plugin, division=division, started_at=utc_now(), counts={})
        with self._database.writing() as connection:
            run_id: int = connection.execute(row.returning(runs.c.id)).scalar_one()
        return run_id

    def finish(self, run_id: int, outcome: Outcome, counts: Mapping[str, Any], message: str) -> None:
        """Note how a run ended: "ok", "degraded" (it worked, some records were rejected) or "failed"."""
        values = {"finished_at": utc_now(), "outcome": outcome, "counts": dict(counts), "message": message}
        with self._database.writing() as connection:
            connection.execute(update(runs).where(runs.c.id == run_id).values(values))

    def last(self, n: int) -> list[Run]:
        """Return the last `n` runs, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(runs).order_by(runs.c.id.desc()).limit(n)).mappings()
            return [Run(**row) for row in rows]
