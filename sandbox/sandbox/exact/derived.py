"""Fields that are not stored but follow from other rows: names of codes, amounts of views, links between rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.exact import wire
from sandbox.exact.countries import COUNTRIES, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.exact.administration import ExactState
    from sandbox.exact.entity_table import Row

    Derive = Callable[[ExactState, Row], Any]

STATUS_TEXTS = {20: "Open", 50: "Verwerkt"}
TYPE_TEXTS = {
    20: "Verkoopboeking",
    21: "Verkoopcreditnota",
    30: "Inkoopboeking",
    40: "Kas / bank",
    83: "Betalingsverschil",
}
CURRENCY_NAMES = {"EUR": "Euro", "USD": "Amerikaanse dollar", "GBP": "Brits pond", "CHF": "Zwitserse frank"}


def entry_header(state: ExactState, entry_id: str) -> Row:
    """The header of any entry: of the sales journals, or of the bank."""
    return state["salesentry/SalesEntries"].get(entry_id) or state.other_entries.get(entry_id) or {}


def through(path: str, reference: str, field: str, blank: Any = None) -> Derive:
    """A field of the row that a guid field points to."""

    def derive(state: ExactState, row: Row) -> Any:
        target = state[path].get(row.get(reference))
        return blank if target is None else target.get(field, blank)

    return derive


def by_code(path: str, reference: str, field: str = "Description") -> Derive:
    """A field of the master data that a code field points to."""

    def derive(state: ExactState, row: Row) -> Any:
        target = state.by_code(path, row.get(reference))
        return None if target is None else target.get(field)

    return derive


def header(field: str, blank: Any = None) -> Derive:
    """A field of the entry that a transaction line belongs to."""
    return lambda state, row: entry_header(state, row["EntryID"]).get(field, blank)


def invoice(field: str, blank: Any = None) -> Derive:
    """A field of the entry behind a receivable."""
    return lambda state, row: entry_header(state, row["TransactionEntryID"]).get(field, blank)


def _of_header(derive: Derive, entry: str = "EntryID") -> Derive:
    return lambda state, row: derive(state, entry_header(state, row[entry]))


def _padded_country(_state: ExactState, row: Row) -> Any:
    return None if row.get("Country") is None else row["Country"].ljust(3)


def _is_customer(_state: ExactState, row: Row) -> bool:
    return bool(row.get("Status") == "C")


def _full_name(_state: ExactState, row: Row) -> str:
    return " ".join(part for key in ("FirstName", "MiddleName", "LastName") if (part := row.get(key)))


def _account_flag(test: Callable[[Row], bool]) -> Derive:
    return lambda state, row: (account := state["crm/Accounts"].get(row.get("Account"))) is not None and test(account)


def _vat_percentage(state: ExactState, row: Row) -> Any:
    """The percentage of today: the stored ones are dated (exact-online 6.3)."""
    dated = state["vat/VatPercentages"].find("VATCodeID", row["ID"])
    from_ms = max((one["StartDate"] for one in dated if one["StartDate"] <= state.now_ms()), default=None)
    return next((one["Percentage"] for one in dated if one["StartDate"] == from_ms), 0)


def _attachment_url(state: ExactState, row: Row) -> str:
    return f"{state.site_url}/docs/SysAttachment.aspx?ID={row['ID']}&_Division_={state.division}&Stamp=BE001"


def _document_url(state: ExactState, row: Row) -> str:
    return f"{state.site_url}/docs/DocViewContent.aspx?ID={row['ID']}&_Division_={state.division}&Stamp=BE001"


_ACCOUNT_OF = {
    "AccountCode": through("crm/Accounts", "Account", "Code"),
    "AccountName": through("crm/Accounts", "Account", "Name"),
}
_LEDGER_OF = {
    "GLAccountCode": through("financial/GLAccounts", "GLAccount", "Code"),
    "GLAccountDescription": through("financial/GLAccounts", "GLAccount", "Description"),
}
_COSTS_OF = {
    "CostCenterDescription": by_code("hrm/Costcenters", "CostCenter"),
    "CostUnitDescription": by_code("hrm/Costunits", "CostUnit"),
}
_DOCUMENT_OF = {
    "DocumentNumber": through("documents/Documents", "Document", "HID"),
    "DocumentSubject": through("documents/Documents", "Document", "Subject"),
}

_ME: dict[str, Derive] = {
    "AccountingDivision": lambda state, _row: state.division,
    "CurrentDivision": lambda state, _row: state.division,
    "Email": lambda _state, _row: "gebruiker@voorbeeld.example",
    "EmployeeID": lambda _state, _row: wire.ZERO_GUID,
    "LanguageCode": lambda state, _row: {"nl": "nl-BE", "en": "en-GB"}[state.language],
    "Language": lambda state, _row: state.language.upper(),
    "Legislation": lambda _state, _row: 2,
    "ServerTime": lambda state, _row: wire.ms_iso(state.now_ms())[:19],
    "ServerUtcOffset": lambda state, _row: wire.utc_offset_seconds(state.clock()),
    "UserName": lambda _state, _row: "gebruiker@voorbeeld.example",
    "DivisionCustomerVatNumber": lambda state, _row: state["system/Divisions"].rows[state.division]["VATNumber"],
    "DivisionCustomerName": lambda state, _row: state["system/Divisions"].rows[state.division]["Description"],
    **{
        flag: lambda _state, _row: False
        for flag in (
            "IsClientUser",
            "IsEmployeeSelfServiceUser",
            "IsMyFirmLiteUser",
            "IsMyFirmPortalUser",
            "IsOEIMigrationMandatory",
            "IsStarterUser",
        )
    },
}

DERIVED: dict[str, dict[str, Derive]] = {
    "current/Me": _ME,
    "crm/Accounts": {
        "Country": _padded_country,
        "CountryName": lambda _state, row: COUNTRIES.get(row.get("Country") or ""),
        "Language": lambda _state, row: None if row.get("Language") is None else row["Language"].ljust(10),
        "LanguageDescription": lambda _state, row: LANGUAGES.get(row.get("Language") or ""),
        "IsSales": _is_customer,
        "IsPurchase": _is_customer,
        "PaymentConditionSalesDescription": by_code("cashflow/PaymentConditions", "PaymentConditionSales"),
        "PurchaseCurrencyDescription": lambda _state, row: CURRENCY_NAMES.get(row.get("PurchaseCurrency", "EUR")),
        "SalesCurrencyDescription": lambda _state, row: CURRENCY_NAMES.get(row.get("SalesCurrency", "EUR")),
        "SalesVATCodeDescription": by_code("vat/VATCodes", "SalesVATCode"),
        "InvoiceAccountCode": through("crm/Accounts", "InvoiceAccount", "Code"),
        "InvoiceAccountName": through("crm/Accounts", "InvoiceAccount", "Name"),
    },
    "crm/Contacts": {
        "AccountIsCustomer": _account_flag(lambda account: bool(account.get("Status") == "C")),
        "AccountIsSupplier": _account_flag(lambda account: bool(account.get("IsSupplier", False))),
        "AccountMainContact": through("crm/Accounts", "Account", "MainContact"),
        "AccountName": through("crm/Accounts", "Account", "Name"),
        "Code": through("crm/Accounts", "Account", "Code"),
        "Country": _padded_country,
        "FullName": _full_name,
        "IsMainContact": lambda state, row: through("crm/Accounts", "Account", "MainContact")(state, row) == row["ID"],
        "Language": lambda _state, row: None if row.get("Language") is None else row["Language"].ljust(10),
    },
    "crm/BankAccounts": {
        "AccountName": through("crm/Accounts", "Account", "Name"),
        "IBAN": lambda _state, row: row.get("BankAccount"),
        "TypeDescription": lambda _state, _row: "Rekening",
    },
    "crm/Addresses": {
        "AccountName": through("crm/Accounts", "Account", "Name"),
        "Country": _padded_country,
        "CountryName": lambda _state, row: COUNTRIES.get(row.get("Country") or ""),
    },
    "salesentry/SalesEntries": {
        **_DOCUMENT_OF,
        "CustomerName": through("crm/Accounts", "Customer", "Name"),
        "JournalDescription": by_code("financial/Journals", "Journal"),
        "PaymentConditionDescription": by_code("cashflow/PaymentConditions", "PaymentCondition"),
        "PaymentConditionPaymentMethod": by_code("cashflow/PaymentConditions", "PaymentCondition", "PaymentMethod"),
        "StatusDescription": lambda _state, row: STATUS_TEXTS[row["Status"]],
        "TypeDescription": lambda _state, row: TYPE_TEXTS[row["Type"]],
    },
    "salesentry/SalesEntryLines": {
        **_LEDGER_OF,
        **_COSTS_OF,
        "Type": lambda state, row: entry_header(state, row["EntryID"]).get("Type"),
        "VATCodeDescription": by_code("vat/VATCodes", "VATCode"),
    },
    "financial/GLAccounts": {"VATDescription": by_code("vat/VATCodes", "VATCode")},
    "financial/Journals": {
        **_LEDGER_OF,
        "CurrencyDescription": lambda _state, row: CURRENCY_NAMES.get(row.get("Currency", "EUR")),
        "GLAccountType": through("financial/GLAccounts", "GLAccount", "Type"),
    },
    "vat/VATCodes": {
        **_ACCOUNT_OF,
        "GLToPayCode": through("financial/GLAccounts", "GLToPay", "Code"),
        "GLToPayDescription": through("financial/GLAccounts", "GLToPay", "Description"),
        "GLToClaimCode": through("financial/GLAccounts", "GLToClaim", "Code"),
        "GLToClaimDescription": through("financial/GLAccounts", "GLToClaim", "Description"),
        "Percentage": _vat_percentage,
    },
    "documents/Documents": {
        **_ACCOUNT_OF,
        "CategoryDescription": lambda _state, row: "Customers" if row.get("Account") else None,
        "DocumentViewUrl": _document_url,
        "TypeDescription": through("documents/DocumentTypes", "Type", "Description"),
    },
    "documents/DocumentAttachments": {"Url": _attachment_url},
    "financial/ExchangeRates": {
        "SourceCurrencyDescription": lambda _state, row: CURRENCY_NAMES.get(row["SourceCurrency"]),
        "TargetCurrency": lambda _state, _row: "EUR",
        "TargetCurrencyDescription": lambda _state, _row: "Euro",
    },
    "financialtransaction/TransactionLines": {
        **_LEDGER_OF,
        **_COSTS_OF,
        **{field: _of_header(derive) for field, derive in _DOCUMENT_OF.items()},
        "Account": header("Customer"),
        "AccountCode": _of_header(through("crm/Accounts", "Customer", "Code")),
        "AccountName": _of_header(through("crm/Accounts", "Customer", "Name")),
        "Currency": header("Currency"),
        "Date": header("EntryDate"),
        "Document": header("Document"),
        "DueDate": lambda state, row: header("DueDate")(state, row) if row["LineNumber"] == 0 else None,
        "EntryNumber": header("EntryNumber"),
        "ExchangeRate": header("Rate"),
        "ExternalLinkReference": header("ExternalLinkReference"),
        "FinancialPeriod": header("ReportingPeriod"),
        "FinancialYear": header("ReportingYear"),
        "InvoiceNumber": header("EntryNumber"),
        "JournalCode": header("Journal"),
        "JournalDescription": _of_header(by_code("financial/Journals", "Journal")),
        "OrderNumber": header("OrderNumber"),
        "PaymentReference": header("PaymentReference"),
        "Status": header("Status"),
        "Type": header("Type"),
        "VATCodeDescription": by_code("vat/VATCodes", "VATCode"),
        "YourRef": header("YourRef"),
    },
}
"""Per entity: field → how it follows. Views take those of the entity whose rows they show."""
