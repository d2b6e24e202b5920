"""What in Exact a reason rests on: when that moves there, what waits for the reason is worth another look.

Entities by their endpoint; each shows when it was changed last (`Modified`, exact-online 9.8). A reason that is not
named here rests on the document or the settings alone, or on something that Exact does not show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

JOURNALS: Final = "financial/Journals"
GL_ACCOUNTS: Final = "financial/GLAccounts"
VAT_CODES: Final = "vat/VATCodes"
VAT_PERCENTAGES: Final = "vat/VatPercentages"
PAYMENT_CONDITIONS: Final = "cashflow/PaymentConditions"
PERIODS: Final = "financial/FinancialPeriods"
ACCOUNTS: Final = "crm/Accounts"
ENTRIES: Final = "salesentry/SalesEntries"
RECEIVABLES: Final = "cashflow/Receivables"
PAYMENT_ENTRIES: Final = "generaljournalentry/GeneralJournalEntries"

RESTS_ON: Final[dict[str, tuple[str, ...]]] = {
    "vat_code_missing": (VAT_CODES,),
    "vat_code_blocked": (VAT_CODES,),
    "vat_code_not_for_sales": (VAT_CODES,),
    "vat_code_type": (VAT_CODES,),
    "vat_percentage_differs": (VAT_CODES, VAT_PERCENTAGES),
    "vat_country_differs": (VAT_CODES, ACCOUNTS),
    "gl_account_unknown": (GL_ACCOUNTS,),
    "gl_account_not_revenue": (GL_ACCOUNTS,),
    "gl_account_blocked": (GL_ACCOUNTS,),
    "cost_center_unknown": ("hrm/Costcenters", "hrm/Costunits"),
    "period_missing": (PERIODS,),
    "period_closed": (PERIODS,),
    "journal_missing": (JOURNALS,),
    "journal_not_sales": (JOURNALS,),
    "journal_blocked": (JOURNALS,),
    "currency_unknown": ("general/Currencies",),
    "currency_not_allowed": (JOURNALS,),
    "payment_condition_unknown": (PAYMENT_CONDITIONS,),
    "payment_condition_missing": (PAYMENT_CONDITIONS, ACCOUNTS),
    "payment_condition_not_collection": (PAYMENT_CONDITIONS,),
    "mandate_missing": ("cashflow/DirectDebitMandates",),
    "customer_blocked": (ACCOUNTS,),
    "customer_refused": (ACCOUNTS,),
    "customer_conflict": (ACCOUNTS,),
    "waiting_for_customer": (ACCOUNTS,),
    "totals_differ": (VAT_CODES, VAT_PERCENTAGES),
    "changed_after_booking": (ENTRIES,),
    "edited_in_exact": (ENTRIES,),
    "adopted_differs": (ENTRIES,),
    "payment_journal": (JOURNALS,),
    "payment_currency": (JOURNALS,),
    "payment_gl_account": (GL_ACCOUNTS,),
    "payment_unclear": (RECEIVABLES,),
    "payment_being_collected": (RECEIVABLES,),
    "payment_differs": (PAYMENT_ENTRIES, RECEIVABLES),
    "payment_not_matched": (RECEIVABLES,),
    "payment_entry_missing": (RECEIVABLES,),
    "conflict": (ENTRIES,),
    "similar_entry": (ENTRIES,),
    "entry_number_taken": (ENTRIES,),
}


def rests_on(codes: Iterable[str]) -> set[str]:
    """Return the entities of Exact that these reasons rest on."""
    return {entity for code in codes for entity in RESTS_ON.get(code, ())}


def resting_on(*entities: str) -> set[str]:
    """Return the codes of the reasons that rest on any of these entities."""
    return {code for code, named in RESTS_ON.items() if not set(entities).isdisjoint(named)}
