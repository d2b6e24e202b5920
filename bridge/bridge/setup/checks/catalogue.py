"""Every way of being wrong, by its code: how bad it is, what mends it and who does that. Codes never change."""

from __future__ import annotations

from typing import Final

from bridge.setup.checks.finding import ACCOUNTANT, CONSULTANT, OFFICE, OPERATOR, Finding, Kind

_SETTING = "in this project, with: bridge suggest, or meltano --environment=prod config set"
_VAT_CODES = "in Exact under Master data > VAT codes"
_LEDGER = "in Exact under Master data > General ledger > Chart of accounts"
_JOURNALS = "in Exact under Master data > General ledger > Journals"
_CONDITIONS = "in Exact under Master data > Payment conditions"
_YEARS = "in Exact under Master data > General ledger > Financial years"
_RATES = "in Teamleader under Settings > Departments > Tax rates"

KINDS: Final[dict[str, Kind]] = {
    # Logins and rights
    "exact_unreachable": Kind("red", "Correct api_url, or wait until Exact answers, and check again", CONSULTANT),
    "exact_login_lost": Kind("red", "Log in again with: bridge login exact", OFFICE),
    "exact_right_missing": Kind(
        "red",
        "Tick the scope {subject} of the app in Exact's app centre, and give the user that right in Exact under "
        "Settings > Users; then log in again with: bridge login exact",
        CONSULTANT,
    ),
    "teamleader_unreachable": Kind("red", "Correct api_url, or wait until it answers, and check again", CONSULTANT),
    "teamleader_login_lost": Kind("red", "Log in again with: bridge login teamleader", OFFICE),
    "teamleader_right_missing": Kind(
        "red",
        "Tick the scope of {subject} of the integration in Teamleader's Marketplace, and log in again with: "
        "bridge login teamleader",
        CONSULTANT,
    ),
    "clock_wrong": Kind("amber", "Switch time synchronisation (NTP) on for this machine", OPERATOR),
    # The two companies
    "administration_unknown": Kind(
        "red",
        "Correct EXACT_DIVISION (bridge list divisions), or give the user access to the administration in Exact under "
        "Settings > Users",
        CONSULTANT,
    ),
    "administration_blocked": Kind("amber", "Wait until Exact has finished its maintenance, and check again", OPERATOR),
    "department_unknown": Kind("red", "Choose one of those of: bridge list departments", CONSULTANT),
    "company_differs": Kind(
        "red",
        "Choose the administration of the same company (EXACT_DIVISION), or correct its VAT number, in Teamleader "
        "under Settings > Departments or in Exact under Company settings",
        CONSULTANT,
    ),
    "vat_number_missing": Kind(
        "amber",
        "Fill it in: in Teamleader under Settings > Departments, in Exact under Company settings > Company data",
        OFFICE,
    ),
    "host_of_other_country": Kind("red", "Set api_url to the host of the administration's country", CONSULTANT),
    "currency_of_company_differs": Kind(
        "red", "Couple a department and an administration that keep their books in one currency", ACCOUNTANT
    ),
    "start_date_malformed": Kind("red", f"Correct start_date of tap-teamleader {_SETTING}", CONSULTANT),
    # Financial years and periods
    "financial_year_missing": Kind("red", f"Open the financial year {_YEARS}", ACCOUNTANT),
    "period_closed": Kind(
        "amber",
        f"Open the period {_YEARS}, set a later start_date, or set on_closed_period to next_open; until then its "
        "documents wait",
        ACCOUNTANT,
    ),
    "closed_until_ahead": Kind("red", f"Set closed_until to a day in the past {_SETTING}", ACCOUNTANT),
    # Journals
    "journal_not_chosen": Kind("red", f"Choose a sales journal for {{subject}} {_SETTING}", ACCOUNTANT),
    "journal_unknown": Kind("red", f"Correct the setting {_SETTING}, or create the journal {_JOURNALS}", ACCOUNTANT),
    "journal_type": Kind("red", f"Choose a journal of the type that is asked for {_SETTING}", ACCOUNTANT),
    "journal_blocked": Kind("red", f"Take the block off {_JOURNALS}, or choose another journal", ACCOUNTANT),
    "journals_same": Kind(
        "red", f"Give credit notes a sales journal of their own, or set single_journal, {_SETTING}", ACCOUNTANT
    ),
    "journal_without_ledger_account": Kind("red", f"Give the journal its receivable account {_JOURNALS}", ACCOUNTANT),
    "journal_currency": Kind("red", f"Allow other currencies {_JOURNALS}, or choose another journal", ACCOUNTANT),
    "currency_unknown": Kind("red", "Add the currency in Exact under Master data > Currencies", ACCOUNTANT),
    # VAT
    "tax_rate_unmapped": Kind("red", f"Add the rate to vat_codes {_SETTING}, or archive it {_RATES}", ACCOUNTANT),
    "tax_rate_by_percentage": Kind(
        "amber",
        f"Add the rate by its description to vat_codes {_SETTING}, with the code of its kind",
        ACCOUNTANT,
    ),
    "vat_code_unknown": Kind("red", f"Correct vat_codes {_SETTING}, or create the code {_VAT_CODES}", ACCOUNTANT),
    "vat_code_blocked": Kind("red", f"Take the block off {_VAT_CODES}, or map another code", ACCOUNTANT),
    "vat_code_not_for_sales": Kind("red", f"Map a code for sales in vat_codes {_SETTING}", ACCOUNTANT),
    "vat_code_type": Kind(
        "red",
        f"Map a code of type excluding (for 0 %: base only, or no VAT) in vat_codes {_SETTING}",
        ACCOUNTANT,
    ),
    "vat_percentage_differs": Kind(
        "red",
        f"Map a code of that percentage in vat_codes {_SETTING}, or correct it {_VAT_CODES}",
        ACCOUNTANT,
    ),
    # Ledger accounts
    "ledger_account_unknown": Kind(
        "red", f"Map the number in gl_accounts {_SETTING}, or create the account {_LEDGER}", ACCOUNTANT
    ),
    "ledger_account_blocked": Kind("red", f"Take the block off {_LEDGER}, or map another account", ACCOUNTANT),
    "ledger_account_type": Kind(
        "red", f"Choose a revenue account, or add its type to other_gl_account_types, {_SETTING}", ACCOUNTANT
    ),
    "ledger_account_unusual": Kind("amber", f"Look whether this is where the turnover belongs {_LEDGER}", ACCOUNTANT),
    "default_account_missing": Kind("amber", f"Choose default_gl_account {_SETTING}", ACCOUNTANT),
    # Terms and payments
    "payment_condition_unknown": Kind(
        "red", f"Correct the setting {_SETTING}, or create the condition {_CONDITIONS}", ACCOUNTANT
    ),
    "payment_condition_not_collection": Kind(
        "red", f"Map direct_debit to a condition of payment method collection {_SETTING}", ACCOUNTANT
    ),
    "payment_condition_days": Kind(
        "amber", f"Map a condition of those days in payment_conditions {_SETTING}", ACCOUNTANT
    ),
    "default_condition_missing": Kind("amber", f"Choose default_payment_condition {_SETTING}", ACCOUNTANT),
    "payment_term_unmapped": Kind(
        "amber", f"Add the term to payment_conditions, or choose default_payment_condition, {_SETTING}", ACCOUNTANT
    ),
    "custom_field_unknown": Kind(
        "red",
        "Choose one of those of: bridge list custom-fields; a new one is made in Teamleader under Settings > Custom "
        "fields, as a single line",
        CONSULTANT,
    ),
    "payment_method_unknown": Kind("red", "Choose one of those of: bridge list payment-methods", OFFICE),
    # This machine
    "store_unusable": Kind("red", "Mend store_uri, or the place that it names", OPERATOR),
    "store_open_to_others": Kind("amber", "Let its owner alone read it: chmod 700 {subject}", OPERATOR),
    "disk_nearly_full": Kind("amber", "Make room on the disk of the store", OPERATOR),
    "key_lost": Kind("red", "Put the store's key back, or log in to both services again", OPERATOR),
    "schedule_not_seen": Kind("amber", "Install it with: bridge schedule install", OPERATOR),
}
"""By code."""


def found(code: str, subject: str, message: str) -> Finding:
    """Return the finding of a code about a subject."""
    kind = KINDS[code]
    return Finding(code, kind.level, subject, message, f"{kind.remedy.format(subject=subject)}.", kind.actor)
