"""The payment condition of a document, and the due dates that such a condition gives."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from target_exactonline.reasons import refuse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exactonline_api.master_data import PaymentCondition
    from target_exactonline.booking.rules import Rules

DIRECT_DEBIT = "direct_debit"
_SAME = {"cash": "0", "0": "cash"}


def term_key(document: Mapping[str, Any]) -> str | None:
    """Return the key of payment_conditions for a document: "direct_debit", "cash", "30" or "30 end_of_month"."""
    if document.get("payment_method") == DIRECT_DEBIT:
        return DIRECT_DEBIT
    term = document.get("payment_term")
    if not term:
        return None
    if term["type"] == "cash":
        return "cash"
    days = int(term.get("days") or 0)
    return f"{days} end_of_month" if term["type"] == "end_of_month" else str(days)


def resolve_condition(
    document: Mapping[str, Any], rules: Rules, conditions: Mapping[str, PaymentCondition]
) -> tuple[PaymentCondition | None, list[str]]:
    """Return the payment condition and warnings; None leaves it to the customer's condition in Exact.

    Raises:
        Rejected: payment_condition_unknown, or payment_condition_not_collection for a direct debit.
    """
    key = term_key(document)
    mapping = rules.payment_conditions
    code = mapping.get(key) or mapping.get(_SAME.get(key, key)) if key else None
    warnings = []
    if code is None:
        code = rules.default_payment_condition
        if key and code:
            warnings.append(f"payment term {key!r} is not mapped; payment condition {code} is used")
    if code is None:
        if key:
            warnings.append(f"payment term {key!r} is not mapped; the customer's payment condition in Exact is used")
        return None, warnings
    condition = conditions.get(code)
    if condition is None:
        reason = f"Payment condition {code} does not exist in Exact"
        raise refuse("payment_condition_unknown", reason, condition=code)
    if key == DIRECT_DEBIT and key in mapping and not condition.collects:
        reason = f"Payment condition {code} for direct debit has payment method {condition.method}, not collection"
        raise refuse("payment_condition_not_collection", reason, condition=code)
    return condition, warnings


def due_dates(condition: PaymentCondition, start: date) -> set[date]:
    """Return the due dates that a condition can give for an entry of `start`.

    Days are simply added. With ends of months the vendor's text leaves open which comes first, so both readings count.
    """
    days = timedelta(days=condition.days)
    if not condition.end_of_months:
        return {start + days}
    further = condition.end_of_months - 1
    return {month_end(start + days, further), month_end(start, further) + days}


def month_end(day: date, further: int = 0) -> date:
    """Return the last day of the month of `day`, or of a month that is `further` months later."""
    year, month = divmod(day.year * 12 + day.month - 1 + further, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def due_date_warnings(condition: PaymentCondition | None, start: date, due: date | None) -> list[str]:
    """Warn when the condition would give another due date than the document's, which is sent and counts."""
    if condition is None or due is None or due in due_dates(condition, start):
        return []
    return [f"payment condition {condition.code} does not give the due date {due}, which is booked as it is"]
