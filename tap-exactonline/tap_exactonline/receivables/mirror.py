"""Keeping the store's mirror of the payment terms up to date, with two calls when nothing is new.

Removed terms are read before the terms themselves. When Exact joins a paid and an open term between the two calls (a
match is taken back), the joined one shows and the removed one is still there: for one run more seems to be owed. The
other way round, the paid one could be all that is left, and the entry would seem settled.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from connector_store import Term
from exactonline_api import odata
from tap_exactonline.fields import cents, day
from tap_exactonline.receivables.entries import OF_ENTRY, OF_TERM
from tap_exactonline.versions import BEGINNING, Reading, pages, version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from connector_store import ConnectorStore, Mirror, Terms
    from exactonline_api import ExactClient

POSITION: Final = "payment_terms"
"""Name in the store of how far Exact was read."""
ROWS_AGAIN: Final = 500
KEPT: Final = timedelta(days=50)
"""Exact forgets deletions after two months (exact-online 9.3)."""

_PAYABLE: Final = 22
_PAYMENT_TERM: Final = 10
_DAYS: Final = frozenset({"InvoiceDate", "DueDate", "EndDate", "LastPaymentDate"})
_AMOUNTS: Final = frozenset({"AmountFC", "AmountDC"})
_SHOWN: Final = (*OF_ENTRY, *OF_TERM)
_ASKED: Final = ("ID", "Timestamp", "TransactionEntryID", "LineType", *_SHOWN)


class Position(NamedTuple):
    """How far the two endpoints were read, and of which mirror that is true."""

    identity: str
    moved: str | None
    begun_at: str | None
    """When the mirror was begun anew (ISO, UTC); None once it was complete."""
    terms: int = BEGINNING
    removals: int = BEGINNING


class Refresh:
    """One refresh of the mirror of a division.

    Args:
        client: The connection to Exact.
        store: Where the mirror is.
        division: The administration.
        moved: When row versions were last counted anew (see `administration`).
        anew: Read everything again, because that was asked for.
        between_pages: Called between two pages; may end the run.
    """

    def __init__(
        self,
        client: ExactClient,
        store: ConnectorStore,
        division: int,
        *,
        moved: str | None,
        anew: bool = False,
        between_pages: Callable[[], None],
    ) -> None:
        self._client = client
        self._store = store
        self._division = division
        self._moved = moved
        self._anew = anew
        self._between_pages = between_pages
        self._mirror: Terms = store.terms(division)
        self._position = self._starting_position(self._mirror.mirror)

    def run(self) -> None:
        """Bring the mirror up to date. When it is cut off, the next refresh goes on where this one stopped.

        Raises:
            exactonline_api.ApiError: Exact did not answer, or refuses sync/Deleted: then nothing may be concluded from
                the terms, because it would not show what was taken back.
        """
        removals = Reading(self._position.removals, ROWS_AGAIN)
        removed: list[tuple[str, int]] = []
        for page in self._pages("sync/Deleted", ("EntityKey", "Timestamp"), removals, f"EntityType eq {_PAYMENT_TERM}"):
            # Only the last page waits for the terms, so that many removals need no memory.
            self._mirror.remove(removed)
            removed = [(row["EntityKey"], version(row)) for row in page]
        terms = Reading(self._position.terms, ROWS_AGAIN)
        for page in self._pages("sync/Cashflow/PaymentTerms", _ASKED, terms):
            self._mirror.apply([term for row in page if (term := as_term(row))])
            if terms.is_safe:
                self._move(terms=terms.since)
        if terms.is_empty and self._position.terms > BEGINNING:
            # Not even the rows that the last reading ended with: the versions were counted anew (exact-online 9.5).
            self._position = self._begin_anew(self._mirror.mirror)
            self.run()
            return
        self._mirror.remove(removed)
        terms.end()
        removals.end()
        self._mirror.complete(self._moved)
        self._move(terms=terms.since, removals=removals.since, begun_at=None)

    def _starting_position(self, mirror: Mirror) -> Position:
        """Go on where the last refresh stopped, or begin anew where that means nothing any more."""
        text = self._store.position(self._division, POSITION)
        position = Position(**json.loads(text)) if text else None
        if position and position.identity == mirror.identity and position.moved == self._moved:
            since = datetime.fromisoformat(position.begun_at) if position.begun_at else mirror.refreshed_at
            is_wanted = not self._anew or position.begun_at is not None
            if is_wanted and since and datetime.now(timezone.utc) - since <= KEPT:
                return position
        return self._begin_anew(mirror)

    def _begin_anew(self, mirror: Mirror) -> Position:
        self._mirror.begin_anew()
        begun = Position(mirror.identity, self._moved, datetime.now(timezone.utc).isoformat(timespec="seconds"))
        self._keep(begun)
        return begun

    def _move(self, **changes: Any) -> None:  # noqa: ANN401
        moved = self._position._replace(**changes)
        if moved != self._position:
            self._keep(moved)
            self._position = moved

    def _keep(self, position: Position) -> None:
        self._store.set_position(self._division, POSITION, json.dumps(position._asdict()))

    def _pages(
        self, path: str, fields: tuple[str, ...], reading: Reading, condition: str | None = None
    ) -> Iterator[list[dict[str, Any]]]:
        """Yield the rows behind where the reading starts, a page at a time; all of it counts as met."""
        behind = f"Timestamp gt {odata.int64(reading.highest)}"
        rows = self._client.rows(path, select=fields, filter=f"{behind} and {condition}" if condition else behind)
        for page in pages(rows):
            reading.turn_to(page)
            for row in page.rows:
                reading.meet(version(row))
            yield page.rows
            self._between_pages()


def as_term(row: dict[str, Any]) -> Term | None:
    """Make a term of a row of sync/Cashflow/PaymentTerms; None for payables, and for what belongs to no entry.

    Days are written as `2026-06-25`, amounts are Decimals with Exact's sign.
    """
    if row.get("LineType") == _PAYABLE or not row.get("TransactionEntryID"):
        return None
    shown = {name: _shown(name, row.get(name)) for name in _SHOWN}
    return Term(
        id=row["ID"],
        entry_id=row["TransactionEntryID"],
        timestamp=version(row),
        account=row.get("Account"),
        status=int(row.get("Status") or 0),
        end_date=shown["EndDate"],
        row=shown,
    )


def _shown(name: str, value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if value is None:
        return None
    if name in _DAYS:
        return day(value)
    return cents(value) if name in _AMOUNTS else value
