"""Reads the master data of the administration afresh: what documents are resolved against in this run.

About nine calls, more only in administrations with over 60 VAT codes or periods. Ledger accounts come a thousand per
call. Every read names its fields: Exact refuses many endpoints without `$select` (exact-online 3.13).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exactonline_api.odata import any_of, text
from singer_shell.endings import RunEnded
from target_exactonline.booking import MasterData

if TYPE_CHECKING:
    from exactonline_api import ExactClient
    from target_exactonline.booking import Rules

SALES_INVOICE_DOCUMENT = 10
"""DocumentTypes.ID of a sales invoice (exact-online 6.33)."""


def read_division(client: ExactClient, division: int) -> dict[str, Any]:
    """Return the row of the administration, with its currency, country, VAT number and what blocks or moves it.

    Raises:
        RunEnded: The login has no access to it, or Exact has closed it for a while.
    """
    fields = ("Code", "Currency", "Country", "VATNumber", "Status", "BlockingStatus", "DivisionMoveDate")
    rows = list(client.rows("system/Divisions", select=fields, filter=f"Code eq {division}"))
    row: dict[str, Any] | None = next((row for row in rows if int(row["Code"]) == division), None)
    if row is None:
        raise RunEnded(
            f"The login has no access to administration {division} of Exact: correct the setting division, "
            "or log in as a user with access to it."
        )
    if row.get("BlockingStatus"):
        raise RunEnded(
            f"Exact has blocked administration {division} for maintenance (status {row['BlockingStatus']}): "
            "the next run tries again."
        )
    return row


def read_master(client: ExactClient, division: dict[str, Any], rules: Rules) -> MasterData:
    """Read all that `rules` and documents may refer to."""
    named = {rules.invoice_journal, rules.credit_note_journal}
    if rules.book_payments and rules.payment_journal:
        named.add(rules.payment_journal)
    journals = any_of("Code", [text(code) for code in sorted(named)])
    return MasterData.from_rows(
        journals=client.rows(
            "financial/Journals",
            select=(
                "Code",
                "Description",
                "Type",
                "Currency",
                "IsBlocked",
                "AllowVariableCurrency",
                "AllowVariableExchangeRate",
            ),
            filter=journals,
        ),
        gl_accounts=client.rows("bulk/Financial/GLAccounts", select=("ID", "Code", "Description", "Type", "IsBlocked")),
        vat_codes=client.rows(
            "vat/VATCodes",
            select=(
                "ID",
                "Code",
                "Description",
                "Type",
                "VATTransactionType",
                "Percentage",
                "IsBlocked",
                "OssCountry",
                "EUSalesListing",
            ),
        ),
        vat_percentages=client.rows(
            "vat/VatPercentages", select=("VATCodeID", "Type", "StartDate", "EndDate", "Percentage")
        ),
        payment_conditions=client.rows(
            "cashflow/PaymentConditions",
            select=("Code", "Description", "PaymentDays", "PaymentEndOfMonths", "PaymentMethod"),
        ),
        periods=client.rows("financial/FinancialPeriods", select=("FinYear", "FinPeriod", "StartDate", "EndDate")),
        document_types=client.rows(
            "documents/DocumentTypes",
            select=("ID", "DocumentIsCreatable"),
            filter=f"ID eq {SALES_INVOICE_DOCUMENT}",
        ),
        currency=division["Currency"],
        country=division["Country"],
    )
