"""documents/Documents and their attachments (exact-online 6.32-6.37)."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from sandbox.exact import wire
from sandbox.exact.refusals import BusinessRefusal
from sandbox.exact.rules.checks import Problems, exists, mandatory

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

DOCUMENTS = "documents/Documents"
ATTACHMENTS = "documents/DocumentAttachments"
MAX_BYTES = 25 * 1024 * 1024
"""Largest attachment, as a partner of Exact states it for Belgian and Dutch companies (exact-online 6.37)."""

_CATEGORY_CUSTOMERS = "35d24281-4fe4-4e45-9d26-ea31074d2fc1"


def create(state: ExactState, values: Row) -> Row:
    """A document: Subject and Type mandatory, the type must be one that may be created (exact-online 0.7, 6.33)."""
    problems: Problems = []
    mandatory(values, "Subject", "subject", problems)
    if mandatory(values, "Type", "document_type", problems):
        _check_type(state, values["Type"], problems)
    _check_references(state, values, problems)
    if problems:
        raise BusinessRefusal(*problems)
    row = {**values, "HID": state.next_number("document")}
    row["DocumentDate"] = _day(values.get("DocumentDate")) or wire.day_ms(state.today())
    row["HasEmptyBody"] = not values.get("Body")
    if values.get("Account"):
        row.setdefault("Category", _CATEGORY_CUSTOMERS)  # exact-online 6.39
    return state.insert(DOCUMENTS, row)


def update(state: ExactState, row: Row, values: Row) -> None:
    """Merge."""
    problems: Problems = []
    if "Subject" in values:
        mandatory(values, "Subject", "subject", problems)
    if values.get("Type") is not None:
        _check_type(state, values["Type"], problems)
    _check_references(state, values, problems)
    if problems:
        raise BusinessRefusal(*problems)
    changes = {name: value for name, value in values.items() if name not in {"ID", "HID"}}
    if "DocumentDate" in changes:
        changes["DocumentDate"] = _day(changes["DocumentDate"])
    state.update(DOCUMENTS, row, changes)


def delete(state: ExactState, row: Row) -> None:
    """Remove a document with its attachments; one that an entry points to stays (assumption)."""
    if state["salesentry/SalesEntries"].find("Document", row["ID"]):
        raise BusinessRefusal(("in_use", "document"))
    for attachment in state[ATTACHMENTS].find("Document", row["ID"]):
        delete_attachment(state, attachment)
    state.delete(DOCUMENTS, row)


def attach(state: ExactState, values: Row) -> Row:
    """A file of a document. The content is kept, but rows show it as null (exact-online 6.32)."""
    problems: Problems = []
    if mandatory(values, "Document", "document", problems):
        exists(state, DOCUMENTS, values["Document"], "document", problems)
    mandatory(values, "FileName", "file_name", problems)
    content = values.get("Attachment")
    if not content:
        problems.append(("mandatory", "attachment"))
    elif len(content) > MAX_BYTES:
        problems.append(("too_long", "attachment", str(MAX_BYTES)))
    if problems:
        raise BusinessRefusal(*problems)
    row = {name: value for name, value in values.items() if name != "Attachment"}
    attachment = state.insert(ATTACHMENTS, {**row, "FileSize": len(content or b"")})
    state.attachments[attachment["ID"]] = zlib.compress(content or b"", 1)
    return attachment


def content(state: ExactState, attachment_id: str) -> bytes:
    """The bytes of an attachment."""
    return zlib.decompress(state.attachments[attachment_id])


def delete_attachment(state: ExactState, row: Row) -> None:
    """Remove a file."""
    state.attachments.pop(row["ID"], None)
    state.delete(ATTACHMENTS, row)


def _check_type(state: ExactState, type_: int, problems: Problems) -> None:
    found = state["documents/DocumentTypes"].get(type_)
    if found is None:
        problems.append(("reference", "document_type"))
    elif not found["DocumentIsCreatable"]:
        problems.append(("not_allowed", "document_type"))


def _check_references(state: ExactState, values: Row, problems: Problems) -> None:
    exists(state, "crm/Accounts", values.get("Account"), "account", problems)
    if values.get("FinancialTransactionEntryID"):
        exists(state, "salesentry/SalesEntries", values["FinancialTransactionEntryID"], "entry", problems)


def _day(ms: int | None) -> int | None:
    return None if ms is None else ms - ms % wire.DAY_MS
