"""Whether a run would find anything to do in what is remembered: one small read, so that it may be asked often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from sqlalchemy import and_, exists, or_, select

from connector_store.booked_payments import BookedState
from connector_store.files import FileState
from connector_store.link import State
from connector_store.rejects import Status
from connector_store.schema import booked_payments, customers, downloads, files, links, registered_payments, rejects

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Table

    from connector_store.engine import Database

_UNSENT: Final = (FileState.TO_FETCH, FileState.TO_ATTACH)


class Waiting(NamedTuple):
    """What of a division waits for a run.

    Attributes:
        under_way: A write was begun of which it is not known how it ended.
        due: The rest of something that was refused is over.
        later: Anything is to be tried or sent again, its time come or not.
    """

    under_way: bool
    due: bool
    later: bool


def waiting(database: Database, division: int, now: datetime) -> Waiting:
    """Tell what waits in a division at a moment (UTC). What a person left out does not."""
    open_rejects = and_(rejects.c.division == division, rejects.c.status != Status.EXCLUDED)
    under_way = or_(
        _any(links, division, or_(links.c.state == State.INTENT, links.c.changing_to.is_not(None))),
        _any(registered_payments, division, registered_payments.c.plan.is_not(None)),
        _any(booked_payments, division, booked_payments.c.state == BookedState.INTENT),
    )
    due = exists().where(open_rejects, rejects.c.not_before <= now)
    later = or_(
        exists().where(open_rejects),
        _any(files, division, files.c.state.in_(_UNSENT)),
        _any(booked_payments, division, booked_payments.c.state != BookedState.MATCHED),
        exists().where(customers.c.division == division),
        # What a tap fetches belongs to its source, not to a division.
        exists().where(or_(downloads.c.problem.is_not(None), downloads.c.delivery.is_not(None))),
    )
    with database.reading() as connection:
        row = connection.execute(select(under_way, due, later)).one()
    return Waiting(*map(bool, row))


def _any(table: Table, division: int, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(table.c.division == division, condition)
