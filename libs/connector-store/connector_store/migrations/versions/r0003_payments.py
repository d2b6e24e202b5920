"""Payments between Exact and Teamleader: the mirror of Exact's terms, what was registered, what was booked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_moment = sa.DateTime(timezone=True)


def _division() -> sa.Column[int]:
    return sa.Column("division", sa.BigInteger, primary_key=True, autoincrement=False)


def upgrade() -> None:
    """Add the tables of the reverse direction."""
    op.create_table(
        "connector_term_mirrors",
        _division(),
        sa.Column("identity", sa.String, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("last_version", sa.BigInteger, nullable=False),
        sa.Column("terms_read", sa.BigInteger, nullable=False),
        sa.Column("moved", sa.String),
        sa.Column("refreshed_at", _moment),
    )
    op.create_table(
        "connector_terms",
        _division(),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("entry_id", sa.String, nullable=False),
        sa.Column("timestamp", sa.BigInteger, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("account", sa.String),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("end_date", sa.String),
        sa.Column("row", sa.Text, nullable=False),
    )
    op.create_index("connector_terms_entry", "connector_terms", ["division", "entry_id"])
    op.create_index("connector_terms_matched", "connector_terms", ["division", "account", "end_date"])
    op.create_table(
        "connector_term_entries",
        _division(),
        sa.Column("entry_id", sa.String, primary_key=True),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("timestamp", sa.BigInteger, nullable=False),
        sa.Column("last_row", sa.Text),
    )
    op.create_index("connector_term_entries_version", "connector_term_entries", ["division", "version"], unique=True)
    op.create_table(
        "connector_payments",
        _division(),
        sa.Column("invoice_id", sa.Text, primary_key=True),
        sa.Column("exact_id", sa.String, nullable=False),
        sa.Column("entry_number", sa.BigInteger),
        sa.Column("number", sa.Text),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("settled", sa.Text, nullable=False),
        sa.Column("settlements", sa.Text, nullable=False),
        sa.Column("registered", sa.Text, nullable=False),
        sa.Column("plan", sa.Text),
        sa.Column("created_at", _moment, nullable=False),
        sa.Column("updated_at", _moment, nullable=False),
    )
    op.create_index("connector_payments_entry", "connector_payments", ["division", "exact_id"])
    op.create_table(
        "connector_receipts",
        _division(),
        sa.Column("source_id", sa.Text, primary_key=True),
        sa.Column("invoice_id", sa.Text, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("amount", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("paid_at", sa.String, nullable=False),
        sa.Column("exact_id", sa.String),
        sa.Column("entry_number", sa.BigInteger),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("created_at", _moment, nullable=False),
        sa.Column("updated_at", _moment, nullable=False),
    )
    op.create_index("connector_receipts_invoice", "connector_receipts", ["division", "invoice_id"])
