"""An administration of Exact: read afresh by a run, opened for work only when it is the right one.

Reading takes about eight calls, more only in administrations with over 60 VAT codes or periods. Ledger accounts come a
thousand per call. Every read names its fields: Exact refuses many endpoints without `$select` (exact-online 3.13).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from exactonline_api.odata import any_of, text
from singer_shell.endings import RunEnded
from target_exactonline.booking.identifiers import vat_number
from target_exactonline.booking.master import MasterData

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from connector_store.division_store import DivisionStore
    from exactonline_api import ExactClient
    from singer_shell.stop import Interruption
    from target_exactonline.booking.rules import Rules
    from target_exactonline.circuit_breaker import CircuitBreaker
    from target_exactonline.outcomes import Outcomes


@dataclass
class Administration:
    """Client, master data, settings and memory of one run in one administration.

    `master` is what Exact said at the start of the run, plus what its refusals taught since.
    """

    client: ExactClient
    master: MasterData
    rules: Rules
    memory: DivisionStore
    outcomes: Outcomes
    breaker: CircuitBreaker
    interruption: Interruption
    dry_run: bool = False

    def learn_closed(self, day: date, named: tuple[int, int] | None = None) -> None:
        """Remember for this run that a period is closed: the (year, period) that Exact named, or else that of `day`."""
        period = self.master.periods.find(day)
        closed = named or ((period.year, period.number) if period else None)
        if closed is not None:
            self.master = replace(self.master, periods=self.master.periods.with_closed(closed))


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
        currency=division["Currency"],
        country=division["Country"],
    )


def refuse_other_company(division: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> None:
    """End the run when a document was issued by another company than the administration belongs to.

    Args:
        division: The row of system/Divisions (Code, Country, VATNumber).
        records: Records of `sales_entries`; those without a valid `issuer_vat_number` pass.

    Raises:
        RunEnded: The VAT numbers differ. An administration without a valid one takes every document.
    """
    country = division.get("Country")
    own = vat_number(division.get("VATNumber"), country)
    for record in records:
        issuer = vat_number(record.get("issuer_vat_number"), country)
        if own and issuer and issuer != own:
            raise RunEnded(
                f"{record.get('number')} was issued by the company with VAT number {issuer}, but administration "
                f"{division['Code']} belongs to {own}: correct the setting division, or the department at the source. "
                "Nothing of it was written."
            )
