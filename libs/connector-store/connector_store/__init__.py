"""Durable memory of a coupling: tokens, links, intents, rejects, locks, call budget and audit trail."""

from __future__ import annotations

from connector_store.account_rows import AccountRows, KeptAccounts
from connector_store.audit import AuditEntry
from connector_store.booked import Booked, BookedEntry
from connector_store.booked_payments import BookedPayment, BookedPayments, BookedState
from connector_store.budget import CallBudget, DayBudget, ErrorBudget
from connector_store.customers import Customers
from connector_store.details import (
    AccountDetail,
    BookedLine,
    BookedPaymentDetail,
    DocumentDetail,
    EntryChange,
    Paid,
    RefusedChange,
    RegisterPlan,
    RemovalStep,
    RemovePlan,
    SettledPart,
    Step,
    Verb,
)
from connector_store.division_store import DivisionStore
from connector_store.downloads import Download, Downloads
from connector_store.errors import (
    LockBusyError,
    StoreError,
    StoreKeyError,
    StoreTooNewError,
    StoreUnavailableError,
)
from connector_store.facts import WHOLE_STORE, Generations, MasterData, Seen
from connector_store.files import File, Files, FileState
from connector_store.imported_customers import CustomerType, ImportedCustomer, ImportedCustomers, ImportedHow
from connector_store.link import How, Link, State
from connector_store.links import Links
from connector_store.registered_payments import RegisteredPayment, RegisteredPayments
from connector_store.rejects import Reject, Rejects, Status
from connector_store.runs import Run, Runs
from connector_store.spool import Spool
from connector_store.store import ConnectorStore
from connector_store.terms import EntryTerms, Mirror, Term, Terms
from connector_store.tokens import Token, TokenVault

__all__ = [
    "WHOLE_STORE",
    "AccountDetail",
    "AccountRows",
    "AuditEntry",
    "Booked",
    "BookedEntry",
    "BookedLine",
    "BookedPayment",
    "BookedPaymentDetail",
    "BookedPayments",
    "BookedState",
    "CallBudget",
    "ConnectorStore",
    "CustomerType",
    "Customers",
    "DayBudget",
    "DivisionStore",
    "DocumentDetail",
    "Download",
    "Downloads",
    "EntryChange",
    "EntryTerms",
    "ErrorBudget",
    "File",
    "FileState",
    "Files",
    "Generations",
    "How",
    "ImportedCustomer",
    "ImportedCustomers",
    "ImportedHow",
    "KeptAccounts",
    "Link",
    "Links",
    "LockBusyError",
    "MasterData",
    "Mirror",
    "Paid",
    "RefusedChange",
    "RegisterPlan",
    "RegisteredPayment",
    "RegisteredPayments",
    "Reject",
    "Rejects",
    "RemovalStep",
    "RemovePlan",
    "Run",
    "Runs",
    "Seen",
    "SettledPart",
    "Spool",
    "State",
    "Status",
    "Step",
    "StoreError",
    "StoreKeyError",
    "StoreTooNewError",
    "StoreUnavailableError",
    "Term",
    "Terms",
    "Token",
    "TokenVault",
    "Verb",
]
