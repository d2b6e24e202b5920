"""Header of a sales entry: customer, journal, dates, period, terms, currency (exact-online 6.1-6.12)."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from sandbox.exact import wire
from sandbox.exact.administration import CURRENCY
from sandbox.exact.rules.checks import Problems, code_exists, exists, mandatory

if TYPE_CHECKING:
    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

SALES_JOURNAL = 20
_CONDITIONS = "cashflow/PaymentConditions"


def customer(state: ExactState, values: Row, problems: Problems) -> Row | None:
    """The account: of status C, not blocked, not ended (exact-online 5.2)."""
    if not mandatory(values, "Customer", "account", problems):
        return None
    account = exists(state, "crm/Accounts", values["Customer"], "customer", problems)
    if account is None:
        return None
    if account["Status"] != "C":
        problems.append(("invalid", "customer_type"))
    if account.get("Blocked") or (account.get("EndDate") or 2**62) < wire.day_ms(state.today()):
        problems.append(("blocked", "customer"))
    return account


def journal(state: ExactState, values: Row, problems: Problems) -> Row | None:
    """The journal, named by its code: of type 20, not blocked (exact-online 6.1, 8.1)."""
    if not mandatory(values, "Journal", "journal", problems):
        return None
    row = code_exists(state, "financial/Journals", values["Journal"], "journals", problems)
    if row is None:
        return None
    if row["Type"] != SALES_JOURNAL:
        problems.append(("invalid", "journal_type"))
    if row.get("IsBlocked"):
        problems.append(("invalid", "journal"))
    return row


def receivable_account(account: Row | None, book: Row | None, problems: Problems) -> None:
    """The customer's own receivable account must be the journal's."""
    own = (account or {}).get("GLAR")
    if own is not None and book is not None and own != book.get("GLAccount"):
        problems.append(("other_receivable_account",))


def payment_condition(state: ExactState, values: Row, account: Row | None, problems: Problems) -> Row | None:
    """The condition that is sent, else the customer's, else the company's (exact-online 6.10)."""
    code = values.get("PaymentCondition")
    code = code or (account or {}).get("PaymentConditionSales") or state.default_payment_condition
    if not code:
        problems.append(("mandatory", "payment_condition"))
        return None
    return code_exists(state, _CONDITIONS, code, "payment_condition", problems)


def due_date(entry_ms: int, condition: Row) -> int:
    """Entry date plus days; or the end of so many months, plus days (exact-online 8.6)."""
    day = wire.ms_day(entry_ms)
    months = condition.get("PaymentEndOfMonths") or 0
    if months:
        year, month = divmod(day.year * 12 + day.month - 1 + months - 1, 12)
        day = date(year, month + 1, calendar.monthrange(year, month + 1)[1])
    return wire.day_ms(day + timedelta(days=condition.get("PaymentDays") or 0))


def currency(state: ExactState, values: Row, book: Row | None, problems: Problems) -> str:
    """The currency: an active one, and the journal's own unless the journal lets it vary (exact-online 6.11)."""
    code = values.get("Currency") or CURRENCY
    if code not in state["general/Currencies"]:
        problems.append(("reference", "currency"))
    elif book is not None and code != book.get("Currency", CURRENCY) and not book.get("AllowVariableCurrency"):
        problems.append(("not_allowed", "currency"))
    return code


def rate(state: ExactState, values: Row, code: str, date_ms: int, book: Row | None, problems: Problems) -> Decimal:
    """Units of the company's currency for one of the entry's: sent, or by the table on that day (exact-online 6.11)."""
    sent = values.get("Rate")
    if code == CURRENCY:
        if sent not in {None, 1}:
            problems.append(("invalid", "exchange_rate"))
        return Decimal(1)
    listed = _listed_rate(state, code, date_ms)
    if sent is None:
        if listed is None:
            problems.append(("mandatory", "exchange_rate"))
        return listed or Decimal(1)
    if sent <= 0:
        problems.append(("invalid", "exchange_rate"))
    elif book is not None and not book.get("AllowVariableExchangeRate") and sent != listed:
        problems.append(("not_allowed", "exchange_rate"))
    return Decimal(sent)


def _listed_rate(state: ExactState, code: str, date_ms: int) -> Decimal | None:
    known = [
        row for row in state["financial/ExchangeRates"].find("SourceCurrency", code) if row["StartDate"] <= date_ms
    ]
    newest = max(known, key=lambda row: row["StartDate"], default=None)
    return None if newest is None else Decimal(newest["Rate"])
