"""Receivables as the three endpoints show them: the rows, the payment terms of sync, the list of open items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.exact.derived import by_code, entry_header, invoice, through

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.derived import Derive
    from sandbox.exact.entity_table import Row

OPEN_BELOW = 50
RECEIVABLE_LINE = 20


def _of_invoice(derive: Derive) -> Derive:
    return lambda state, row: derive(state, entry_header(state, row["TransactionEntryID"]))


def _negated(field: str) -> Derive:
    return lambda _state, row: -row[field]


def _bank_account(field: str) -> Derive:
    def derive(state: ExactState, row: Row) -> Any:
        customer = entry_header(state, row["TransactionEntryID"]).get("Customer")
        accounts = state["crm/BankAccounts"].find("Account", customer)
        main = next((one for one in accounts if one.get("Main")), None)
        return None if main is None else main.get(field)

    return derive


def _receivable_account(field: str) -> Derive:
    return lambda state, row: (state["financial/GLAccounts"].get(row.get("GLAccount")) or {}).get(field)


RECEIVABLE_FIELDS: dict[str, Derive] = {
    "Account": invoice("Customer"),
    "AccountBankAccountID": _bank_account("ID"),
    "AccountBankAccountNumber": _bank_account("BankAccount"),
    "AccountCode": _of_invoice(through("crm/Accounts", "Customer", "Code")),
    "AccountCountry": _of_invoice(through("crm/Accounts", "Customer", "Country")),
    "AccountName": _of_invoice(through("crm/Accounts", "Customer", "Name")),
    "Currency": invoice("Currency"),
    "EntryDate": invoice("EntryDate"),
    "EntryNumber": invoice("EntryNumber"),
    "GLAccountCode": _receivable_account("Code"),
    "GLAccountDescription": _receivable_account("Description"),
    "InvoiceDate": invoice("EntryDate"),
    "InvoiceNumber": invoice("EntryNumber"),
    "IsFullyPaid": lambda _state, row: row["Status"] == OPEN_BELOW,
    "Journal": invoice("Journal"),
    "JournalDescription": _of_invoice(by_code("financial/Journals", "Journal")),
    "OrderNumber": invoice("OrderNumber"),
    "PaymentCondition": invoice("PaymentCondition"),
    "PaymentConditionDescription": _of_invoice(by_code("cashflow/PaymentConditions", "PaymentCondition")),
    "PaymentDays": _of_invoice(by_code("cashflow/PaymentConditions", "PaymentCondition", "PaymentDays")),
    "RateFC": invoice("Rate"),
    "TransactionAmountDC": _negated("AmountDC"),  # exact-online 7.4: the other sign of the amount
    "TransactionAmountFC": _negated("AmountFC"),
    "TransactionDueDate": invoice("DueDate"),
    "TransactionReportingPeriod": invoice("ReportingPeriod"),
    "TransactionReportingYear": invoice("ReportingYear"),
    "TransactionStatus": invoice("Status"),
    "TransactionType": invoice("Type"),
    "YourRef": invoice("YourRef"),
}

TERM_FIELDS: dict[str, Derive] = {"LineType": lambda _state, row: row.get("LineType", RECEIVABLE_LINE)}
