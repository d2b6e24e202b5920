"""Direct debit: whether Exact can collect, and the mandate to create when asked (accounting rule 30)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from customer_identity.identifiers import compact
from target_exactonline.booking.terms import DIRECT_DEBIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

REFERENCE_LIMIT = 35
"""A SEPA mandate reference has at most 35 characters."""
CORE, RECURRING = 0, 1
"""DirectDebitMandates.Type and PaymentType (exact-online 8.9)."""


@dataclass(frozen=True)
class MandatePlan:
    """A mandate to create for a customer."""

    reference: str
    signature_date: str
    """"YYYY-MM-DD"."""

    def body(self, account: str, bank_account: str) -> dict[str, Any]:
        """Return the body to POST to cashflow/DirectDebitMandates, a core mandate for recurring collection."""
        return {
            "Account": account,
            "BankAccount": bank_account,
            "Reference": self.reference,
            "SignatureDate": self.signature_date,
            "Type": CORE,
            "PaymentType": RECURRING,
        }


@dataclass(frozen=True)
class Collection:
    """Whether a direct debit document can be collected in Exact."""

    bank_account: str | None
    """GUID of the customer's bank account in Exact."""
    mandate: str | None
    """GUID of the mandate in Exact."""
    plan: MandatePlan | None
    """The mandate to create; None when there is one, or its reference is not known."""
    warnings: tuple[str, ...]


def is_direct_debit(document: Mapping[str, Any]) -> bool:
    """Tell whether the document is to be collected."""
    return document.get("payment_method") == DIRECT_DEBIT


def check_collection(
    document: Mapping[str, Any],
    iban: str | None,
    bank_accounts: Iterable[Mapping[str, Any]],
    mandates: Iterable[Mapping[str, Any]],
) -> Collection:
    """Check a direct debit document against what Exact holds of its customer.

    Args:
        document: a record of `sales_entries`.
        iban: the customer's IBAN in the source, if any; it picks among several bank accounts.
        bank_accounts: the customer's rows of crm/BankAccounts (ID, BankAccount, Main, Blocked).
        mandates: the customer's rows of cashflow/DirectDebitMandates (ID, Reference, BankAccount, CancellationDate).
    """
    reference = (document.get("mandate_reference") or "").strip()
    open_accounts = [row for row in bank_accounts if not row.get("Blocked")]
    wanted = compact(iban)
    bank_account = next((row["ID"] for row in open_accounts if wanted and compact(row["BankAccount"]) == wanted), None)
    if bank_account is None and not wanted:
        bank_account = next((row["ID"] for row in sorted(open_accounts, key=lambda row: not row.get("Main"))), None)
    valid = [row for row in mandates if not row.get("CancellationDate")]
    if reference:
        valid = [row for row in valid if (row.get("Reference") or "").strip() == reference]
    mandate = valid[0]["ID"] if valid else None
    plan = None
    warnings = []
    if bank_account is None:
        warnings.append("direct debit: the customer's bank account is not in Exact")
    if mandate is None:
        name = f"mandate {reference}" if reference else "mandate"
        warnings.append(f"direct debit: the customer has no {name} in Exact")
        if reference and len(reference) <= REFERENCE_LIMIT:
            plan = MandatePlan(reference, document["date"])
    return Collection(bank_account, mandate, plan, tuple(warnings))
