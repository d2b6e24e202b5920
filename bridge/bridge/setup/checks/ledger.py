"""Ledger accounts of lines and discounts exist, take sales, and look like turnover."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bridge.setup.checks.catalogue import found
from exactonline_api.master_data import CONTROL_TYPES, REVENUE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.setup.checks.finding import Finding
    from bridge.setup.facts import Facts

TURNOVER: Final = {"BE": ("7",), "NL": ("8",), "LU": ("7",), "FR": ("7",)}
"""First digit of turnover accounts by country (accounting: charts of accounts of Belgium and the Netherlands)."""
REVENUE: Final = 110


def check(facts: Facts) -> Iterator[Finding]:
    """Yield what is wrong, once per account."""
    if facts.administration.gl_accounts is None:
        return
    judged: set[str] = set()
    for why, code in _named(facts):
        if code not in judged:
            judged.add(code)
            yield from _judge(facts, why, code)
    if any(number is None for number in (facts.department.categories or {}).values()) and not facts.text(
        "default_gl_account"
    ):
        yield found(
            "default_account_missing", "default_gl_account", "Some products have no ledger number in Teamleader"
        )
    if facts.target.get("book_payments"):
        yield from _clearing(facts)


def _named(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield (where it comes from, code in Exact) of every account that lines may be booked on."""
    mapping = facts.codes("gl_accounts")
    for name, number in (facts.department.categories or {}).items():
        if number is not None:
            yield f"product category {name!r}", mapping.get(number, number)
    for number, code in mapping.items():
        yield f"gl_accounts, {number!r}", code
    for rate, code in facts.codes("gl_accounts_by_tax_rate").items():
        yield f"gl_accounts_by_tax_rate, {rate!r}", code
    for setting in ("default_gl_account", "discount_gl_account"):
        chosen = facts.text(setting)
        if chosen is not None:
            yield setting, chosen


def _judge(facts: Facts, why: str, code: str) -> Iterator[Finding]:
    account = (facts.administration.gl_accounts or {}).get(code)
    if account is None:
        yield found("ledger_account_unknown", code, f"Ledger account {code} ({why}) does not exist in Exact")
    elif account.blocked:
        yield found("ledger_account_blocked", code, f"Ledger account {code} ({why}) is blocked")
    elif account.type not in REVENUE_TYPES | set(facts.target.get("other_gl_account_types") or []):
        message = f"Ledger account {code} ({why}) is of type {account.type}, on which no sales are booked"
        yield found("ledger_account_type", code, message)
    elif account.type == REVENUE and not code.startswith(TURNOVER.get(facts.administration.country, ("",))):
        message = f"Ledger account {code} ({why}) does not begin as turnover does in {facts.administration.country}"
        yield found("ledger_account_unusual", code, message)


def _clearing(facts: Facts) -> Iterator[Finding]:
    code = facts.text("payment_gl_account")
    account = (facts.administration.gl_accounts or {}).get(code or "")
    if account is None:
        name = code or "payment_gl_account"
        yield found(
            "ledger_account_unknown", name, f"Ledger account {name} (payment_gl_account) does not exist in Exact"
        )
    elif account.blocked:
        yield found("ledger_account_blocked", account.code, f"Ledger account {code} (payment_gl_account) is blocked")
    elif account.type in CONTROL_TYPES:
        message = f"Ledger account {code} (payment_gl_account) is a receivable, payable or VAT account"
        yield found("ledger_account_type", account.code, message)
