"""Values of the fields that nobody filled, as recorded rows show them."""

from __future__ import annotations

from typing import Any

from sandbox.exact.administration import CURRENCY

_PLACEHOLDER = "https://start.exactonline.be//docs/images/placeholder_account_myeol.png"

BLANKS: dict[str, dict[str, Any]] = {
    "crm/Accounts": {
        "AutomaticProcessProposedEntry": 0,
        "Blocked": False,
        "CanDropShip": False,
        "ConsolidationScenario": 6,
        "CostPaid": 0,
        "CreditLinePurchase": 0,
        "CreditLineSales": 0,
        "DiscountPurchase": 0,
        "DiscountSales": 0,
        "GlnNumber": "",
        "IgnoreDatevWarningMessage": False,
        "InvoiceAttachmentType": 1,
        "InvoicingMethod": 0,
        "IsAccountant": 0,
        "IsAgency": 0,
        "IsAnonymised": 0,
        "IsBank": False,
        "IsCompetitor": 0,
        "IsMailing": 0,
        "IsMember": False,
        "IsPilot": False,
        "IsReseller": False,
        "IsSupplier": False,
        "LogoThumbnailUrl": _PLACEHOLDER,
        "LogoUrl": _PLACEHOLDER,
        "OINNumber": "",
        "PurchaseCurrency": CURRENCY,
        "PurchaseLeadDays": 0,
        "RecepientOfCommissions": False,
        "SalesCurrency": CURRENCY,
        "SecurityLevel": 10,
        "SeparateInvPerProject": 0,
        "SeparateInvPerSubscription": 0,
        "ShippingLeadDays": 0,
        "Source": 2,
        "Type": "A",
    },
    "crm/Contacts": {"Gender": "O", "IsAnonymised": 0, "IsMailingExcluded": False},
    "crm/BankAccounts": {"Blocked": False, "Main": False, "Type": "A"},
    "crm/Addresses": {"Main": False, "Source": 2, "AccountIsSupplier": False},
    "salesentry/SalesEntries": {"ProcessNumber": 0, "Reversal": False, "IsExtraDuty": False},
    "salesentry/SalesEntryLines": {"Quantity": 1},
    "financial/GLAccounts": {
        "AllowCostsInSales": 0,
        "Compress": False,
        "ExcludeVATListing": 0,
        "IsBlocked": False,
        "Matching": False,
        "RevalueCurrency": False,
        "UseCostcenter": 0,
        "UseCostunit": 0,
    },
    "financial/Journals": {
        "AllowVAT": False,
        "AllowVariableCurrency": False,
        "AllowVariableExchangeRate": False,
        "AutoSave": False,
        "Currency": CURRENCY,
        "IsBlocked": False,
        "PaymentServiceProvider": 0,
    },
    "vat/VATCodes": {
        "CalculationBasis": 1,
        "Charged": False,
        "EUSalesListing": "N",
        "ExcludeVATListing": 0,
        "IntraStat": False,
        "IntrastatType": "N",
        "IsBlocked": False,
        "VatDocType": "P",
        "VatMargin": 0,
    },
    "vat/VatPercentages": {"LineNumber": 1, "Type": 0},
    "cashflow/PaymentConditions": {
        "DiscountPaymentDays": 0,
        "DiscountPercentage": 0,
        "PaymentEndOfMonths": 0,
        "Percentage": 1,
    },
    "cashflow/Receivables": {"IsBatchBooking": 0, "Source": 1, "TransactionIsReversal": False},
    "cashflow/DirectDebitMandates": {"FirstSend": 0, "Main": 1, "Type": 0},
    "documents/Documents": {"Currency": CURRENCY, "HasEmptyBody": True, "InheritShare": False, "SendMethod": 0},
    "hrm/Costcenters": {"Active": True},
    "system/Divisions": {
        "BlockingStatus": 0,
        "Currency": CURRENCY,
        "Legislation": "BE ",
        "SiretNumber": "",
        "Status": 1,
    },
}

ECHOED = {
    "crm/Accounts": {
        "CostPaid",
        "IgnoreDatevWarningMessage",
        "IsAccountant",
        "IsAgency",
        "IsAnonymised",
        "IsCompetitor",
        "IsMailing",
        "SeparateInvPerProject",
        "SeparateInvPerSubscription",
    },
    "crm/Contacts": {"IsAnonymised"},
    "crm/BankAccounts": set[str](),
}
"""Entities whose POST answers null except the key when no representation is asked for, and the fields that keep their
blank value then (exact-online 3.27, as recorded)."""


def common(division: int, user_id: str, user_name: str) -> dict[str, Any]:
    """Fields that mean the same on every entity."""
    return {
        "Division": division,
        "Creator": user_id,
        "Modifier": user_id,
        "CreatorFullName": user_name,
        "ModifierFullName": user_name,
    }
