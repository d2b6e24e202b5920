"""Changes after booking, staged customers, positions, and an audit trail that the database itself keeps append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_moment = sa.DateTime(timezone=True)

_APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER connector_audit_no_{verb} BEFORE {verb} ON connector_audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
    ),
    "postgresql": (
        "CREATE TRIGGER connector_audit_no_{verb} BEFORE {verb} ON connector_audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION connector_audit_is_append_only()"
    ),
}


def upgrade() -> None:
    """Add what changes of booked documents and customers-first need."""
    op.add_column("connector_links", sa.Column("changing_to", sa.String))
    op.create_table(
        "connector_customers",
        sa.Column("division", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("source_id", sa.Text, primary_key=True),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("staged_at", _moment, nullable=False),
    )
    op.create_table(
        "connector_divisions",
        sa.Column("division", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("first_met_at", _moment, nullable=False),
    )
    op.execute(
        "INSERT INTO connector_divisions (division, first_met_at) "
        "SELECT division, MIN(created_at) FROM connector_links GROUP BY division"
    )
    op.create_table(
        "connector_positions",
        sa.Column("division", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("updated_at", _moment, nullable=False),
    )
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute(
            "CREATE FUNCTION connector_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$"
        )
    for verb in ("update", "delete"):
        op.execute(_APPEND_ONLY[dialect].format(verb=verb))
