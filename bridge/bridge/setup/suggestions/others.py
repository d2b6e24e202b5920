"""Journals by type and name, payment conditions by days, and Teamleader's payment method for money that came in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bridge.setup.checks.terms import DIRECT_DEBIT, fits, term_key
from bridge.setup.suggestions.proposal import decide
from exactonline_api.master_data import SALES_JOURNAL
from exactonline_api.setting_keys import canonical_term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bridge.setup.facts import Facts
    from bridge.setup.suggestions.proposal import Open, Proposed
    from exactonline_api.master_data import Journal, PaymentCondition

_CREDIT: Final = re.compile(r"credit|crédit|avoir|\bcn\b|gutschrift", re.IGNORECASE)
_TRANSFER: Final = re.compile(r"overschrijving|virement|transfer|überweisung", re.IGNORECASE)
_CASH: Final = "K"


def journals(facts: Facts) -> Iterator[Proposed | Open]:
    """Yield the sales journals of invoices and of credit notes."""
    if facts.administration.journals is None:
        return
    usable = {code: each for code, each in facts.administration.journals.items() if _takes_sales(facts, each)}
    for setting, for_credit, what in (
        ("invoice_journal", False, "the sales journal of invoices"),
        ("credit_note_journal", True, "the sales journal of credit notes"),
    ):
        if for_credit and facts.target.get("single_journal"):
            continue
        named = {
            code: f"{what}, by type and name ({each.description})"
            for code, each in usable.items()
            if bool(_CREDIT.search(each.description)) == for_credit
        }
        chosen = facts.text(setting)
        yield decide(setting, None, named, kept=chosen if chosen in usable else None)


def conditions(facts: Facts) -> Iterator[Proposed | Open]:
    """Yield a payment condition for every term of Teamleader, and for direct debit where Exact collects."""
    held = facts.administration.payment_conditions
    if held is None:
        return
    mapping = {canonical_term(term): code for term, code in facts.codes("payment_conditions").items()}
    for term in dict.fromkeys(term_key(*each) for each in facts.department.terms or ()):
        found = {code: f"a condition of the same days ({name})" for code, name in _of_term(held, term).items()}
        kept = mapping.get(term)
        usable = kept is not None and kept in held and fits(held[kept], term)
        yield decide("payment_conditions", term, found, kept=kept if usable else None)
    collecting = {code: f"it collects ({each.description})" for code, each in held.items() if each.collects}
    kept = mapping.get(DIRECT_DEBIT)
    if collecting:
        yield decide("payment_conditions", DIRECT_DEBIT, collecting, kept=kept if kept in collecting else None)
    # A credit note has no term of its own, and Exact refuses what has no condition at all.
    usual = facts.department.default_term
    named = _of_term(held, term_key(*usual)) if usual is not None else {}
    found = {code: f"the condition of Teamleader's default term ({name})" for code, name in named.items()}
    chosen = facts.text("default_payment_condition")
    yield decide("default_payment_condition", None, found, kept=chosen if chosen in held else None)


def _of_term(held: Mapping[str, PaymentCondition], term: str) -> dict[str, str]:
    """Return the conditions with the days of a term that do not collect: code -> description."""
    found = {code: each for code, each in held.items() if fits(each, term) and not each.collects}
    cash = {code: each for code, each in found.items() if each.method == _CASH}
    return {code: each.description for code, each in (cash if term == "cash" and cash else found).items()}


def payment_methods(facts: Facts) -> Iterator[Proposed | Open]:
    """Yield the payment method of money that came in; without one, none is named."""
    methods = facts.department.payment_methods or {}
    named = {id_: f"money that came in ({name})" for id_, name in methods.items() if _TRANSFER.search(name)}
    chosen = facts.payments.get("payment_method_id")
    if named or chosen in methods:
        kept = str(chosen) if chosen in methods else None
        yield decide("payment_method_id", None, named, kept=kept, plugin="target-teamleader")


def _takes_sales(facts: Facts, journal: Journal) -> bool:
    own = journal.currency or facts.administration.currency
    foreign = (facts.department.currencies or frozenset()) - {own}
    has_account = facts.administration.journal_accounts.get(journal.code) is not None
    is_open = journal.type == SALES_JOURNAL and not journal.blocked and has_account
    return is_open and (journal.any_currency or not foreign)
