"""A mirror of Exact's payment terms, so that one changed term shows with all the terms of its entry.

Exact's sync endpoint gives single terms that changed, and an entry may have several: two instalments, or a part that
is paid and a rest (exact-online 7.5). What an entry still owes can only be told from all of them, which the mirror
keeps, so that Exact need not be asked again.

Exact's row versions (`timestamp`) order the reading; they start anew when an administration is moved (9.5) and may
show late. So the mirror counts its own changes: each change of an entry gives it the next `version`, and a reader that
kept the last version it saw misses nothing. `identity` tells one mirror from another: versions of a lost mirror mean
nothing in a new one.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import and_, delete, insert, select, update

from connector_store.columns import utc_now
from connector_store.prepared import key_of, keyed
from connector_store.schema import term_entries, term_mirrors, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection

    from connector_store.engine import Database

PAGE = 500
_TIMESTAMP: Final = select(term_entries.c.timestamp).where(key_of(term_entries, "division", "entry_id"))
MATCHED = 50
"""Status of a term that is settled (exact-online 7.2)."""


@dataclass(frozen=True)
class Term:
    """One payment term as Exact gave it. `row` holds ids, dates and Decimal amounts, never names."""

    id: str
    entry_id: str
    """TransactionEntryID: the entry that the term belongs to."""
    timestamp: int
    """Exact's row version."""
    account: str | None
    status: int
    end_date: str | None
    """The day (ISO) since when the term is settled."""
    row: dict[str, Any]
    """What is shown of it. Without the row version, so that a row that was only touched is no change."""


@dataclass(frozen=True)
class EntryTerms:
    """All terms of one entry; none when every one of them was removed in Exact."""

    entry_id: str
    version: int
    """Number of its last change in this mirror; no two entries share one."""
    timestamp: int
    """Highest row version of Exact that changed it, removals included."""
    terms: tuple[Term, ...]
    last_row: dict[str, Any] | None
    """The row of the term that was removed last, when none is left."""


@dataclass(frozen=True)
class Mirror:
    """How far the mirror was read. `terms_read` is the highest row version of Exact among its terms, 0 at first."""

    identity: str
    last_version: int
    """Number of the last change of an entry: a reader that has it has everything."""
    terms_read: int
    moved: str | None
    """Exact's date of the last move of the administration, as it was when the mirror was last refreshed."""
    refreshed_at: datetime | None
    """When the mirror was last read to its end (UTC), None before the first time."""


class Terms:
    """The mirror of one division. Every verb is one transaction."""

    def __init__(self, database: Database, division: int) -> None:
        self._database = database
        self._division = division

    @property
    def mirror(self) -> Mirror:
        """How far the mirror was read; a new one is made at the first call."""
        with self._writing() as connection:
            row = self._state(connection)
        return Mirror(row.identity, row.last_version, row.terms_read, row.moved, row.refreshed_at)

    def apply(self, changed: Iterable[Term]) -> int:
        """Take over terms that were read; return how many entries changed by it.

        A term that is there in a later version, or with the same row, changes nothing. How far was read is moved to
        the highest version among them.
        """
        newest: dict[str, Term] = {}
        for term in changed:
            if term.id not in newest or term.timestamp >= newest[term.id].timestamp:
                newest[term.id] = term
        if not newest:
            return 0
        with self._writing() as connection:
            state = self._state(connection)
            known = self._known(connection, list(newest))
            touched: dict[str, int] = {}
            replaced, rows = [], []
            for term in newest.values():
                before = known.get(term.id)
                if before is not None and before.generation == state.generation and before.timestamp >= term.timestamp:
                    continue
                if before is None or _content(before) != _content(term):
                    touched[term.entry_id] = max(touched.get(term.entry_id, 0), term.timestamp)
                    if before is not None and before.entry_id != term.entry_id:
                        touched[before.entry_id] = max(touched.get(before.entry_id, 0), term.timestamp)
                if before is not None:
                    replaced.append(term.id)
                rows.append({"division": self._division, "generation": state.generation, **vars(term)})
            self._forget(connection, replaced)
            if rows:
                connection.execute(insert(terms), rows)
            self._note_changes(connection, state.last_version, touched, {})
            highest = max(state.terms_read, *(term.timestamp for term in newest.values()))
            self._set(connection, terms_read=highest)
        return len(touched)

    def remove(self, removed: Sequence[tuple[str, int]]) -> int:
        """Take out terms that Exact says were deleted (id, row version of the deletion); return how many were here."""
        if not removed:
            return 0
        versions = dict(removed)
        with self._writing() as connection:
            state = self._state(connection)
            known = self._known(connection, list(versions))
            touched: dict[str, int] = {}
            last_rows: dict[str, dict[str, Any]] = {}
            for id_, row in known.items():
                touched[row.entry_id] = max(touched.get(row.entry_id, 0), versions[id_])
                last_rows[row.entry_id] = row.row
            self._forget(connection, list(known))
            self._note_changes(connection, state.last_version, touched, last_rows)
        return len(known)

    def begin_anew(self) -> None:
        """Read everything again: row versions were reset, or deletions were missed.

        What is known stays until `complete`: terms that were not read again by then are gone in Exact.
        """
        with self._writing() as connection:
            state = self._state(connection)
            self._set(connection, generation=state.generation + 1, terms_read=0)

    def complete(self, moved: str | None) -> None:
        """Say that everything there is was read; take out what was not read again since `begin_anew`."""
        with self._writing() as connection:
            state = self._state(connection)
            stale = and_(self._mine, terms.c.generation < state.generation)
            while page := connection.execute(select(terms).where(stale).limit(PAGE)).all():
                touched = {row.entry_id: row.timestamp for row in page}
                self._forget(connection, [row.id for row in page])
                last_version = self._state(connection).last_version
                self._note_changes(connection, last_version, touched, {row.entry_id: row.row for row in page})
            self._set(connection, moved=moved, refreshed_at=utc_now())

    def show_again(self, connection: Connection, entry_id: str) -> None:
        """Give an entry the next version, as if it had changed, within a transaction; nothing when it is not here.

        What its readers make of it is another thing now: a document was linked to it, or released.
        """
        timestamp = connection.scalar(_TIMESTAMP, keyed(division=self._division, entry_id=entry_id))
        if timestamp is not None:
            self._database.line_up(connection, self._name)
            self._note_changes(connection, self._state(connection).last_version, {entry_id: timestamp}, {})

    def entries(self, after: int) -> Iterator[EntryTerms]:
        """Yield the entries that changed after a version, in the order of their versions, read in pages."""
        while page := self._page(after):
            yield from page
            after = page[-1].version

    def settled_on(self, account: str, end_date: str, *, but: str) -> list[Term]:
        """Return the settled terms of an account with that end date, of other entries than `but`.

        The rows of one match share the end date (exact-online 7.2): among these is what settled a term.
        """
        query = select(terms).where(
            self._mine,
            terms.c.account == account,
            terms.c.end_date == end_date,
            terms.c.status == MATCHED,
            terms.c.entry_id != but,
        )
        with self._database.reading() as connection:
            found = [_term(row) for row in connection.execute(query)]
        return sorted(found, key=lambda term: (term.timestamp, term.id))

    def _page(self, after: int) -> list[EntryTerms]:
        mine = and_(term_entries.c.division == self._division, term_entries.c.version > after)
        with self._database.reading() as connection:
            found = connection.execute(
                select(term_entries).where(mine).order_by(term_entries.c.version).limit(PAGE)
            ).all()
            of_entry: dict[str, list[Term]] = {row.entry_id: [] for row in found}
            query = select(terms).where(self._mine, terms.c.entry_id.in_(of_entry))
            for row in connection.execute(query.order_by(terms.c.entry_id, terms.c.id)):
                of_entry[row.entry_id].append(_term(row))
        return [
            EntryTerms(row.entry_id, row.version, row.timestamp, tuple(of_entry[row.entry_id]), row.last_row)
            for row in found
        ]

    def _note_changes(
        self, connection: Connection, last_version: int, touched: dict[str, int], last_rows: dict[str, dict[str, Any]]
    ) -> None:
        """Give each changed entry the next version; `last_rows` are those of entries that lost a term."""
        if not touched:
            return
        before = self._entries_known(connection, list(touched))
        rows = []
        for version, (entry_id, timestamp) in enumerate(touched.items(), start=last_version + 1):
            known_timestamp, known_row = before.get(entry_id, (0, None))
            row = last_rows.get(entry_id, known_row)
            rows.append(
                {
                    "division": self._division,
                    "entry_id": entry_id,
                    "version": version,
                    "timestamp": max(timestamp, known_timestamp),
                    "last_row": row,
                }
            )
        for start in range(0, len(rows), PAGE):
            some = term_entries.c.entry_id.in_([row["entry_id"] for row in rows[start : start + PAGE]])
            connection.execute(delete(term_entries).where(term_entries.c.division == self._division, some))
        connection.execute(insert(term_entries), rows)
        self._set(connection, last_version=last_version + len(rows))

    def _entries_known(self, connection: Connection, ids: list[str]) -> dict[str, tuple[int, dict[str, Any] | None]]:
        known = {}
        for start in range(0, len(ids), PAGE):
            some = term_entries.c.entry_id.in_(ids[start : start + PAGE])
            query = select(term_entries).where(term_entries.c.division == self._division, some)
            known.update({row.entry_id: (row.timestamp, row.last_row) for row in connection.execute(query)})
        return known

    def _known(self, connection: Connection, ids: list[str]) -> dict[str, Any]:
        known = {}
        for start in range(0, len(ids), PAGE):
            query = select(terms).where(self._mine, terms.c.id.in_(ids[start : start + PAGE]))
            known.update({row.id: row for row in connection.execute(query)})
        return known

    def _forget(self, connection: Connection, ids: list[str]) -> None:
        for start in range(0, len(ids), PAGE):
            connection.execute(delete(terms).where(self._mine, terms.c.id.in_(ids[start : start + PAGE])))

    def _state(self, connection: Connection) -> Any:  # noqa: ANN401 - a row of the table
        query = select(term_mirrors).where(term_mirrors.c.division == self._division)
        row = connection.execute(query).one_or_none()
        if row is None:
            new = {"identity": secrets.token_hex(8), "generation": 1, "last_version": 0, "terms_read": 0}
            connection.execute(insert(term_mirrors).values(division=self._division, **new))
            row = connection.execute(query).one()
        return row

    def _set(self, connection: Connection, **values: Any) -> None:  # noqa: ANN401
        connection.execute(update(term_mirrors).where(term_mirrors.c.division == self._division).values(**values))

    def _writing(self) -> Any:  # noqa: ANN401 - a context manager of a connection
        return self._database.writing(self._name)

    @property
    def _name(self) -> str:
        """What writers of the mirror line up for."""
        return f"terms {self._division}"

    @property
    def _mine(self) -> ColumnElement[bool]:
        return terms.c.division == self._division


def _content(term: Any) -> tuple[Any, ...]:  # noqa: ANN401 - a Term or a row of the table
    return term.entry_id, term.status, term.end_date, term.row


def _term(row: Any) -> Term:  # noqa: ANN401 - a row of the table
    return Term(row.id, row.entry_id, row.timestamp, row.account, row.status, row.end_date, row.row)
