"""Small lists that are read whole, in the runs that bring a document; in every run when no documents are selected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import override

from tap_teamleader.streams.base import TeamleaderStream, page_of
from tap_teamleader.streams.documents import brings_documents
from teamleader_api import AccessDenied

if TYPE_CHECKING:
    from collections.abc import Iterable

    from singer_sdk.helpers.types import Record


class ReferenceStream(TeamleaderStream):
    """A list of Teamleader, read whole."""

    action: ClassVar[str]
    of_department: ClassVar[bool] = False
    """Whether the list can be limited to the department of the settings."""
    sort: ClassVar[list[dict[str, str]] | None] = None
    is_needed: ClassVar[bool] = True
    """Whether documents cannot be understood without the list."""

    @override
    def read(self) -> Iterable[Record]:
        if not brings_documents(self._tap):
            return
        try:
            yield from self._rows()
        except AccessDenied as error:
            if self.is_needed:
                raise
            self.logger.warning("%s are left out: %s, or deselect the stream", self.name, error)

    def _rows(self) -> Iterable[Record]:
        body: dict[str, Any] = page_of(
            ("department_id", self.config.get("department_id") if self.of_department else None)
        )
        if self.sort:
            body["sort"] = self.sort
        met: set[str] = set()
        for row in self.client.rows(self.action, body):
            if row["id"] not in met:
                met.add(row["id"])
                yield row


class Departments(ReferenceStream):
    """Company entities of the account, with VAT number and currency."""

    name = "departments"
    action = "departments.list"


class TaxRates(ReferenceStream):
    """VAT rates of the department: several of 0 % differ by description only."""

    name = "tax_rates"
    action = "taxRates.list"
    of_department = True


class ProductCategories(ReferenceStream):
    """Product categories with their ledger account number per department."""

    name = "product_categories"
    action = "productCategories.list"
    of_department = True


class PaymentTerms(ReferenceStream):
    """Terms of payment that may be chosen for a document."""

    name = "payment_terms"
    action = "paymentTerms.list"


class Subscriptions(ReferenceStream):
    """Agreements that make invoices, as Teamleader lists them."""

    name = "subscriptions"
    action = "subscriptions.list"
    of_department = True
    is_needed = False
    sort: ClassVar[list[dict[str, str]] | None] = [{"field": "created_at", "order": "asc"}]
