"""Streams of sync endpoints, a thousand rows per call, read by row versions (exact-online 9.1-9.5)."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from exactonline_api import odata
from tap_exactonline import versions
from tap_exactonline.progress import TIMESTAMP, VersionProgress
from tap_exactonline.streams.base import EndpointStream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from singer_sdk.helpers.types import Record

_READ_AT = "read_at"


class VersionedStream(EndpointStream):
    """Rows whose version is higher than the last one delivered."""

    replication_key = TIMESTAMP
    forgets: ClassVar[bool] = False
    """Whether rows go by themselves, so that none of those read before may be left."""

    @cached_property
    @override
    def progress(self) -> VersionProgress:
        return VersionProgress(self.own_state, self._tap.last_move)

    @override
    def read(self) -> Iterable[Record]:
        yield from self._changed()
        if self.progress.has_lost_its_place and not self.forgets:
            self.logger.warning("Exact counts the row versions of %s anew: everything is read again", self.name)
            self.progress.restart()
            yield from self._changed()
        self.progress.end()

    def _changed(self) -> Iterable[Record]:
        progress = self.progress
        condition = f"{TIMESTAMP} gt {odata.int64(progress.since)}"
        for page in versions.pages(self.client.rows(self.path, select=self.wanted, filter=condition)):
            progress.turn_to(page)
            for row in page.rows:
                if progress.is_new(versions.version(row)):
                    yield self.to_record(row)
                else:
                    progress.pass_by(versions.version(row))

    @override
    def delivered(self, record: Record) -> None:
        self.progress.pass_by(record[TIMESTAMP])


class Accounts(VersionedStream):
    """Customers, suppliers and prospects."""

    name = "accounts"
    path = "sync/CRM/Accounts"


class GLAccounts(VersionedStream):
    """Ledger accounts."""

    name = "gl_accounts"
    path = "sync/Financial/GLAccounts"


class Deleted(VersionedStream):
    """What was deleted. Exact tells of it for two months (exact-online 9.3)."""

    name = "deleted"
    path = "sync/Deleted"
    forgets = True

    @override
    def read(self) -> Iterable[Record]:
        now, state = datetime.now(timezone.utc), self.own_state
        last = state.get(_READ_AT)
        if last and now - datetime.fromisoformat(last) > KEPT:
            self.logger.warning(
                "The deletions of Exact were last read on %s and are kept for two months: older ones may be missed, "
                "so compare what you hold with a full read of the other streams",
                last[:10],
            )
            for key in ("replication_key_value", "since", "seen"):
                state.pop(key, None)
        yield from super().read()
        state[_READ_AT] = now.isoformat(timespec="seconds")


KEPT = timedelta(days=50)
"""Less than the two months after which Exact forgets a deletion."""
