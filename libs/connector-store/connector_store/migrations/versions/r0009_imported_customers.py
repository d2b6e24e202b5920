"""Customers of Exact that stand in Teamleader."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "connector_imported_customers",
        sa.Column("division", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("source_id", sa.Text, primary_key=True),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("teamleader_id", sa.Text),
        sa.Column("how", sa.String),
        sa.Column("number", sa.Text),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("company_id", sa.Text),
        sa.Column("sent_at", _moment),
        sa.Column("created_at", _moment, nullable=False),
        sa.Column("updated_at", _moment, nullable=False),
    )
    op.create_index(
        "connector_imported_customers_teamleader", "connector_imported_customers", ["division", "teamleader_id"]
    )
