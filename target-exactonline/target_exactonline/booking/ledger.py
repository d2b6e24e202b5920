"""The ledger account, cost centre and cost unit of a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exactonline_api.master_data import REVENUE_TYPES
from target_exactonline.booking import vat
from target_exactonline.reasons import Rejected, Rejection, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exactonline_api.master_data import GLAccount
    from target_exactonline.booking.rules import Rules


def resolve_account(line: Mapping[str, Any], rules: Rules, accounts: Mapping[str, GLAccount]) -> GLAccount:
    """Return the account of a line: its ledger number through gl_accounts, or the same number.

    Without a number it is the account of the line's tax rate, else the default. A line that has a ledger number never
    falls back to them: its account was chosen by somebody. Nor does one whose product category the source cannot name,
    unless the id of that category is in gl_accounts.

    Raises:
        Rejected: gl_account_missing, gl_account_unknown, gl_account_blocked or gl_account_not_revenue.
    """
    number = (line.get("ledger_number") or "").strip()
    category = (line.get("product_category_id") or "").strip()
    if not number and category in rules.gl_accounts:
        number = category
    elif not number and category and not line.get("product_category"):
        reason = f"The product category with id {category} has no name at the source"
        raise refuse("gl_account_unknown", reason, gl_account=category)
    code = rules.gl_accounts.get(number, number) if number else _without_number(line, rules)
    if not code:
        raise refuse("gl_account_missing", "A line has no ledger number and default_gl_account is not set")
    return usable_account(code, rules, accounts)


def _without_number(line: Mapping[str, Any], rules: Rules) -> str | None:
    by_rate = vat.mapped_code(line, rules.gl_accounts_by_tax_rate)[0] if rules.gl_accounts_by_tax_rate else None
    return by_rate or rules.default_gl_account


def usable_account(code: str, rules: Rules, accounts: Mapping[str, GLAccount]) -> GLAccount:
    """Return the account with this code if sales lines may be booked on it.

    Raises:
        Rejected: gl_account_unknown, gl_account_blocked or gl_account_not_revenue.
    """
    account = accounts.get(code)
    if account is None:
        raise refuse("gl_account_unknown", f"Ledger account {code} does not exist in Exact", gl_account=code)
    refusal = unfit(account, rules)
    if refusal is not None:
        raise Rejected(refusal)
    return account


def unfit(account: GLAccount, rules: Rules) -> Rejection | None:
    """Return why sales lines cannot be booked on an account; None when they can."""
    if account.blocked:
        reason = f"Ledger account {account.code} is blocked in Exact"
        return Rejection.of("gl_account_blocked", reason, gl_account=account.code)
    if account.type not in REVENUE_TYPES | rules.other_gl_account_types:
        reason = f"Ledger account {account.code} is of type {account.type}, not a revenue account"
        return Rejection.of("gl_account_not_revenue", reason, gl_account=account.code)
    return None


def analytical_code(codes: Mapping[str, str], line: Mapping[str, Any] | None, department: str | None) -> str | None:
    """Return a line's cost centre or cost unit: that of its product category, else that of the department."""
    for key in ((line or {}).get("product_category"), department):
        if key and key in codes:
            return codes[key]
    return None
