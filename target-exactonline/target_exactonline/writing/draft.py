"""A document on its way to becoming a sales entry."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from connector_store import DocumentDetail

if TYPE_CHECKING:
    from target_exactonline.booking import EntryPlan


@dataclass(frozen=True)
class Draft:
    """A record of `sales_entries` that can be booked, with the entry that it asks for."""

    record: dict[str, Any]
    plan: EntryPlan
    fingerprint: str
    trace: DocumentDetail = field(default_factory=DocumentDetail)
    """Detail of the intent that an earlier attempt left behind."""
    tried: bool = False
    """An earlier attempt left an intent."""

    @property
    def kind(self) -> str:
        """Return "invoice" or "credit_note"."""
        return str(self.record["kind"])

    @property
    def id(self) -> str:
        """Return the identity of the document at the source."""
        return str(self.record["id"])

    @property
    def number(self) -> str:
        """Return the document's own number."""
        return str(self.record["number"])

    @property
    def has_several_rates(self) -> bool:
        """Tell whether net and VAT as totals do not tell yet what stands at which rate."""
        return len({line.vat_code for line in self.plan.lines}) > 1

    @property
    def told(self) -> dict[str, Any]:
        """Return the entry as the plan of a dry run tells it."""
        plan = self.plan
        lines = [
            {
                "gl_account": line.gl_account.code,
                "vat_code": line.vat_code,
                "net": line.amount,
                "vat": line.vat_amount,
                "description": line.description,
            }
            for line in plan.lines
        ]
        return {
            "journal": plan.journal,
            "date": plan.entry_date,
            "due_date": plan.due_date,
            "currency": plan.currency,
            "customer": (self.record.get("invoicee") or {}).get("name") or self.record.get("customer"),
            "lines": lines,
            "files": len(self.record.get("attachments") or ()),
        }

    @property
    def reference(self) -> tuple[str, str]:
        """Return what the entry is found by in Exact: journal and YourRef."""
        return self.plan.journal, self.plan.your_ref
