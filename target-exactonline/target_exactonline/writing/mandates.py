"""What a collection needs in Exact besides the entry: the customer's bank account and mandate (accounting rule 30).

They are checked for a batch at a time, two calls. They are created only with the setting `create_mandates`. Whatever
goes wrong here is a warning: the entry is booked, and its collection can be mended in Exact.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from exactonline_api.errors import OutcomeUnknown, RecordRefused
from exactonline_api.odata import any_of, chunks, guid
from target_exactonline.booking import check_collection, is_direct_debit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exactonline_api import ExactClient
    from target_exactonline.administration import Administration
    from target_exactonline.booking import BankAccount
    from target_exactonline.writing.search import Row

BANK_ACCOUNTS = "crm/BankAccounts"
MANDATES = "cashflow/DirectDebitMandates"
_BANK_FIELDS = ("ID", "Account", "BankAccount", "Main", "Blocked")
_MANDATE_FIELDS = ("ID", "Account", "Reference", "BankAccount", "CancellationDate")


def see_to_collections(administration: Administration, booked: Iterable[tuple[dict[str, Any], str]]) -> None:
    """Check, and create when asked, what the direct debits among (record, account GUID) pairs need."""
    pairs = [(record, account) for record, account in booked if is_direct_debit(record)]
    if not pairs:
        return
    accounts = sorted({account for _, account in pairs})
    bank_accounts = _by_account(administration.client, BANK_ACCOUNTS, _BANK_FIELDS, accounts)
    mandates = _by_account(administration.client, MANDATES, _MANDATE_FIELDS, accounts)
    for record, account in pairs:
        found = check_collection(record, None, bank_accounts[account], mandates[account])
        plan = found.plan
        if administration.rules.create_mandates and plan is not None and found.bank_account is not None:
            body = plan.body(account, found.bank_account)
            if _create(administration, MANDATES, body, f"mandate of {record['number']}"):
                mandates[account].append({"ID": plan.reference, "Account": account, "Reference": plan.reference})
                continue
        for warning in found.warnings:
            administration.outcomes.logger.warning("%s %s: %s", record["kind"], record["number"], warning)


def ensure_bank_account(administration: Administration, account: str, bank_account: BankAccount) -> None:
    """Give an account in Exact this bank account, when it has it not."""
    rows = _by_account(administration.client, BANK_ACCOUNTS, _BANK_FIELDS, [account])[account]
    held = {"".join(str(row["BankAccount"]).split()).upper() for row in rows}
    if bank_account.iban not in held:
        _create(administration, BANK_ACCOUNTS, bank_account.body(account), f"bank account of customer {account}")


def _by_account(client: ExactClient, path: str, fields: tuple[str, ...], accounts: list[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for part in chunks(accounts):
        condition = any_of("Account", [guid(each) for each in part])
        for row in client.rows(path, select=fields, filter=condition):
            found[str(row["Account"])].append(row)
    return found


def _create(administration: Administration, path: str, body: dict[str, Any], what: str) -> bool:
    if administration.dry_run or not administration.breaker.allows(path):
        return False
    try:
        administration.client.post(path, body)
    except RecordRefused as error:
        administration.breaker.record(path, "mandate_missing", error.status)
        administration.outcomes.logger.warning("Exact refused the %s", what)
        return False
    except OutcomeUnknown:
        administration.outcomes.logger.warning(
            "Exact gave no answer to the %s; the next direct debit looks for it", what
        )
        return False
    return True
