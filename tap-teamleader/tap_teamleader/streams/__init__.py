"""The streams, in the order in which they are read: what documents refer to comes before the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tap_teamleader.streams.customers import Companies, Contacts
from tap_teamleader.streams.deleted import DeletedDocuments
from tap_teamleader.streams.documents import CreditNotes, Invoices
from tap_teamleader.streams.reference import Departments, PaymentTerms, ProductCategories, Subscriptions, TaxRates

if TYPE_CHECKING:
    from tap_teamleader.streams.base import TeamleaderStream

STREAMS: Final[tuple[type[TeamleaderStream], ...]] = (
    Departments,
    TaxRates,
    ProductCategories,
    PaymentTerms,
    DeletedDocuments,
    Companies,
    Contacts,
    Invoices,
    CreditNotes,
    Subscriptions,
)
