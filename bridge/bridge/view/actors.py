"""Who has to do something about a reason: the accountant, who keeps Teamleader, or who keeps this coupling."""

from __future__ import annotations

from typing import Final, Literal

Actor = Literal["accountant", "invoicing", "operator"]

ACCOUNTANT: Final[Actor] = "accountant"
"""Works in Exact."""
INVOICING: Final[Actor] = "invoicing"
"""Works in Teamleader."""
OPERATOR: Final[Actor] = "operator"
"""Keeps the settings and this machine."""

_INVOICING: Final = frozenset(
    {
        "vat_country_differs", "customer_missing", "totals_do_not_close", "sign_unexpected", "not_numbered",
        "document_id_missing", "date_missing", "currency_missing", "lines_missing", "line_amount_missing",
        "tax_rate_unknown", "discount_unsupported", "totals_missing", "text_too_long", "file_damaged",
        "invoice_missing", "payment_refused", "payments_not_restored",
    }
)  # fmt: skip
_OPERATOR: Final = frozenset(
    {
        "vat_code_unmapped", "vat_code_not_for_sales", "vat_code_type", "vat_percentage_differs",
        "gl_account_missing", "gl_account_unknown", "gl_account_not_revenue", "cost_center_unknown", "journal_missing",
        "journal_not_sales", "payment_condition_unknown", "payment_condition_missing",
        "payment_condition_not_collection", "entry_number_taken", "record_invalid", "product_categories_missing",
        "mapping_failed", "attachment_denied", "file_denied", "payment_journal", "payment_gl_account",
        "payment_currency", "invoice_ambiguous", "receivable_unreadable", "error_budget",
    }
)  # fmt: skip


def actor(code: str | None, status: str) -> Actor | None:
    """Return who has to act on what was refused, None when nobody has to."""
    if status != "rejected" or code is None:
        return None
    if code in _INVOICING:
        return INVOICING
    return OPERATOR if code in _OPERATOR else ACCOUNTANT
