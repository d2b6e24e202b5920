"""The input streams, and what their records must look like."""

from __future__ import annotations

from singer_shell.validation import InputSchemas

PAYMENTS = "payments"
COMPANIES = "companies"
CONTACTS = "contacts"
SCHEMAS = InputSchemas("target_teamleader")
