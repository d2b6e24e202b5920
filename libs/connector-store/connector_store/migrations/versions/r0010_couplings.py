"""Which coupling a run was of: two of one administration are told apart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns; of the runs before nobody knows."""
    op.add_column("connector_runs", sa.Column("coupling", sa.String))
    op.add_column("connector_runs", sa.Column("department", sa.Text))
