"""Where payments of Teamleader are booked: a general journal and a clearing account, named by the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exactonline_api.master_data import CONTROL_TYPES
from target_exactonline.reasons import refuse

if TYPE_CHECKING:
    from decimal import Decimal

    from exactonline_api.master_data import GLAccount, Journal
    from target_exactonline.booking.master import MasterData
    from target_exactonline.booking.rules import Rules
    from target_exactonline.payments.amounts import Receivable

GENERAL_JOURNAL = 90
"""Journals.Type of a general journal (exact-online 8.1)."""


def payment_journal(rules: Rules, master: MasterData) -> Journal:
    """Return the journal that payments are booked in.

    Raises:
        Rejected: payment_journal.
    """
    code = rules.payment_journal or ""
    journal = master.journals.get(code)
    if journal is None:
        raise refuse("payment_journal", f"Journal {code} does not exist in Exact")
    if journal.type != GENERAL_JOURNAL:
        raise refuse("payment_journal", f"Journal {code} is of type {journal.type}, not a general journal")
    if journal.blocked:
        raise refuse("payment_journal", f"Journal {code} is blocked in Exact")
    return journal


def clearing_account(rules: Rules, master: MasterData) -> GLAccount:
    """Return the ledger account that payments are booked against.

    Raises:
        Rejected: payment_gl_account.
    """
    code = rules.payment_gl_account or ""
    account = master.gl_accounts.get(code)
    if account is None:
        raise refuse("payment_gl_account", f"Ledger account {code} does not exist in Exact")
    if account.blocked:
        raise refuse("payment_gl_account", f"Ledger account {code} is blocked in Exact")
    if account.type in CONTROL_TYPES:
        raise refuse("payment_gl_account", f"Ledger account {code} is a receivable, payable or VAT account")
    return account


def payment_rate(receivable: Receivable, journal: Journal, master: MasterData) -> Decimal | None:
    """Return the exchange rate to send: that of the receivable, so that its settlement leaves no difference.

    Raises:
        Rejected: payment_currency.
    """
    if receivable.currency == master.currency:
        return None
    if not (journal.any_currency or receivable.currency == journal.currency) or not journal.own_rate:
        raise refuse(
            "payment_currency",
            f"Journal {journal.code} takes no payment in {receivable.currency} at the rate of its invoice",
            journal=journal.code,
        )
    return receivable.rate
