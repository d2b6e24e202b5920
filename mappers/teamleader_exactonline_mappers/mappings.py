"""The table of each mapping: which stream becomes which, and by what function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from teamleader_exactonline_mappers.customers import account_of_company, account_of_contact
from teamleader_exactonline_mappers.documents import deleted_entry, sales_entry
from teamleader_exactonline_mappers.exact_customers import company, contact_person, person
from teamleader_exactonline_mappers.payments import payment

if TYPE_CHECKING:
    from teamleader_exactonline_mappers.reference_data import ReferenceData

Record = dict[str, Any]


class Route(NamedTuple):
    """Where the records of a stream go."""

    output: str
    """The output stream."""
    mapped: Callable[[Record, ReferenceData], Record | None]
    """The mapping of a record, its identity under `id`; None leaves it out."""
    bare: Callable[[str], Record]
    """A record of this identity of which nothing else could be told."""
    key: str = "id"
    """The field that identifies a record."""
    nameless: str = "document_id_missing"
    """The problem of a record without identity."""
    tells_problems: bool = True
    """Whether the output has `problems`, so that the target can reject it with a reason."""


Routes = Mapping[str, tuple[Route, ...]]

FORWARD: Final = "teamleader-to-exactonline"
REVERSE: Final = "exactonline-to-teamleader"
CUSTOMERS: Final = "exactonline-customers-to-teamleader"

MAPPINGS: Final[Mapping[str, Routes]] = {
    FORWARD: {
        "companies": (
            Route(
                "accounts",
                lambda company, _tables: account_of_company(company),
                lambda company_id: {"id": f"company:{company_id}", "name": None},
                tells_problems=False,
            ),
        ),
        "contacts": (
            Route(
                "accounts",
                lambda contact, _tables: account_of_contact(contact),
                lambda contact_id: {"id": f"contact:{contact_id}", "name": None},
                tells_problems=False,
            ),
        ),
        "deleted_documents": (
            Route(
                "deleted_entries",
                lambda deletion, _tables: deleted_entry(deletion),
                lambda document_id: {"id": document_id, "kind": "invoice"},
                tells_problems=False,
            ),
        ),
        "invoices": (
            Route(
                "sales_entries",
                lambda invoice, reference: sales_entry(invoice, "invoice", reference),
                lambda invoice_id: {"id": invoice_id, "kind": "invoice", "lines": []},
            ),
        ),
        "credit_notes": (
            Route(
                "sales_entries",
                lambda credit_note, reference: sales_entry(credit_note, "credit_note", reference),
                lambda credit_note_id: {"id": credit_note_id, "kind": "credit_note", "lines": []},
            ),
        ),
    },
    REVERSE: {
        "receivables": (
            Route(
                "payments",
                lambda receivable, _tables: payment(receivable),
                lambda entry_id: {"id": entry_id, "settlements": []},
                key="TransactionEntryID",
                nameless="receivable_unreadable",
            ),
        ),
    },
    CUSTOMERS: {
        "accounts": (
            Route(
                "companies",
                lambda account, tables: None if person(account, tables) else company(account),
                lambda account_id: {"id": account_id, "name": None},
                key="ID",
                nameless="customer_unidentified",
            ),
            Route(
                "contacts",
                person,
                lambda account_id: {"id": account_id, "last_name": None},
                key="ID",
                nameless="customer_unidentified",
            ),
        ),
        "contacts": (
            Route(
                "contacts",
                lambda contact, _tables: contact_person(contact),
                lambda contact_id: {"id": contact_id, "last_name": None},
                key="ID",
                nameless="customer_unidentified",
            ),
        ),
    },
}
"""Per mapping what becomes of its input streams; every other stream is for remembering or for nothing."""
