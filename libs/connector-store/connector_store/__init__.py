"""Durable memory of a coupling: tokens, links, intents, rejects, locks, call budget and audit trail."""

from __future__ import annotations

from connector_store.audit import AuditEntry
from connector_store.budget import CallBudget, DayBudget, ErrorBudget
from connector_store.customers import Customers
from connector_store.errors import (
    LockBusyError,
    StoreError,
    StoreKeyError,
    StoreTooNewError,
    StoreUnavailableError,
)
from connector_store.links import Link, Links
from connector_store.memory import Memory
from connector_store.payments import Payment, Payments
from connector_store.receipts import Receipt, Receipts
from connector_store.rejects import Reject, Rejects
from connector_store.runs import Run, Runs
from connector_store.store import ConnectorStore
from connector_store.terms import EntryTerms, Mirror, Term, Terms
from connector_store.tokens import Token, TokenVault

__all__ = [
    "AuditEntry",
    "CallBudget",
    "ConnectorStore",
    "Customers",
    "DayBudget",
    "EntryTerms",
    "ErrorBudget",
    "Link",
    "Links",
    "LockBusyError",
    "Memory",
    "Mirror",
    "Payment",
    "Payments",
    "Receipt",
    "Receipts",
    "Reject",
    "Rejects",
    "Run",
    "Runs",
    "StoreError",
    "StoreKeyError",
    "StoreTooNewError",
    "StoreUnavailableError",
    "Term",
    "Terms",
    "Token",
    "TokenVault",
]
