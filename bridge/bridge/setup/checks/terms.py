"""Payment conditions of every term, collection of direct debits, and payment methods in Teamleader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bridge.setup.checks.catalogue import found
from exactonline_api.setting_keys import canonical_term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.setup.checks.finding import Finding
    from bridge.setup.facts import Facts
    from exactonline_api.master_data import PaymentCondition

DIRECT_DEBIT: Final = "direct_debit"
METHODS: Final = ("payment_method_id", "credit_note_payment_method_id", "write_off_payment_method_id")


def check(facts: Facts) -> Iterator[Finding]:
    """Yield what is wrong."""
    yield from _conditions(facts)
    methods = facts.department.payment_methods
    for setting in METHODS if methods is not None else ():
        chosen = facts.payments.get(setting)
        if chosen and chosen not in (methods or {}):
            message = f"Teamleader has no active payment method {chosen} ({setting} of target-teamleader)"
            yield found("payment_method_unknown", setting, message)


def term_key(type_: str, days: int) -> str:
    """Return the key of payment_conditions for a payment term of Teamleader."""
    if type_ == "cash":
        return "cash"
    return f"{days} end_of_month" if type_ == "end_of_month" else str(days)


def fits(condition: PaymentCondition, term: str) -> bool:
    """Tell whether a condition gives the days of a term such as "cash", "30" or "30 end_of_month"."""
    if term == DIRECT_DEBIT:
        return condition.collects
    days, _, end = term.partition(" ")
    wanted = 0 if days == "cash" else int(days)
    return condition.days == wanted and bool(condition.end_of_months) == bool(end)


def _conditions(facts: Facts) -> Iterator[Finding]:
    conditions = facts.administration.payment_conditions
    if conditions is None:
        return
    mapping = {canonical_term(term): code for term, code in facts.codes("payment_conditions").items()}
    named = list(mapping.items())
    default = facts.text("default_payment_condition")
    unknown: set[str] = set()
    for term, code in [*named, ("", default)] if default else named:
        condition = conditions.get(code)
        if condition is None:
            if code not in unknown:
                unknown.add(code)
                where = f"term {term!r}" if term else "default_payment_condition"
                yield found(
                    "payment_condition_unknown", code, f"Payment condition {code} ({where}) does not exist in Exact"
                )
        elif term == DIRECT_DEBIT and not condition.collects:
            message = f"Payment condition {code} for direct debit has payment method {condition.method}, not collection"
            yield found("payment_condition_not_collection", code, message)
        elif term and term[0].isdigit() | (term == "cash") and not fits(condition, term):
            message = (
                f"Payment condition {code} has {condition.days} days, the term is {term!r}; Teamleader's date counts"
            )
            yield found("payment_condition_days", code, message)
    if default is None:
        message = "Credit notes have no payment term: they wait where the customer has no payment condition in Exact"
        yield found("default_condition_missing", "default_payment_condition", message)
        for type_, days in facts.department.terms or ():
            term = term_key(type_, days)
            if term not in mapping:
                yield found("payment_term_unmapped", term, f"The payment term {term!r} is not linked to a condition")
