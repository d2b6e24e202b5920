"""Which rules apply to which entity when it is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sandbox.exact.rules import accounts, documents, general_journal, master_data, relations, sales_entries

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row


@dataclass(frozen=True)
class Rules:
    """How rows of an entity are created, merged and removed. Methods that the reference does not list stay idle."""

    create: Callable[[ExactState, Row], Row]
    update: Callable[[ExactState, Row, Row], None]
    delete: Callable[[ExactState, Row], None]


def _merge(path: str, state: ExactState, row: Row, values: Row) -> None:
    state.update(path, row, values)


def _remove(path: str, state: ExactState, row: Row) -> None:
    state.delete(path, row)


def _insert(path: str, state: ExactState, values: Row) -> Row:
    return state.insert(path, values)


def _master_data(path: str) -> Rules:
    def create(state: ExactState, values: Row) -> Row:
        return master_data.create(state, path, values)

    def update(state: ExactState, row: Row, values: Row) -> None:
        master_data.update(state, path, row, values)

    return Rules(create, update, partial(_remove, path))


def _plain(path: str, create: Callable[[ExactState, Row], Row] | None = None) -> Rules:
    return Rules(create or partial(_insert, path), partial(_merge, path), partial(_remove, path))


RULES = {
    "crm/Accounts": Rules(accounts.create, accounts.update, accounts.delete),
    "crm/Contacts": _plain("crm/Contacts", relations.create_contact),
    "crm/BankAccounts": Rules(
        relations.create_bank_account, relations.update_bank_account, partial(_remove, "crm/BankAccounts")
    ),
    "crm/Addresses": _plain("crm/Addresses", relations.create_address),
    "cashflow/DirectDebitMandates": _plain("cashflow/DirectDebitMandates", relations.create_mandate),
    "cashflow/Receivables": _plain("cashflow/Receivables"),
    "documents/Documents": Rules(documents.create, documents.update, documents.delete),
    "documents/DocumentAttachments": Rules(
        documents.attach, partial(_merge, "documents/DocumentAttachments"), documents.delete_attachment
    ),
    "salesentry/SalesEntries": Rules(sales_entries.create, sales_entries.update, sales_entries.delete),
    "salesentry/SalesEntryLines": Rules(
        sales_entries.create_line, sales_entries.update_line, sales_entries.delete_line
    ),
    "generaljournalentry/GeneralJournalEntries": Rules(
        general_journal.create, general_journal.keep, general_journal.delete
    ),
    "generaljournalentry/GeneralJournalEntryLines": Rules(
        general_journal.create_line, general_journal.keep, general_journal.delete_line
    ),
    **{
        path: _master_data(path)
        for path in (
            "financial/GLAccounts",
            "financial/Journals",
            "financial/ExchangeRates",
            "vat/VATCodes",
            "cashflow/PaymentConditions",
            "hrm/Costcenters",
            "hrm/Costunits",
        )
    },
}
