"""The entities of the API: fields, Edm types and flags, read from the table that was made of the vendor's reference."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sandbox.contracts import contract


@dataclass(frozen=True)
class Field:
    """A property of an entity.

    `type` is the Edm type without its prefix (`Guid`, `Double`, `Collection(SalesEntryLines)`); `create` and `update`
    say whether POST and PUT take it, `mandatory` whether the reference marks it so for POST.
    """

    name: str
    type: str
    create: bool = False
    update: bool = False
    mandatory: bool = False

    @cached_property
    def is_navigation(self) -> bool:
        """Whether the value is other rows: a `__deferred` link unless it is expanded (exact-online 3.6)."""
        return self.type.startswith("Collection(")


@dataclass(frozen=True)
class Entity:
    """An endpoint: `path` such as `crm/Accounts`, its key field, methods and fields."""

    path: str
    key: str
    methods: tuple[str, ...]
    fields: dict[str, Field]

    @property
    def base(self) -> str:
        """The path of the entity that holds the rows: sync and bulk endpoints are views."""
        return VIEWS.get(self.path, self.path)

    @property
    def is_bulk(self) -> bool:
        """Whether pages hold 1 000 rows instead of 60 (exact-online 3.8)."""
        return self.path.startswith(("sync/", "bulk/"))

    @property
    def model(self) -> str:
        """The type name in `__metadata` (exact-online 3.5)."""
        return "Exact.Web.Api.Models." + MODELS.get(self.path, self.path.rsplit("/", 1)[-1].removesuffix("s"))


VIEWS = {
    "sync/CRM/Accounts": "crm/Accounts",
    "sync/Financial/GLAccounts": "financial/GLAccounts",
    "bulk/Financial/GLAccounts": "financial/GLAccounts",
    "sync/Cashflow/PaymentTerms": "cashflow/Receivables",
    "bulk/Cashflow/Receivables": "cashflow/Receivables",
    "bulk/Financial/TransactionLines": "financialtransaction/TransactionLines",
    "hrm/Divisions": "system/Divisions",
}

MODELS = {
    "current/Me": "System.Me",
    "system/Divisions": "System.Division",
    "hrm/Divisions": "HRM.Division",
    "crm/Addresses": "Address",
    "salesentry/SalesEntries": "SalesEntry",
    "generaljournalentry/GeneralJournalEntries": "GeneralJournalEntry",
    "financialtransaction/TransactionLines": "Financial.TransactionLine",
    "bulk/Financial/TransactionLines": "Bulk.Financial.TransactionLine",
    "sync/CRM/Accounts": "Sync.CRM.Account",
    "sync/Deleted": "Sync.Deleted",
    "sync/Cashflow/PaymentTerms": "Sync.Cashflow.PaymentTerm",
    "general/Currencies": "Currency",
}

EXPANDABLE = {
    ("salesentry/SalesEntries", "SalesEntryLines"): ("salesentry/SalesEntryLines", "EntryID"),
    ("generaljournalentry/GeneralJournalEntries", "GeneralJournalEntryLines"): (
        "generaljournalentry/GeneralJournalEntryLines",
        "EntryID",
    ),
    ("crm/Accounts", "BankAccounts"): ("crm/BankAccounts", "Account"),
    ("vat/VATCodes", "VATPercentages"): ("vat/VatPercentages", "VATCodeID"),
}
"""Navigation property → (entity of its rows, field that points back). Other navigations are always empty."""

UNDOCUMENTED = {
    "crm/Accounts": ("ClientGroup", "ClientGroupDescription"),
    "documents/Documents": (
        "EntryStatusDescription",
        "ActionRegenerateEntryProposal",
        "CostcenterCode",
        "CostcenterDescription",
        "CostunitCode",
        "CostunitDescription",
    ),
}
"""Properties of rows that the reference does not name (exact-online 3.7): String, null, not writable."""


def _field(name: str, notation: str) -> Field:
    type_, _, flags = notation.partition(" ")
    return Field(name, type_, "c" in flags, "u" in flags, "m" in flags)


def _load() -> dict[str, Entity]:
    return {
        path: Entity(
            path=path,
            key=row["key"],
            methods=tuple(row["methods"]),
            fields={name: _field(name, notation) for name, notation in row["fields"].items()}
            | {name: Field(name, "String") for name in UNDOCUMENTED.get(path, ())},
        )
        for path, row in contract("exact").items()
    }


ENTITIES: dict[str, Entity] = _load()

SELECT_OBLIGATORY = frozenset(
    path
    for path in ENTITIES
    if path.startswith(("bulk/", "sync/"))
    or path in {"cashflow/Receivables", "cashflow/DirectDebitMandates", "generaljournalentry/GeneralJournalEntries"}
)
"""exact-online 3.13: without `$select` (or `$top=1`) these refuse."""

BULK_FILTERS = {
    "bulk/Cashflow/Receivables": frozenset(
        {
            "Account",
            "Document",
            "EndDate",
            "EndToEndID",
            "EntryDate",
            "EntryID",
            "GLAccount",
            "ID",
            "InvoiceDate",
            "InvoiceNumber",
            "Source",
            "Status",
            "TransactionID",
            "TransactionType",
        }
    ),
    "bulk/Financial/TransactionLines": frozenset({"Date", "FinancialYear", "GLAccount", "Modified"}),
}
"""Fields that a bulk endpoint filters on: as the reference lists them (exact-online 3.15), or as clients do (7.14)."""
