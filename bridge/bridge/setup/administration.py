"""What the administration in Exact holds, read once: at most 15 calls, more only in very large ones.

A table that the login has no right to is None; rules that need it are silent, and the missing right is told once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Final

from bridge.setup.reading import Reading
from exactonline_api.master_data import GLAccount, Journal, PaymentCondition, PeriodTable, VatCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from exactonline_api import ExactClient

Row = dict[str, Any]

JOURNALS: Final = "financial/Journals"
GL_ACCOUNTS: Final = "financial/GLAccounts"
VAT_CODES: Final = "vat/VATCodes"
VAT_PERCENTAGES: Final = "vat/VatPercentages"
CONDITIONS: Final = "cashflow/PaymentConditions"
PERIODS: Final = "financial/FinancialPeriods"
DIVISIONS: Final = "system/Divisions"
CURRENCIES: Final = "general/Currencies"

USED: Final = ("crm/Accounts", "salesentry/SalesEntries", "documents/Documents", "sync/Cashflow/PaymentTerms")
"""What the plugins read and write besides master data: one row of each is asked for, to learn the rights."""
SCOPES: Final = {
    **dict.fromkeys(("salesentry/SalesEntries", VAT_CODES, VAT_PERCENTAGES, PERIODS), "Financial accounting"),
    **dict.fromkeys((CONDITIONS, "sync/Cashflow/PaymentTerms"), "Financial cashflow"),
    **dict.fromkeys((GL_ACCOUNTS, JOURNALS), "Financial generalledgers"),
    CURRENCIES: "Financial currencies",
    "crm/Accounts": "Crm accounts",
    "documents/Documents": "Organization documents",
    **dict.fromkeys((DIVISIONS, "sync/Deleted"), "Organization administration"),
}
"""The scope of the app that each belongs to (exact-online 0.6)."""
_KEYS: Final = {"salesentry/SalesEntries": "EntryID", "sync/Deleted": "EntityKey"}
"""What the rows of a path are known by, where that is not their ID."""


@dataclass(frozen=True)
class LedgerAccount(GLAccount):
    """A ledger account, and the VAT code that Exact proposes for it."""

    vat_code: str | None = None


@dataclass(frozen=True)
class AdministrationFacts:
    """What the administration holds; None where the login has no right to look."""

    division: int
    api_url: str
    trouble: str | None = None
    """Why it could not be read, in one line."""
    login_lost: bool = False
    denied: tuple[str, ...] = ()
    clock: datetime | None = None
    """What time it is at Exact."""
    row: Mapping[str, Any] | None = None
    """Of `system/Divisions`: Country, VATNumber, Currency, BlockingStatus; None when the login cannot open it."""
    journals: Mapping[str, Journal] | None = None
    gl_accounts: Mapping[str, LedgerAccount] | None = None
    vat_codes: Mapping[str, VatCode] | None = None
    payment_conditions: Mapping[str, PaymentCondition] | None = None
    periods: PeriodTable | None = None
    currencies: frozenset[str] | None = None
    journal_accounts: Mapping[str, str | None] = field(default_factory=dict)
    """Code of a journal -> code of its ledger account."""
    calls: int = 0

    @property
    def country(self) -> str:
        """Country of the administration, ISO-2; empty while it is not known."""
        return str((self.row or {}).get("Country") or "").strip().upper()

    @property
    def currency(self) -> str:
        """Currency of the administration, ISO-3; the euro while it is not known."""
        return str((self.row or {}).get("Currency") or "EUR")


def read_administration(client: ExactClient, division: int, api_url: str) -> AdministrationFacts:
    """Read an administration with a client that need not be allowed to write."""
    before = client.calls
    reading = Reading()
    me = reading.of("current/Me", client.me)
    row = reading.of(DIVISIONS, lambda: _division(client, division))
    facts = AdministrationFacts(division, api_url, row=row)
    if me is not None and row is not None:
        facts = _tables(facts, client, reading)
    return replace(
        facts,
        trouble=reading.trouble,
        login_lost=reading.login_lost,
        denied=tuple(reading.denied),
        clock=None if me is None else client.service_now().astimezone(timezone.utc),
        calls=client.calls - before,
    )


def _division(client: ExactClient, division: int) -> Row | None:
    fields = ("Code", "Description", "Country", "VATNumber", "Currency", "BlockingStatus")
    return next(iter(client.rows(DIVISIONS, select=fields, filter=f"Code eq {division}")), None)


def _tables(facts: AdministrationFacts, client: ExactClient, reading: Reading) -> AdministrationFacts:
    def rows(path: str, *fields: str, at: str | None = None) -> list[Row] | None:
        return reading.of(path, lambda: list(client.rows(at or path, select=fields)))

    journals = rows(
        JOURNALS,
        *("Code", "Description", "Type", "Currency", "IsBlocked"),
        *("AllowVariableCurrency", "AllowVariableExchangeRate", "GLAccountCode"),
    )
    accounts = rows(
        GL_ACCOUNTS, "ID", "Code", "Description", "Type", "IsBlocked", "VATCode", at="bulk/Financial/GLAccounts"
    )
    codes = rows(
        VAT_CODES,
        *("ID", "Code", "Description", "Type", "VATTransactionType", "Percentage"),
        *("IsBlocked", "OssCountry", "EUSalesListing"),
    )
    dated = rows(VAT_PERCENTAGES, "VATCodeID", "Type", "StartDate", "EndDate", "Percentage")
    conditions = rows(CONDITIONS, "Code", "Description", "PaymentDays", "PaymentEndOfMonths", "PaymentMethod")
    periods = rows(PERIODS, "FinYear", "FinPeriod", "StartDate", "EndDate")
    currencies = rows(CURRENCIES, "Code")
    for path in (*USED, "sync/Deleted"):
        reading.of(path, lambda path=path: list(_one(client, path)))  # type: ignore[misc]
    return replace(
        facts,
        journals=_by_code(map(Journal.from_row, journals)) if journals is not None else None,
        journal_accounts={_text(row["Code"]): _text(row.get("GLAccountCode")) or None for row in journals or ()},
        gl_accounts=_by_code(map(_ledger_account, accounts)) if accounts is not None else None,
        vat_codes=_vat_codes(codes, dated or []) if codes is not None else None,
        payment_conditions=_by_code(map(PaymentCondition.from_row, conditions)) if conditions is not None else None,
        periods=PeriodTable.from_rows(periods) if periods is not None else None,
        currencies=frozenset(_text(row["Code"]) for row in currencies) if currencies is not None else None,
    )


def _one(client: ExactClient, path: str) -> Iterator[Row]:
    versions = "Timestamp gt 1L" if path.startswith("sync/") else None
    return client.rows(path, select=(_KEYS.get(path, "ID"),), filter=versions, top=1)


def _ledger_account(row: Row) -> LedgerAccount:
    account = GLAccount.from_row(row)
    return LedgerAccount(**vars(account), vat_code=_text(row.get("VATCode")) or None)


def _vat_codes(codes: Iterable[Row], dated: Iterable[Row]) -> dict[str, VatCode]:
    history: dict[str, list[Row]] = defaultdict(list)
    for row in dated:
        history[row["VATCodeID"]].append(row)
    return _by_code(VatCode.from_row(row, history[row["ID"]]) for row in codes)


def _by_code(found: Iterable[Any]) -> dict[str, Any]:
    return {each.code: each for each in found}


def _text(value: object) -> str:
    return str(value or "").strip()
