"""Alembic's entry point: runs the revisions on the connection, and inside the transaction, it is given."""

from __future__ import annotations

from alembic import context

from connector_store.schema import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
