"""What was left settled when a person was told of a matching that was undone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column."""
    op.add_column("connector_payments", sa.Column("reported", sa.Text))
