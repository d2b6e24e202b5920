"""Budgets: the calls left today, and the errors an API has lately seen from us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, insert, select, update

from connector_store.columns import utc_now
from connector_store.schema import api_errors, call_budget

if TYPE_CHECKING:
    from datetime import datetime

    from connector_store.engine import Database

HOUR = timedelta(hours=1)
REMEMBERED = timedelta(days=1)


@dataclass(frozen=True)
class DayBudget:
    """What the provider last said about today (UTC): calls allowed per day and calls left, None where it is silent."""

    limit: int | None
    remaining: int | None


class CallBudget:
    """The calls one client may still make today in one division."""

    def __init__(self, database: Database, provider: str, client_id: str, division: int) -> None:
        self._database = database
        self._key = {"provider": provider, "client_id": client_id, "division": division}
        self._mine = and_(*(call_budget.c[name] == value for name, value in self._key.items()))

    def read(self) -> DayBudget | None:
        """Return what is known of today, None when nothing was heard yet today (UTC)."""
        query = select(call_budget.c.limit, call_budget.c.remaining).where(
            self._mine, call_budget.c.day == utc_now().date()
        )
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else DayBudget(**row)

    def record(self, limit: int | None, remaining: int | None) -> None:
        """Keep what the provider says now."""
        values = {"day": utc_now().date(), "limit": limit, "remaining": remaining}
        with self._database.writing(f"budget {self._key}") as connection:
            if connection.execute(update(call_budget).where(self._mine).values(values)).rowcount == 0:
                connection.execute(insert(call_budget).values(**self._key, **values))


def budgets_of(database: Database, division: int) -> list[tuple[str, DayBudget]]:
    """Return what each service last said of today in a division, by its name."""
    query = select(call_budget).where(call_budget.c.division == division, call_budget.c.day == utc_now().date())
    with database.reading() as connection:
        rows = connection.execute(query.order_by(call_budget.c.provider)).mappings().all()
    return [(row["provider"], DayBudget(row["limit"], row["remaining"])) for row in rows]


class ErrorBudget:
    """The errors of the last day per endpoint: an API that counts them blocks those who go on.

    They are asked for before each call, and so are read once: whoever has one is the only one who calls. What another
    notes meanwhile is not seen.
    """

    def __init__(self, database: Database, provider: str, division: int) -> None:
        self._database = database
        self._key = {"provider": provider, "division": division}
        self._mine = and_(api_errors.c.provider == provider, api_errors.c.division == division)
        self._known: list[tuple[str, str, datetime]] | None = None

    def record(self, endpoint: str, error_class: str) -> None:
        """Note an error answer of an endpoint now."""
        moment = utc_now()
        with self._database.writing() as connection:
            connection.execute(
                insert(api_errors).values(**self._key, endpoint=endpoint, error_class=error_class, at=moment)
            )
            connection.execute(delete(api_errors).where(self._mine, api_errors.c.at < moment - REMEMBERED))
        if self._known is not None:
            recent = [error for error in self._known if error[2] >= moment - REMEMBERED]
            self._known = [*recent, (endpoint, error_class, moment)]

    def count(self, endpoint: str, error_class: str | None = None, within: timedelta = HOUR) -> int:
        """Return how many errors of an endpoint (of one class, or of all) fell in the last hour, or `within`."""
        since = utc_now() - within
        return sum(each == endpoint and error_class in {None, kind} and at >= since for each, kind, at in self._read())

    def _read(self) -> list[tuple[str, str, datetime]]:
        if self._known is None:
            query = select(api_errors.c.endpoint, api_errors.c.error_class, api_errors.c.at).where(self._mine)
            with self._database.reading() as connection:
                self._known = [(row.endpoint, row.error_class, row.at) for row in connection.execute(query)]
        return self._known
