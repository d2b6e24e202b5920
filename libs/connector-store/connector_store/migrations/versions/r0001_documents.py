"""Tokens, links, rejects, the audit trail, runs and budgets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_number = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "connector_meta",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "connector_tokens",
        sa.Column("provider", sa.String, primary_key=True),
        sa.Column("client_id", sa.String, primary_key=True),
        sa.Column("access_token", sa.LargeBinary, nullable=False),
        sa.Column("refresh_token", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", _moment, nullable=False),
        sa.Column("obtained_at", _moment, nullable=False),
        sa.Column("seed", sa.String, nullable=False),
    )
    _documents()
    _history()


def _documents() -> None:
    op.create_table(
        "connector_links",
        sa.Column("division", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("source_id", sa.Text, primary_key=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("how", sa.String),
        sa.Column("exact_id", sa.String),
        sa.Column("entry_number", sa.BigInteger),
        sa.Column("amount", sa.Text),
        sa.Column("currency", sa.Text),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("created_at", _moment, nullable=False),
        sa.Column("updated_at", _moment, nullable=False),
        sa.Column("verified_at", _moment),
    )
    op.create_index("connector_links_exact_id", "connector_links", ["division", "exact_id"])
    op.create_index("connector_links_state", "connector_links", ["division", "state", "kind", "verified_at"])
    op.create_table(
        "connector_rejects",
        sa.Column("id", _number, primary_key=True),
        sa.Column("division", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("source_id", sa.Text, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("hint", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("first_at", _moment, nullable=False),
        sa.Column("last_at", _moment, nullable=False),
        sa.Column("amount", sa.Text),
        sa.Column("currency", sa.Text),
        sa.Column("payload", sa.LargeBinary),
        sqlite_autoincrement=True,
    )
    op.create_index("connector_rejects_document", "connector_rejects", ["division", "kind", "source_id"], unique=True)


def _history() -> None:
    op.create_table(
        "connector_audit",
        sa.Column("id", _number, primary_key=True),
        sa.Column("at", _moment, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("division", sa.BigInteger),
        sa.Column("kind", sa.String),
        sa.Column("source_id", sa.Text),
        sa.Column("detail", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("connector_audit_document", "connector_audit", ["division", "kind", "source_id"])
    op.create_table(
        "connector_runs",
        sa.Column("id", _number, primary_key=True),
        sa.Column("plugin", sa.String, nullable=False),
        sa.Column("division", sa.BigInteger),
        sa.Column("started_at", _moment, nullable=False),
        sa.Column("finished_at", _moment),
        sa.Column("outcome", sa.String),
        sa.Column("counts", sa.Text, nullable=False),
        sa.Column("message", sa.Text),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "connector_call_budget",
        sa.Column("provider", sa.String, primary_key=True),
        sa.Column("client_id", sa.String, primary_key=True),
        sa.Column("division", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("limit", sa.Integer),
        sa.Column("remaining", sa.Integer),
    )
    op.create_table(
        "connector_api_errors",
        sa.Column("id", _number, primary_key=True),
        sa.Column("provider", sa.String, nullable=False),
        sa.Column("division", sa.BigInteger, nullable=False),
        sa.Column("endpoint", sa.Text, nullable=False),
        sa.Column("error_class", sa.Text, nullable=False),
        sa.Column("at", _moment, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("connector_api_errors_recent", "connector_api_errors", ["provider", "division", "endpoint", "at"])
