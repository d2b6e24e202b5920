"""How far a stream has come, kept in its Singer state.

The bookmark alone is not enough. Teamleader shows changes a little late and in no order, so each run looks back some
minutes before the bookmark; without memory it would read again what it already delivered. The state therefore also
holds, for the minutes of the look-back only, which version of each row went out:

    {"replication_key": "updated_at", "replication_key_value": "2026-11-02T10:00:00Z",
     "seen": {"<id>": "2026-11-02T09:58:12Z"}}

Customers are also read because a document names them. `put_out` holds the last rows that went out, so that a payment on
an invoice that went out does not have its customer read again.

Both are moved together after a record is written, in the order of `updated_at`, so a run that is cut off anywhere
leaves a state from which the next one goes on.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from tap_teamleader import timestamps

if TYPE_CHECKING:
    from connector_store.scope import Scope

REPLICATION_KEY: Final = "updated_at"

_SETTLED: Final = timedelta(seconds=2)
"""Moments are whole seconds: a row read in the second of its change may change again without a new `updated_at`."""

PUT_OUT: Final = 500
"""So many rows a stream remembers; beyond that a customer is read once more than it need be."""


class Progress:
    """Bookmark and memory of one stream over its state dictionary."""

    def __init__(self, state: dict[str, Any], look_back: timedelta) -> None:
        self._state = state
        self._look_back = look_back

    @property
    def bookmark(self) -> str | None:
        """Up to where everything was delivered, in the form of `timestamps.utc`; None before the first record."""
        value = self._state.get("replication_key_value")
        return timestamps.utc(value) if value else None

    @property
    def since(self) -> str | None:
        """From where to read changes: the bookmark less the look-back; None means from the beginning."""
        bookmark = self.bookmark
        return timestamps.earlier(bookmark, self._look_back) if bookmark else None

    @property
    def _seen(self) -> dict[str, str]:
        seen: dict[str, str] = self._state.setdefault("seen", {})
        return seen

    def is_new(self, row_id: str, updated_at: str) -> bool:
        """Tell whether this version of the row has yet to be delivered."""
        seen: dict[str, str] = self._state.get("seen", {})
        return seen.get(row_id) != updated_at

    def remember(self, row_id: str, updated_at: str, read_at: str) -> None:
        """Note that this version needs no second delivery; `read_at` is when the reading of it began."""
        since = self.since
        if since is None or updated_at < since:
            return
        if updated_at <= timestamps.earlier(read_at, _SETTLED):
            self._seen[row_id] = updated_at
        else:
            self._seen.pop(row_id, None)

    @property
    def put_out(self) -> frozenset[str]:
        """The last of the rows that went out, whatever their version."""
        return frozenset(self._state.get("put_out", ()))

    def note_put_out(self, row_id: str) -> None:
        """Note that a row went out."""
        rows: list[str] = self._state.setdefault("put_out", [])
        if row_id in rows:
            rows.remove(row_id)
        rows.append(row_id)
        del rows[:-PUT_OUT]

    @property
    def put_aside(self) -> dict[str, list[str | None]]:
        """The rows that could not be read, each with whatever the stream needs to try it again in the next run."""
        rows: dict[str, list[str | None]] = self._state.get("put_aside", {})
        return dict(rows)

    def set_aside(self, row_id: str, row: list[str | None]) -> None:
        """Keep a row that cannot be read now: the bookmark moves on without it."""
        self._state.setdefault("put_aside", {})[row_id] = row

    def settle(self, row_id: str) -> None:
        """Drop a row from those put aside: it was delivered, or is gone for good."""
        if self._state.get("put_aside", {}).pop(row_id, None) is not None and not self._state["put_aside"]:
            del self._state["put_aside"]

    @property
    def late_files(self) -> int:
        """How many documents came again for the sake of a late file: a state says by it which of them arrived."""
        number: int = self._state.get("late_files", 0)
        return number

    @late_files.setter
    def late_files(self, number: int) -> None:
        self._state["late_files"] = number

    @property
    def asked_again(self) -> str:
        """Up to which request of a person documents were read again; "" before the first."""
        moment: str = self._state.get("asked_again", "")
        return moment

    @asked_again.setter
    def asked_again(self, moment: str) -> None:
        self._state["asked_again"] = moment

    def move_to(self, updated_at: str) -> None:
        """Put the bookmark at a delivered row; it never goes back, and what fell out of the look-back is forgotten."""
        if (bookmark := self.bookmark) is None or updated_at > bookmark:
            self._state["replication_key"] = REPLICATION_KEY
            self._state["replication_key_value"] = updated_at
            since = self.since or ""
            forgotten = [row_id for row_id, version in self._seen.items() if version < since]
            for row_id in forgotten:
                del self._seen[row_id]

    def confine_to(self, scope: Scope) -> Scope:
        """Keep the scope of the first run, and start again when the settings now reach further than it did.

        Args:
            scope: What the settings mean (see `scope`); `from` is the day from which documents count (ISO, None = all).

        Returns:
            The scope that counts: a running `start_date` such as `month` stays at the day of the first run, because a
            document of the old month may be booked after the month is over.
        """
        known = self._state.get("scope")
        if known is None or known["department_id"] != scope["department_id"]:
            self._restart(scope)
        elif known["start_date"] != scope["start_date"]:
            if (scope["from"] or "") < (known["from"] or ""):
                self._restart(scope)
            self._state["scope"] = scope
        kept: Scope = self._state["scope"]
        return kept

    def begin_anew(self) -> None:
        """Forget what was delivered, but not from which day on documents count."""
        for key in ("replication_key", "replication_key_value", "seen", "put_aside", "put_out"):
            self._state.pop(key, None)

    def _restart(self, scope: Scope) -> None:
        if "scope" in self._state:
            self.begin_anew()
        self._state["scope"] = scope
