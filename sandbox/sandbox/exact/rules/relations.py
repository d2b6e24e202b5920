"""What hangs on an account: persons, bank accounts, addresses, mandates (exact-online 5.10, 8.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.exact.refusals import BusinessRefusal
from sandbox.exact.rules.accounts import PATH as ACCOUNTS
from sandbox.exact.rules.checks import Problems, exists, mandatory

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

CONTACTS = "crm/Contacts"
BANK_ACCOUNTS = "crm/BankAccounts"
MANDATES = "cashflow/DirectDebitMandates"


def _account_of(state: ExactState, values: Row, problems: Problems) -> Row | None:
    if not mandatory(values, "Account", "account", problems):
        return None
    return exists(state, ACCOUNTS, values["Account"], "account", problems)


def _refuse(problems: Problems) -> None:
    if problems:
        raise BusinessRefusal(*problems)


def create_contact(state: ExactState, values: Row) -> Row:
    """A contact person; LastName suffices although FirstName is marked mandatory too."""
    problems: Problems = []
    account = _account_of(state, values, problems)
    mandatory(values, "LastName", "last_name", problems)
    _refuse(problems)
    contact = state.insert(CONTACTS, {**values, "HID": state.next_number("contact")})
    if account is not None and account.get("MainContact") is None:
        state.update(ACCOUNTS, account, {"MainContact": contact["ID"]})
    return contact


def create_bank_account(state: ExactState, values: Row) -> Row:
    """A bank account of a customer: the IBAN goes in BankAccount; the first one is the main one."""
    problems: Problems = []
    _account_of(state, values, problems)
    mandatory(values, "BankAccount", "bank_account", problems)
    _refuse(problems)
    others = state[BANK_ACCOUNTS].find("Account", values["Account"])
    if not others:
        values = {**values, "Main": True}
    elif values.get("Main"):
        _unset_main(state, others)
    return state.insert(BANK_ACCOUNTS, {**values, "BankAccount": values["BankAccount"].replace(" ", "")})


def update_bank_account(state: ExactState, row: Row, values: Row) -> None:
    """Merge; a new main account takes the place of the old one."""
    problems: Problems = []
    if "Account" in values:
        _account_of(state, values, problems)
    if "BankAccount" in values:
        mandatory(values, "BankAccount", "bank_account", problems)
    _refuse(problems)
    if values.get("Main"):
        _unset_main(state, state[BANK_ACCOUNTS].find("Account", row["Account"]))
    state.update(BANK_ACCOUNTS, row, values)


def _unset_main(state: ExactState, rows: list[Row]) -> None:
    for row in rows:
        if row.get("Main"):
            state.update(BANK_ACCOUNTS, row, {"Main": False})


def create_address(state: ExactState, values: Row) -> Row:
    """An address of an account."""
    problems: Problems = []
    _account_of(state, values, problems)
    _refuse(problems)
    return state.insert("crm/Addresses", {"Type": 1, **values})


def create_mandate(state: ExactState, values: Row) -> Row:
    """A direct debit mandate: account, its bank account and the kind of payment; the reference is unique."""
    problems: Problems = []
    account = _account_of(state, values, problems)
    if mandatory(values, "BankAccount", "bank_account", problems):
        bank = exists(state, BANK_ACCOUNTS, values["BankAccount"], "bank_account", problems)
        if bank is not None and account is not None and bank["Account"] != account["ID"]:
            problems.append(("invalid", "bank_account"))
    mandatory(values, "PaymentType", "payment_type", problems)
    if values.get("Reference") and state[MANDATES].find("Reference", values["Reference"]):
        problems.append(("mandate_exists",))
    _refuse(problems)
    values.setdefault("Reference", f"M{state.next_number('mandate'):06d}")
    return state.insert(MANDATES, values)
