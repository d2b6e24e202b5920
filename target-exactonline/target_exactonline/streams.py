"""The input streams and what their records must look like (JSON Schema files in `schemas/`)."""

from __future__ import annotations

from typing import Any

from singer_shell.validation import InputSchemas

ACCOUNTS = "accounts"
SALES_ENTRIES = "sales_entries"
DELETED_ENTRIES = "deleted_entries"
SCHEMAS = InputSchemas("target_exactonline")


def kind_of(stream: str, record: dict[str, Any]) -> str:
    """Return the kind of document ("account", "invoice", "credit_note"), also of a record that is not valid."""
    if stream == ACCOUNTS:
        return "account"
    return "credit_note" if record.get("kind") == "credit_note" else "invoice"
