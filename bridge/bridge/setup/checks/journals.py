"""Financial years, periods and journals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from bridge.setup.checks.catalogue import found
from exactonline_api.master_data import SALES_JOURNAL
from teamleader_api.start_date import StartDateError, first_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.setup.checks.finding import Finding
    from bridge.setup.facts import Facts

GENERAL_JOURNAL: Final = 90
"""Journals.Type of a general journal (exact-online 8.1)."""


def check(facts: Facts) -> Iterator[Finding]:
    """Yield what is wrong."""
    yield from _periods(facts)
    if facts.administration.journals is None:
        return
    yield from _sales_journals(facts)
    if facts.target.get("book_payments"):
        yield from _journal(facts, "payment_journal", GENERAL_JOURNAL, "general journal")


def _periods(facts: Facts) -> Iterator[Finding]:
    try:
        start = first_day(str(facts.tap.get("start_date") or "fiscal_year"), facts.today)
    except StartDateError as error:
        yield found("start_date_malformed", "start_date", str(error))
        start = None
    closed_until = facts.text("closed_until")
    if closed_until is not None and closed_until[:10] >= facts.today.isoformat():
        message = f"closed_until is {closed_until}, so that no document of today can be booked"
        yield found("closed_until_ahead", "closed_until", message)
    periods = facts.administration.periods
    if periods is None:
        return
    for day in sorted({facts.today, start or facts.today}):
        if periods.find(day) is None:
            yield found("financial_year_missing", str(day.year), f"Exact has no financial period for {day}")
    closed = periods.with_closed(*facts.machine.closed_periods)
    for period in closed.periods:
        if closed.is_closed(period) and period.end >= (start or date.min):
            yield found("period_closed", period.name, f"Period {period.name} is closed in Exact")


def _sales_journals(facts: Facts) -> Iterator[Finding]:
    invoices, credit_notes = facts.text("invoice_journal"), facts.text("credit_note_journal")
    shared = bool(facts.target.get("single_journal"))
    yield from _journal(facts, "invoice_journal", SALES_JOURNAL, "sales journal")
    if shared and (credit_notes is None or credit_notes == invoices):
        return
    if invoices is not None and credit_notes == invoices:
        yield found("journals_same", invoices, "Invoices and credit notes are set to share one journal by mistake")
        return
    yield from _journal(facts, "credit_note_journal", SALES_JOURNAL, "sales journal")


def _journal(facts: Facts, setting: str, wanted: int, name: str) -> Iterator[Finding]:
    code = facts.text(setting)
    if code is None:
        yield found("journal_not_chosen", setting, f"{setting} is not set: it takes the code of a {name} in Exact")
        return
    journal = (facts.administration.journals or {}).get(code)
    if journal is None:
        yield found("journal_unknown", code, f"Journal {code} ({setting}) does not exist in Exact")
        return
    if journal.type != wanted:
        yield found("journal_type", code, f"Journal {code} ({setting}) is of type {journal.type}, not a {name}")
        return
    if journal.blocked:
        yield found("journal_blocked", code, f"Journal {code} ({setting}) is blocked")
    if wanted != SALES_JOURNAL:
        return
    if facts.administration.journal_accounts.get(code) is None:
        yield found("journal_without_ledger_account", code, f"Journal {code} ({setting}) has no ledger account")
    own = journal.currency or facts.administration.currency
    used = facts.department.currencies or frozenset()
    for currency in sorted(used - {own}):
        if facts.administration.currencies is not None and currency not in facts.administration.currencies:
            yield found("currency_unknown", currency, f"Invoices are in {currency}, which Exact does not know")
        elif not journal.any_currency:
            message = f"Journal {code} ({setting}) takes {own} only, and there are invoices in {currency}"
            yield found("journal_currency", code, message)
