"""The input stream and what its records must look like (JSON Schema in `schemas/`)."""

from __future__ import annotations

from singer_shell.validation import InputSchemas

PAYMENTS = "payments"
SCHEMAS = InputSchemas("target_teamleader")
