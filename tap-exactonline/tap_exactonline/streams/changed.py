"""Streams that Exact sorts by their last change, for lack of a sync endpoint (exact-online 9.8)."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from exactonline_api import odata
from tap_exactonline import wall_clock
from tap_exactonline.progress import MODIFIED, ModifiedProgress
from tap_exactonline.streams.base import EndpointStream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from singer_sdk.helpers.types import Record

_ALWAYS = "datetime'1900-01-01T00:00:00'"


class ChangedStream(EndpointStream):
    """Rows in the order of `Modified`, from the last one delivered on."""

    replication_key = MODIFIED

    is_filter_obligatory: ClassVar[bool] = False
    """Whether Exact may refuse to list everything without a condition (exact-online 2.9)."""
    expand: ClassVar[str | None] = None
    """A property with rows of its own that come along."""

    _modified: str | None

    @cached_property
    @override
    def progress(self) -> ModifiedProgress:
        return ModifiedProgress(self.own_state)

    @override
    def read(self) -> Iterable[Record]:
        key = self.primary_keys[0]
        rows = self.client.rows(
            self.path,
            select=self.wanted,
            filter=self._condition(),
            orderby=MODIFIED,
            expand=self.expand if self.expand in self.wanted else None,
        )
        for row in rows:
            written = row.get(MODIFIED)
            modified = wall_clock.text(written) if written else None
            if self.progress.is_new(row[key], modified):
                self._modified = modified
                yield self.to_record(row)
            else:
                self.progress.pass_by(row[key], modified)

    @override
    def delivered(self, record: Record) -> None:
        self.progress.pass_by(record[self.primary_keys[0]], self._modified)

    def _condition(self) -> str | None:
        since = self.progress.since
        if since is None and not self.is_filter_obligatory:
            return None
        return f"{MODIFIED} ge {odata.moment(since) if since else _ALWAYS}"


class Contacts(ChangedStream):
    """Persons of accounts."""

    name = "contacts"
    path = "crm/Contacts"
    is_filter_obligatory = True


class Journals(ChangedStream):
    """Journals."""

    name = "journals"
    path = "financial/Journals"


class VatCodes(ChangedStream):
    """VAT codes."""

    name = "vat_codes"
    path = "vat/VATCodes"


class PaymentConditions(ChangedStream):
    """Payment conditions."""

    name = "payment_conditions"
    path = "cashflow/PaymentConditions"


class FinancialPeriods(ChangedStream):
    """Periods of the financial years."""

    name = "financial_periods"
    path = "financial/FinancialPeriods"


class SalesEntries(ChangedStream):
    """Entries in the sales journals, with their lines unless those are deselected."""

    name = "sales_entries"
    path = "salesentry/SalesEntries"
    primary_keys = ("EntryID",)
    expand = "SalesEntryLines"
