"""What a division is known by: master data with its age, what was booked and seen, files, and counters."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_moment = sa.DateTime(timezone=True)


def _of(*names: str, text: str = "") -> list[sa.Column[Any]]:
    """Return the key of a table: the division, and names within it, one of which may hold any text."""
    kinds: list[sa.Column[Any]] = [sa.Column(name, sa.String, primary_key=True) for name in names]
    division: sa.Column[Any] = sa.Column("division", sa.BigInteger, primary_key=True, autoincrement=False)
    return [division, *kinds, *(sa.Column(name, sa.Text, primary_key=True) for name in text.split())]


def upgrade() -> None:
    """Add the tables."""
    op.create_table("connector_generations", *_of("name"), sa.Column("generation", sa.BigInteger, nullable=False))
    op.create_table(
        "connector_master_data",
        *_of("name"),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("fetched_at", _moment, nullable=False),
    )
    op.create_table(
        "connector_seen",
        *_of("kind", text="id"),
        sa.Column("fields", sa.Text, nullable=False),
        sa.Column("seen_at", _moment, nullable=False),
    )
    op.create_table(
        "connector_booked",
        *_of("kind", text="source_id"),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("modified", sa.String),
        sa.Column("ours", sa.Boolean, nullable=False),
        sa.Column("booked_at", _moment, nullable=False),
    )
    op.create_table(
        "connector_files",
        *_of("kind", text="source_id filename"),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("content_hash", sa.String),
        sa.Column("document_id", sa.String),
        sa.Column("attachment_id", sa.String),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("not_before", _moment),
        sa.Column("problem", sa.String),
        sa.Column("updated_at", _moment, nullable=False),
    )
    op.create_index("connector_files_state", "connector_files", ["division", "state"])
    op.create_index("connector_files_content", "connector_files", ["content_hash"])
    op.create_table(
        "connector_blobs",
        sa.Column("hash", sa.String, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
