"""The tables. Their names start with `connector_`, so that a PostgreSQL database can be shared (with Meltano's own)."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, LargeBinary, MetaData, String, Table

from connector_store.columns import CleanText, ExactDecimal, JsonObject, UtcDateTime

REVISION: Final = "0010"
"""The Alembic revision these tables are at."""

VERSION_TABLE: Final = "connector_version"

_Number = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

meta = Table(
    "connector_meta",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

tokens = Table(
    "connector_tokens",
    metadata,
    Column("provider", String, primary_key=True),
    Column("client_id", String, primary_key=True),
    Column("access_token", LargeBinary, nullable=False),
    Column("refresh_token", LargeBinary, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("obtained_at", UtcDateTime, nullable=False),
    Column("seed", String, nullable=False),
)

links = Table(
    "connector_links",
    metadata,
    Column("division", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String, primary_key=True),
    Column("source_id", CleanText, primary_key=True),
    Column("state", String, nullable=False),
    Column("number", CleanText),
    Column("how", String),
    Column("exact_id", String),
    Column("entry_number", BigInteger),
    Column("amount", ExactDecimal),
    Column("currency", CleanText),
    Column("fingerprint", String, nullable=False),
    Column("detail", JsonObject, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("verified_at", UtcDateTime),
    Column("changing_to", String),
    Index("connector_links_exact_id", "division", "exact_id"),
    Index("connector_links_state", "division", "state", "kind", "verified_at"),
)

rejects = Table(
    "connector_rejects",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("division", BigInteger, nullable=False),
    Column("kind", String, nullable=False),
    Column("source_id", CleanText, nullable=False),
    Column("number", CleanText),
    Column("status", String, nullable=False),
    Column("code", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("hint", CleanText, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("amount", ExactDecimal),
    Column("currency", CleanText),
    Column("payload", LargeBinary),
    Column("sealed_reason", LargeBinary),
    Column("not_before", UtcDateTime),
    Column("decided_by", CleanText),
    Index("connector_rejects_document", "division", "kind", "source_id", unique=True),
    sqlite_autoincrement=True,
)

customers = Table(
    "connector_customers",
    metadata,
    Column("division", BigInteger, primary_key=True, autoincrement=False),
    Column("source_id", CleanText, primary_key=True),
    Column("payload", LargeBinary, nullable=False),
    Column("staged_at", UtcDateTime, nullable=False),
)

audit = Table(
    "connector_audit",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("event", CleanText, nullable=False),
    Column("division", BigInteger),
    Column("kind", String),
    Column("source_id", CleanText),
    Column("detail", JsonObject, nullable=False),
    Index("connector_audit_document", "division", "kind", "source_id"),
    sqlite_autoincrement=True,
)

runs = Table(
    "connector_runs",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("plugin", String, nullable=False),
    Column("division", BigInteger),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("outcome", String),
    Column("counts", JsonObject, nullable=False),
    Column("message", CleanText),
    Column("coupling", String),
    Column("department", CleanText),
    sqlite_autoincrement=True,
)

call_budget = Table(
    "connector_call_budget",
    metadata,
    Column("provider", String, primary_key=True),
    Column("client_id", String, primary_key=True),
    Column("division", BigInteger, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("limit", Integer),
    Column("remaining", Integer),
)

api_errors = Table(
    "connector_api_errors",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("provider", String, nullable=False),
    Column("division", BigInteger, nullable=False),
    Column("endpoint", CleanText, nullable=False),
    Column("error_class", CleanText, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("connector_api_errors_recent", "provider", "division", "endpoint", "at"),
    sqlite_autoincrement=True,
)

divisions = Table(
    "connector_divisions",
    metadata,
    Column("division", BigInteger, primary_key=True, autoincrement=False),
    Column("first_met_at", UtcDateTime, nullable=False),
)

positions = Table(
    "connector_positions",
    metadata,
    Column("division", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String, primary_key=True),
    Column("value", CleanText, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

term_mirrors = Table(
    "connector_term_mirrors",
    metadata,
    Column("division", BigInteger, primary_key=True, autoincrement=False),
    Column("identity", String, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("last_version", BigInteger, nullable=False),
    Column("terms_read", BigInteger, nullable=False),
    Column("moved", String),
    Column("refreshed_at", UtcDateTime),
)

terms = Table(
    "connector_terms",
    metadata,
    Column("division", BigInteger, primary_key=True, autoincrement=False),
    Column("id", String, primary_key=True),
    Column("entry_id", String, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("account", String),
    Column("status", Integer, nullable=False),
    Column("end_date", String),
    Column("row", JsonObject, nullable=False),
    Index("connector_terms_entry", "division", "entry_id"),
    Index("connector_terms_matched", "division", "account", "end_date"),
)

term_entries = Table(
    "connector_term_entries",
    metadata,
    Column("division", BigInteger, primary_key=True, autoincrement=False),
    Column("entry_id", String, primary_key=True),
    Column("version", BigInteger, nullable=False),
    Column("timestamp", BigInteger, nullable=False),
    Column("last_row", JsonObject),
    Index("connector_term_entries_version", "division", "version", unique=True),
)

registered_payments = Table(
    "connector_payments",
    metadata,
    Column("division", BigInteger, primary_key=True, autoincrement=False),
    Column("invoice_id", CleanText, primary_key=True),
    Column("exact_id", String, nullable=False),
    Column("entry_number", BigInteger),
    Column("number", CleanText),
    Column("currency", CleanText, nullable=False),
    Column("settled", ExactDecimal, nullable=False),
    Column("settlements", JsonObject, nullable=False),
    Column("registered", JsonObject, nullable=False),
    Column("plan", JsonObject),
    Column("reported", ExactDecimal),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("connector_payments_entry", "division", "exact_id"),
)

booked_payments = Table(
    "connector_receipts",
    metadata,
    Column("division", BigInteger, primary_key=True, autoincrement=False),
    Column("source_id", CleanText, primary_key=True),
    Column("invoice_id", CleanText, nullable=False),
    Column("state", String, nullable=False),
    Column("number", CleanText),
    Column("amount", ExactDecimal, nullable=False),
    Column("currency", CleanText, nullable=False),
    Column("paid_at", String, nullable=False),
    Column("exact_id", String),
    Column("entry_number", BigInteger),
    Column("detail", JsonObject, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("connector_receipts_invoice", "division", "invoice_id"),
)

generations = Table(
    "connector_generations",
    metadata,
    Column("division", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String, primary_key=True),
    Column("generation", BigInteger, nullable=False),
)

master_data = Table(
    "connector_master_data",
    metadata,
    Column("division", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String, primary_key=True),
    Column("content", JsonObject, nullable=False),
    Column("fetched_at", UtcDateTime, nullable=False),
)

seen = Table(
    "connector_seen",
    metadata,
    Column("division", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String, primary_key=True),
    Column("id", CleanText, primary_key=True),
    Column("fields", JsonObject, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

booked = Table(
    "connector_booked",
    metadata,
    Column("division", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String, primary_key=True),
    Column("source_id", CleanText, primary_key=True),
    Column("content", JsonObject, nullable=False),
    Column("modified", String),
    Column("ours", Boolean, nullable=False),
    Column("booked_at", UtcDateTime, nullable=False),
)

files = Table(
    "connector_files",
    metadata,
    Column("division", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String, primary_key=True),
    Column("source_id", CleanText, primary_key=True),
    Column("filename", CleanText, primary_key=True),
    Column("state", String, nullable=False),
    Column("content_hash", String),
    Column("document_id", String),
    Column("attachment_id", String),
    Column("attempts", Integer, nullable=False),
    Column("not_before", UtcDateTime),
    Column("problem", String),
    Column("hint", CleanText),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("connector_files_state", "division", "state"),
    Index("connector_files_content", "content_hash"),
)

blobs = Table(
    "connector_blobs",
    metadata,
    Column("hash", String, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("kept_at", UtcDateTime),
)

downloads = Table(
    "connector_downloads",
    metadata,
    Column("source", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("source_id", CleanText, primary_key=True),
    Column("form", String, primary_key=True),
    Column("fingerprint", String),
    Column("content_hash", String),
    Column("size", BigInteger),
    Column("attempts", Integer, nullable=False),
    Column("not_before", UtcDateTime),
    Column("problem", String),
    Column("delivery", BigInteger),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("connector_downloads_problem", "source", "kind", "problem"),
    Index("connector_downloads_content", "content_hash"),
)

imported_customers = Table(
    "connector_imported_customers",
    metadata,
    Column("division", BigInteger, primary_key=True, autoincrement=False),
    Column("source_id", CleanText, primary_key=True),
    Column("type", String, nullable=False),
    Column("teamleader_id", CleanText),
    Column("how", String),
    Column("number", CleanText),
    Column("fingerprint", String, nullable=False),
    Column("company_id", CleanText),
    Column("sent_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index("connector_imported_customers_teamleader", "division", "teamleader_id"),
)
