"""Streams that Exact sorts by their last change, for lack of a sync endpoint (exact-online 9.8)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
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
    _rows_read = 0

    @cached_property
    @override
    def progress(self) -> ModifiedProgress:
        day = self.config.get("start_date")
        return ModifiedProgress(self.own_state, datetime.fromisoformat(day) if day else None)

    @override
    def read(self) -> Iterable[Record]:
        begun = datetime.now(timezone.utc)
        since = self.progress.since
        if self.progress.count is None or since is None:
            yield from self._changed(since)
        else:
            yield from self._beside_a_crowd(since, self.progress.count)
        self.progress.end(begun, lambda moment: self._newest(moment)[1])

    @override
    def delivered(self, record: Record) -> None:
        self.progress.pass_by(record[self.primary_keys[0]], self._modified)

    def _changed(self, since: datetime | None) -> Iterable[Record]:
        """Yield what was changed since a moment and not delivered yet."""
        key = self.primary_keys[0]
        rows = self.client.rows(
            self.path,
            select=self.wanted,
            filter=f"{MODIFIED} ge {odata.moment(since) if since else _ALWAYS}"
            if since or self.is_filter_obligatory
            else None,
            orderby=MODIFIED,
            expand=self.expand if self.expand in self.wanted else None,
        )
        for row in rows:
            self._rows_read += 1
            written = row.get(MODIFIED)
            modified = wall_clock.text(written) if written else None
            if self.progress.is_new(row[key], modified):
                self._modified = modified
                yield self.to_record(row)
            else:
                self.progress.pass_by(row[key], modified)

    def _beside_a_crowd(self, since: datetime, count: int) -> Iterable[Record]:
        """Yield what was changed since many rows were at once: one call when nothing was.

        As long as `count` of them stand there with the times they had, none came late and none was changed again.
        """
        bookmark = self.progress.bookmark or ""
        newest, total = self._newest(since)
        if (newest, total) == (bookmark, count):
            return
        self._rows_read = 0
        second = wall_clock.second_of(bookmark)
        yield from self._changed(second + timedelta(seconds=1))
        # A row that was changed again within the bookmark's second leaves the number as it was.
        is_same_second = newest is not None and newest != bookmark and wall_clock.second_of(newest) == second
        if total - self._rows_read == count and not is_same_second:
            self.progress.count = total
        else:
            self.progress.lose_count()
            yield from self._changed(since)

    def _newest(self, since: datetime) -> tuple[str | None, int]:
        """Return the newest time of a change since a moment, and how many there were."""
        condition = f"{MODIFIED} ge {odata.moment(since)}"
        row, count = self.client.first_of(
            self.path, select=(*self.primary_keys, MODIFIED), filter=condition, orderby=f"{MODIFIED} desc"
        )
        return (wall_clock.text(row[MODIFIED]) if row else None), count


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
