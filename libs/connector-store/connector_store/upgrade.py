"""Brings a store of any earlier version up to date, without losing a row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import column, inspect, select, table

from connector_store.errors import StoreTooNewError
from connector_store.schema import REVISION, VERSION_TABLE

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.engine import Connection

    from connector_store.engine import Database


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the tables, None in an empty database."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    revision: str | None = connection.scalar(select(column("version_num")).select_from(table(VERSION_TABLE)))
    return revision


def history(connection: Connection | None = None) -> Config:
    """Return Alembic's view of the packaged revisions; its commands run in the transaction of the connection."""
    # Alembic takes longer to import than the rest of the store together, and is rarely needed.
    from alembic.config import Config  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config


def bring_up_to_date(database: Database) -> None:
    """Run the missing revisions in one transaction: it is done entirely or not at all. Hold the open lock.

    Raises:
        StoreTooNewError: the store has a revision that this version does not know.
    """
    with database.reading() as connection:
        current = revision_of(connection)
    if current == REVISION:
        return
    from alembic import command  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    known = {script.revision for script in ScriptDirectory.from_config(history()).walk_revisions()}
    if current is not None and current not in known:
        raise StoreTooNewError(
            f"The store {database.name} was made by a newer version of connector-store (revision {current}, this "
            f"version knows up to {REVISION}); install that version or restore a backup"
        )
    with database.writing() as connection:
        command.upgrade(history(connection), "head")
