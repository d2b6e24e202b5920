"""What is remembered of a division as a whole: since when, and how far streams were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, insert, select, union, update

from connector_store.columns import utc_now
from connector_store.schema import divisions, links, positions, rejects, runs

if TYPE_CHECKING:
    from datetime import datetime

    from connector_store.engine import Database


def known_divisions(database: Database) -> list[int]:
    """Return the divisions that anything is remembered of, rising."""
    tables = (divisions, links, rejects, runs)
    every = union(*(select(table.c.division).where(table.c.division.is_not(None)) for table in tables))
    with database.reading() as connection:
        return sorted(connection.scalars(every))


def remembers_since(database: Database, division: int) -> datetime:
    """Return when the store first met a division (now, when it never did): before that it knows nothing of it."""
    query = select(divisions.c.first_met_at).where(divisions.c.division == division)
    with database.writing(f"division {division}") as connection:
        met: datetime | None = connection.scalar(query)
        if met is None:
            met = utc_now()
            connection.execute(insert(divisions).values(division=division, first_met_at=met))
    return met


def read_position(database: Database, division: int, name: str) -> str | None:
    """Return a named position, None before it was first set."""
    query = select(positions.c.value).where(positions.c.division == division, positions.c.name == name)
    with database.reading() as connection:
        value: str | None = connection.scalar(query)
    return value


def write_position(database: Database, division: int, name: str, value: str) -> None:
    """Keep a named position."""
    mine = and_(positions.c.division == division, positions.c.name == name)
    values = {"value": value, "updated_at": utc_now()}
    with database.writing(f"position {division} {name}") as connection:
        if connection.execute(update(positions).where(mine).values(values)).rowcount == 0:
            connection.execute(insert(positions).values(division=division, name=name, **values))
