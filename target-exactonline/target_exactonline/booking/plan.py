"""The sales entry as it will be booked: a value that can be shown, compared and sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from exactonline_api.master_data import GLAccount


@dataclass(frozen=True)
class PlanLine:
    """One line of the entry, in the entry's currency."""

    gl_account: GLAccount
    vat_code: str
    amount: Decimal
    """VAT excluded, signed."""
    vat_amount: Decimal
    """What this line's VAT will be in Exact."""
    computed_vat: Decimal
    """What Exact itself would compute for this line."""
    description: str = ""
    quantity: Decimal | None = None
    cost_center: str | None = None
    cost_unit: str | None = None

    def body(self) -> dict[str, Any]:
        """Return the line as Exact takes it; VATAmountFC only when it overrides Exact's own (accounting rule 8)."""
        body: dict[str, Any] = {
            "GLAccount": self.gl_account.id,
            "AmountFC": self.amount,
            "VATCode": self.vat_code,
            "VATAmountFC": self.vat_amount if self.vat_amount != self.computed_vat else None,
            "Description": self.description or None,
            "Quantity": self.quantity,
            "CostCenter": self.cost_center,
            "CostUnit": self.cost_unit,
        }
        return {name: value for name, value in body.items() if value is not None}

    def whole_body(self) -> dict[str, Any]:
        """Return the line as it replaces another: what it does not have is emptied, and its VAT is told in any case."""
        empty = dict.fromkeys(("Description", "CostCenter", "CostUnit"))
        vat = {"VATAmountFC": self.vat_amount} if self.vat_amount or self.computed_vat else {}
        return {**empty, **self.body(), **vat}


@dataclass(frozen=True)
class EntryPlan:
    """A sales entry; amounts in `currency`, a credit note's negative."""

    journal: str
    your_ref: str
    entry_date: date
    due_date: date | None
    currency: str
    rate: Decimal | None
    """Units of the administration's currency per 1 of `currency`; None for its own currency or to leave it to Exact."""
    payment_condition: str | None
    description: str
    payment_reference: str | None
    lines: tuple[PlanLine, ...]
    net: Decimal
    vat: Decimal
    gross: Decimal
    entry_number: int | None = None
    warnings: tuple[str, ...] = ()
    """Sentences for the log, without personal data."""

    def body(self, customer: str, document: str | None = None) -> dict[str, Any]:
        """Return the body to POST to salesentry/SalesEntries.

        Args:
            customer: GUID of the account in Exact.
            document: GUID of the document that holds the PDF.
        """
        body: dict[str, Any] = {
            "Customer": customer,
            "Journal": self.journal,
            "YourRef": self.your_ref,
            "EntryDate": self.entry_date.isoformat(),
            "DueDate": self.due_date.isoformat() if self.due_date else None,
            "Currency": self.currency,
            "Rate": self.rate,
            "PaymentCondition": self.payment_condition,
            "Description": self.description,
            "PaymentReference": self.payment_reference,
            "EntryNumber": self.entry_number,
            "Document": document,
            "SalesEntryLines": self.line_bodies(),
        }
        return {name: value for name, value in body.items() if value is not None}

    def line_bodies(self) -> list[dict[str, Any]]:
        """Return the lines as Exact takes them, in the document's order."""
        return [line.body() for line in self.lines]
