"""What every entry still has open, and what of it was settled."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from tap_exactonline.progress import TIMESTAMP
from tap_exactonline.receivables.counters import Counters
from tap_exactonline.receivables.entries import receivable
from tap_exactonline.receivables.mirror import Refresh
from tap_exactonline.streams.base import ExactStream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from singer_sdk.helpers.types import Record

    from connector_store import Mirror

_LOCK_SECONDS = 120


class ReceivablesProgress:
    """How far the entries of the mirror were delivered.

    They come in the order of the mirror's own versions, which mean nothing in another mirror: then all are delivered
    again, since what was lost with the mirror may be what became of them.

        {"replication_key": "Timestamp", "replication_key_value": 8400321, "mirror": "6f0c…", "version": 512}
    """

    def __init__(self, state: dict[str, Any], mirror: Mirror) -> None:
        self._state = state
        if state.get("mirror") != mirror.identity:
            state.update(mirror=mirror.identity, version=0)
        if state.get("moved", mirror.moved) != mirror.moved:
            state.pop("replication_key_value", None)
        state["moved"] = mirror.moved
        self.version: int = state["version"]
        """Version of the mirror behind which the entries were not delivered."""

    def pass_by(self, version: int) -> None:
        """Note that an entry needs no delivery any more."""
        self.version = version

    def end(self, highest: int) -> None:
        """Note that everything was delivered, up to this row version of Exact."""
        self._state.update(replication_key=TIMESTAMP, replication_key_value=highest)

    def save(self) -> None:
        """Bring the state up to date."""
        self._state["version"] = self.version


class Receivables(ExactStream):
    """One record per entry whose payment terms changed, with all its terms."""

    name = "receivables"
    primary_keys = ("TransactionEntryID",)
    replication_key = TIMESTAMP
    STATE_MSG_FREQUENCY = 50

    _version: int

    @cached_property
    @override
    def progress(self) -> ReceivablesProgress:
        return ReceivablesProgress(self.own_state, self._tap.store.terms(self.division).mirror)

    @override
    def read(self) -> Iterable[Record]:
        store, division = self._tap.store, self.division
        is_first = "version" not in self.own_state
        with store.lock(f"payment terms {division}", timeout=_LOCK_SECONDS):
            Refresh(
                self.client,
                store,
                division,
                moved=self._tap.last_move,
                anew=is_first,
                between_pages=self._tap.interruption.check,
            ).run()
        terms = store.terms(division)
        highest = terms.mirror.terms_read
        counters = Counters(lambda account, day: terms.settled_on(account, day, but=""))
        for entry in terms.entries(self.progress.version):
            self._version = entry.version
            yield receivable(entry, division, counters.types)
        self.progress.end(highest)

    @override
    def delivered(self, record: Record) -> None:
        self.progress.pass_by(self._version)
