"""Which function carries out which action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.teamleader import account_actions as account
from sandbox.teamleader import customer_actions as customers
from sandbox.teamleader import document_actions as documents
from sandbox.teamleader import invoice_writing as invoices

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.teamleader.model import Row
    from sandbox.teamleader.state import TeamleaderState

ACTIONS: dict[str, Callable[[TeamleaderState, Row], Row | None]] = {
    "departments.list": account.departments_list,
    "users.me": account.users_me,
    "customFieldDefinitions.list": account.custom_fields_list,
    "companies.list": customers.list_action("company"),
    "companies.info": customers.info_action("company"),
    "companies.add": customers.add_action("company"),
    "companies.update": customers.update_action("company"),
    "companies.tag": customers.tag_action("company", on=True),
    "companies.untag": customers.tag_action("company", on=False),
    "companies.delete": customers.companies_delete,
    "contacts.list": customers.list_action("contact"),
    "contacts.info": customers.info_action("contact"),
    "contacts.add": customers.add_action("contact"),
    "contacts.update": customers.update_action("contact"),
    "contacts.tag": customers.tag_action("contact", on=True),
    "contacts.untag": customers.tag_action("contact", on=False),
    "contacts.linkToCompany": customers.link_to_company,
    "tags.list": account.tags_list,
    "invoices.list": documents.invoices_list,
    "invoices.info": documents.invoices_info,
    "invoices.draft": invoices.draft,
    "invoices.book": invoices.book,
    "invoices.update": invoices.update,
    "invoices.updateBooked": invoices.update_booked,
    "invoices.registerPayment": invoices.register_payment,
    "invoices.removePayments": invoices.remove_payments,
    "invoices.delete": invoices.delete,
    "creditNotes.list": documents.credit_notes_list,
    "creditNotes.info": documents.credit_notes_info,
    "subscriptions.list": documents.subscriptions_list,
    "taxRates.list": account.tax_rates_list,
    "paymentTerms.list": account.payment_terms_list,
    "paymentMethods.list": account.payment_methods_list,
    "productCategories.list": account.product_categories_list,
}
DOWNLOADS: dict[str, Any] = {"invoices.download": "invoice", "creditNotes.download": "credit_note"}
