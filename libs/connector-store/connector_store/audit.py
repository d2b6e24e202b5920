"""The audit trail: what was done to which document, append-only (the database itself refuses changes)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import insert, select

from connector_store.columns import utc_now
from connector_store.schema import audit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from connector_store.engine import Database

_TELL: Final = insert(audit)


@dataclass(frozen=True)
class AuditEntry:
    """One line of the trail; `at` is UTC, `detail` holds ids, codes, numbers and amounts, never personal data."""

    id: int
    at: datetime
    event: str
    division: int | None
    kind: str | None
    source_id: str | None
    detail: dict[str, Any]


def write_audit(
    connection: Connection,
    event: str,
    *,
    division: int | None,
    kind: str | None = None,
    source_id: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add a line in the transaction of what it tells about. Details that are None are left out."""
    told = {name: value for name, value in (detail or {}).items() if value is not None}
    about = {"division": division, "kind": kind, "source_id": source_id, "detail": told}
    connection.execute(_TELL, {"at": utc_now(), "event": event, **about})


def read_audit(
    database: Database,
    *,
    division: int | None = None,
    kind: str | None = None,
    source_id: str | None = None,
    event: str | None = None,
    since: datetime | None = None,
    limit: int | None = None,
) -> list[AuditEntry]:
    """Return the lines that fit all that is given, oldest first; with `limit` the last so many."""
    query = select(audit).order_by(audit.c.id.desc())
    wanted = {"division": division, "kind": kind, "source_id": source_id, "event": event}
    for name, value in wanted.items():
        if value is not None:
            query = query.where(audit.c[name] == value)
    if since is not None:
        query = query.where(audit.c.at >= since)
    if limit is not None:
        query = query.limit(limit)
    with database.reading() as connection:
        entries = [AuditEntry(**row) for row in connection.execute(query).mappings()]
    return entries[::-1]
