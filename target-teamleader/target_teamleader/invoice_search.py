"""Finds invoices in Teamleader: by id a hundred per call, by number from one list per run, one with its payments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from connector_store import Paid
from target_teamleader.rules.exact_entry import money
from teamleader_api import NotFound, RecordRefused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from teamleader_api import TeamleaderClient

BATCH = 100
"""So many ids go in one call (teamleader, "Filters that matter")."""


@dataclass(frozen=True)
class Invoice:
    """What has to be known of an invoice; amounts in `currency`."""

    id: str
    number: str | None
    currency: str
    gross: Decimal
    payable: Decimal
    """`gross` without what the customer withholds: what payments and credit notes are deducted from."""
    due: Decimal
    """What is left after payments and credit notes."""

    @classmethod
    def of(cls, row: dict[str, Any]) -> Invoice:
        """Read a row of `invoices.list` or the answer of `invoices.info`."""
        total = row["total"]
        gross, due = total["tax_inclusive"], total["due"]
        payable = total.get("payable") or gross
        amounts = (money(each["amount"]) for each in (gross, payable, due))
        return cls(row["id"], row.get("invoice_number"), due["currency"], *amounts)


class InvoiceSearch:
    """Asks Teamleader for invoices."""

    def __init__(self, client: TeamleaderClient, department_id: str | None) -> None:
        self._client = client
        self._department_id = department_id
        self._outstanding: dict[str, list[Invoice]] | None = None

    def by_ids(self, ids: Sequence[str]) -> dict[str, Invoice]:
        """Return those that are there, by id."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Invoice] = {}
        for start in range(0, len(wanted), BATCH):
            found.update({row["id"]: Invoice.of(row) for row in self._rows(wanted[start : start + BATCH])})
        return found

    def by_number(self, number: str, currency: str | None, gross: Decimal) -> list[Invoice]:
        """Return the outstanding invoices of exactly this number, currency and gross amount.

        They are listed once per run, however many are asked for; only those of the department when one is set.
        """
        if self._outstanding is None:
            self._outstanding = self._listed()
        same = self._outstanding.get(number, [])
        return [each for each in same if (each.currency, each.gross) == (currency, gross)]

    def with_payments(self, invoice_id: str) -> tuple[Invoice, list[Paid]] | None:
        """Return an invoice and all of its payments, None when it is not there any more."""
        try:
            row = self._client.call("invoices.info", {"id": invoice_id})
        except NotFound:
            return None
        payments = [Paid(money(each["payment"]["amount"]), str(each["paid_at"])) for each in row.get("payments") or []]
        return Invoice.of(row), payments

    def _rows(self, ids: list[str]) -> list[dict[str, Any]]:
        """Return the rows of at most 100 invoices; an id that Teamleader does not take does not spoil the others."""
        body = {"filter": {"ids": ids}, "page": {"size": BATCH, "number": 1}}
        try:
            rows: list[dict[str, Any]] = self._client.call("invoices.list", body)
        except RecordRefused:
            return [row for each in ids for row in self._rows([each])] if len(ids) > 1 else []
        return rows

    def _listed(self) -> dict[str, list[Invoice]]:
        wanted: dict[str, Any] = {"status": ["outstanding"]}
        if self._department_id:
            wanted["department_id"] = self._department_id
        body = {"filter": wanted, "sort": [{"field": "invoice_number", "order": "asc"}]}
        rows = self._client.listed_until_stable(
            "invoices.list", body, key=lambda row: str(row["id"]), project=Invoice.of
        )
        listed: dict[str, list[Invoice]] = {}
        for each in rows:
            if each.number is not None:
                listed.setdefault(each.number.strip(), []).append(each)
        return listed
