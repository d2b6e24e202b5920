"""All that is wrong between the settings and the administration, at once, before anything is written."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from exactonline_api.setting_keys import canonical_rate
from target_exactonline.booking import ledger, vat
from target_exactonline.booking.entry import usable_journal
from target_exactonline.booking.terms import DIRECT_DEBIT
from target_exactonline.payments import clearing
from target_exactonline.reasons import Rejected

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from target_exactonline.booking.master import MasterData
    from target_exactonline.booking.rules import Rules

_LEADING_RATE = re.compile(r"(\d+(?:[.,]\d+)?) ?%")


def check_settings(rules: Rules, master: MasterData, today: date) -> list[str]:
    """Return one readable line per problem; empty when documents of `today` can be booked with these settings."""
    return [
        *stopping_problems(rules, master),
        *_vat_problems(rules, master, today),
        *_ledger_problems(rules, master),
        *_condition_problems(rules, master),
        *_period_problems(rules, master, today),
        *_payment_problems(rules, master),
    ]


def stopping_problems(rules: Rules, master: MasterData) -> list[str]:
    """Return the problems that make every document wrong, so that a run must end before its first write.

    The other lines of `check_settings` concern single rates, accounts or terms: the documents that need them are
    rejected one by one, and the rest can be booked.
    """
    lines = []
    for setting, code in (
        ("invoice_journal", rules.invoice_journal),
        ("credit_note_journal", rules.credit_note_journal),
    ):
        lines += _problem(setting, usable_journal, code, master)
    return lines


def _problem(setting: str, rule: Callable[..., object], *arguments: object) -> list[str]:
    """Return the line about a setting that a booking rule refuses, in a list that is empty when it does not."""
    try:
        rule(*arguments)
    except Rejected as rejected:
        return [f"{setting}: {rejected.rejection.reason}. {rejected.rejection.hint}"]
    return []


def _vat_problems(rules: Rules, master: MasterData, today: date) -> list[str]:
    lines = []
    for name, wanted in rules.vat_codes.items():
        setting = f"vat_codes, {name!r}"
        code = master.vat_codes.get(wanted)
        if code is None:
            lines.append(f"{setting}: VAT code {wanted} does not exist in Exact. Create it there or map another one.")
            continue
        stated = _LEADING_RATE.match(canonical_rate(name))
        fraction = Decimal(stated[1].replace(",", ".")) / 100 if stated else None
        refusal = vat.unfit(code, today, fraction)
        if refusal is not None:
            lines.append(f"{setting}: {refusal.reason}. {refusal.hint}")
    return lines


def _ledger_problems(rules: Rules, master: MasterData) -> list[str]:
    named = {f"gl_accounts, {number!r}": code for number, code in rules.gl_accounts.items()}
    named |= {f"gl_accounts_by_tax_rate, {rate!r}": code for rate, code in rules.gl_accounts_by_tax_rate.items()}
    for setting in ("default_gl_account", "discount_gl_account"):
        code = getattr(rules, setting)
        if code:
            named[setting] = code
    lines = []
    for setting, code in named.items():
        lines += _problem(setting, ledger.usable_account, code, rules, master.gl_accounts)
    return lines


def _condition_problems(rules: Rules, master: MasterData) -> list[str]:
    named = {f"payment_conditions, {term!r}": (term, code) for term, code in rules.payment_conditions.items()}
    if rules.default_payment_condition:
        named["default_payment_condition"] = ("", rules.default_payment_condition)
    lines = []
    for setting, (term, code) in named.items():
        condition = master.payment_conditions.get(code)
        if condition is None:
            lines.append(f"{setting}: payment condition {code} does not exist in Exact. Create it or map another one.")
        elif term == DIRECT_DEBIT and not condition.collects:
            lines.append(
                f"{setting}: payment condition {code} has payment method {condition.method}, not I (collection). "
                "Map direct debit to a condition that collects."
            )
    return lines


def _payment_problems(rules: Rules, master: MasterData) -> list[str]:
    if not rules.book_payments:
        return []
    return [
        *_problem("payment_journal", clearing.payment_journal, rules, master),
        *_problem("payment_gl_account", clearing.clearing_account, rules, master),
    ]


def _period_problems(rules: Rules, master: MasterData, today: date) -> list[str]:
    lines = []
    if master.periods.find(today) is None:
        lines.append(f"Exact has no financial period for {today}. Open the financial year there.")
    if rules.closed_until is not None and rules.closed_until >= today:
        lines.append(f"closed_until: {rules.closed_until} is not in the past, so that no document can be booked.")
    return lines
