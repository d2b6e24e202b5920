"""Where in Exact's menus a reason is dealt with. A licence may show them elsewhere; Exact's search finds the screens.

In English; `locale` has them for other readers. docs/errors.md lists them with the codes.
"""

from __future__ import annotations

from typing import Final

_CODES: Final = {
    "Financial > VAT > VAT codes": (
        *("vat_code_unmapped", "vat_code_missing", "vat_code_blocked", "vat_code_not_for_sales", "vat_code_type"),
        *("vat_percentage_differs", "vat_country_differs"),
    ),
    "Financial > General ledger > Ledger accounts": (
        *("gl_account_missing", "gl_account_unknown", "gl_account_not_revenue", "gl_account_blocked"),
        "payment_gl_account",
    ),
    "Financial > Cost analysis > Cost centres and cost units": ("cost_center_unknown",),
    "Financial > Financial years and periods": ("period_missing", "period_closed"),
    "Financial > Journals": (
        *("journal_missing", "journal_not_sales", "journal_blocked", "currency_not_allowed", "payment_journal"),
        "payment_currency",
    ),
    "Master data > Currencies and exchange rates": ("currency_unknown",),
    "Master data > Payment conditions": (
        *("payment_condition_unknown", "payment_condition_missing", "payment_condition_not_collection"),
    ),
    "Relations > Customers > Bank accounts and mandates": ("mandate_missing",),
    "Relations > Customers": (
        *("customer_blocked", "customer_refused", "customer_conflict", "customer_ambiguous", "customer_missing"),
    ),
    "Financial > Sales entries": (
        *("conflict", "similar_entry", "changed_after_booking", "edited_in_exact", "adopted_differs"),
        *("change_unfinished", "entry_missing", "source_deleted", "totals_differ", "entry_number_taken"),
        *("withholding_tax", "refused_by_exact", "receivable_incomplete", "currency_differs"),
    ),
    "Financial > Outstanding items > Match": (
        *("payment_not_matched", "payment_entry_missing", "unmatched_in_exact", "paid_without_settlement"),
        "receivable_amounts_differ",
    ),
    "Financial > General journal entries": ("payment_differs", "payment_unclear"),
    "Financial > Direct debit": ("payment_being_collected",),
    "Documents": ("attachment_refused", "file_too_large"),
    "Master data > Users > Rights": ("attachment_denied",),
}
PLACES: Final = {code: place for place, codes in _CODES.items() for code in codes}
"""Code -> the place in Exact's menus; what is dealt with elsewhere has none."""
