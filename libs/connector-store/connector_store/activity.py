"""What runs dealt with since a moment, counted: how far a run under way came, seen from outside of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import func, select

from connector_store.schema import booked_payments, links, registered_payments, rejects

if TYPE_CHECKING:
    from datetime import datetime

    from connector_store.engine import Database


class Activity(NamedTuple):
    """Numbers of what was written, or was refused."""

    documents: int
    payments: int


def activity(database: Database, division: int, since: datetime) -> Activity:
    """Count what was dealt with in a division after a moment; customers do not count."""
    documents = [
        select(func.count()).where(table.c.division == division, table.c.kind != "account", table.c[moment] >= since)
        for table, moment in ((links, "updated_at"), (rejects, "last_at"))
    ]
    payments = [
        select(func.count()).where(table.c.division == division, table.c.updated_at >= since)
        for table in (registered_payments, booked_payments)
    ]
    with database.reading() as connection:
        counted = [sum(connection.scalar(query) or 0 for query in queries) for queries in (documents, payments)]
    return Activity(*counted)
