"""Files as a tap fetched them, what to do about a file that waits, and the age of a content."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the table and the columns."""
    op.create_table(
        "connector_downloads",
        sa.Column("source", sa.String, primary_key=True),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("source_id", sa.Text, primary_key=True),
        sa.Column("form", sa.String, primary_key=True),
        sa.Column("fingerprint", sa.String),
        sa.Column("content_hash", sa.String),
        sa.Column("size", sa.BigInteger),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("not_before", _moment),
        sa.Column("problem", sa.String),
        sa.Column("delivery", sa.BigInteger),
        sa.Column("updated_at", _moment, nullable=False),
    )
    op.create_index("connector_downloads_problem", "connector_downloads", ["source", "kind", "problem"])
    op.create_index("connector_downloads_content", "connector_downloads", ["content_hash"])
    op.add_column("connector_files", sa.Column("hint", sa.Text))
    op.add_column("connector_blobs", sa.Column("kept_at", _moment))
