"""How far a stream has come, kept in its Singer state so that a run that is cut off anywhere can be gone on with.

Each run reads a little again, for changes that Exact shows late. The state therefore also holds what of that was
delivered already, and only that:

    {"replication_key": "Timestamp", "replication_key_value": 8400321, "since": 8400120, "seen": [8400121, 8400130]}
    {"replication_key": "Modified", "replication_key_value": "2026-06-25T16:21:04.260",
     "since": "2026-06-25T16:11:04.000", "seen": {"<id>": "2026-06-25T16:20:11.003"}, "count": 20000}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tap_exactonline import wall_clock
from tap_exactonline.versions import BEGINNING, Reading

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tap_exactonline.versions import Page

State = dict[str, Any]

TIMESTAMP: Final = "Timestamp"
MODIFIED: Final = "Modified"
ROWS_AGAIN: Final = 100
"""Rows that a reading by versions reads again: more do not change in one table while a transaction is under way."""
KEPT: Final = 1000
"""Rows that a state remembers at most. Of more that were changed within minutes it remembers how many they were."""
PAGE: Final = 60
"""Rows that an ordinary endpoint gives at a time (exact-online 3.8): more than that are a crowd, not read again."""


def of_division(state: State, division: int) -> State:
    """Return the state, emptied when it tells of another administration."""
    if state.get("division", division) != division:
        state.clear()
    return state


def _clear(state: State) -> None:
    for key in ("replication_key", "replication_key_value", "since", "seen"):
        state.pop(key, None)


class VersionProgress:
    """Bookmark and memory of a stream that is read by row versions."""

    def __init__(self, state: State, moved: str | None) -> None:
        if state.get("moved", moved) != moved:
            _clear(state)
        self._state = state
        self._moved = moved
        self._seen = frozenset[int](state.get("seen", ()))
        self.since = int(state.get("since") or state.get("replication_key_value") or BEGINNING)
        """What this run starts behind."""
        self._reading = Reading(self.since, ROWS_AGAIN)

    def is_new(self, version: int) -> bool:
        """Tell whether the row has yet to be delivered in this version."""
        return version not in self._seen

    def turn_to(self, page: Page) -> None:
        """Note how the next rows stand to those that follow them."""
        self._reading.turn_to(page)

    def pass_by(self, version: int) -> None:
        """Note that a row needs no delivery any more: it was written, now or in an earlier run."""
        self._reading.meet(version)

    @property
    def has_lost_its_place(self) -> bool:
        """Tell, at the end, whether not even what was read before came again: the versions were counted anew."""
        return bool(self._seen) and self._reading.is_empty and self.since > BEGINNING

    def restart(self) -> None:
        """Begin with the first version, as if nothing had ever been read."""
        _clear(self._state)
        self.since, self._seen = BEGINNING, frozenset()
        self._reading = Reading(BEGINNING, ROWS_AGAIN)

    def end(self) -> None:
        """Note that every page was read."""
        self._reading.end()
        self._seen = frozenset()

    def _delivered_behind(self, since: int) -> list[int]:
        return sorted({version for version in self._seen if version > since}.union(self._reading.newest))

    def save(self) -> None:
        """Bring the state up to date, as far as that is safe."""
        if self._reading.is_safe and self._reading.highest > BEGINNING:
            highest = max(self._reading.highest, self._state.get("replication_key_value", 0))
            self._state.update(replication_key=TIMESTAMP, replication_key_value=highest, since=self._reading.since)
            self._state.update(seen=self._delivered_behind(self._reading.since), moved=self._moved)
        elif not self._reading.is_safe and "replication_key_value" in self._state:
            self._go_back()

    def _go_back(self) -> None:
        """Return to where the run began: a row came late in the order, and others may."""
        if self.since == BEGINNING:
            _clear(self._state)
        else:
            self._state.update(replication_key_value=self.since, since=self.since, seen=sorted(self._seen))


class ModifiedProgress:
    """Bookmark and memory of a stream that is read in the order of `Modified`, in Exact's own wall-clock time.

    Args:
        state: The Singer state of the stream.
        start: From when a first run reads changes; None means everything.
    """

    def __init__(self, state: State, start: datetime | None = None) -> None:
        self._state = state
        self._start = start
        self._seen: dict[str, str] = dict(state.get("seen", {}))
        self._floor: str = state.get("since", "")
        self._met: list[str] = []
        self.bookmark: str | None = state.get("replication_key_value")
        """The newest `Modified` that was delivered."""
        self.count: int | None = state.get("count")
        """How many rows there were from `since` to the bookmark, all of them delivered, when that is a crowd."""

    @property
    def since(self) -> datetime | None:
        """From when to read changes; None means everything. It never goes back: what is before it is not in memory."""
        if self.bookmark is None:
            return self._start
        floor = wall_clock.read(self._floor)
        return floor if self.count is not None else max(wall_clock.overlap_from(self.bookmark), floor)

    def is_new(self, row_id: str, modified: str | None) -> bool:
        """Tell whether this version of the row has yet to be delivered."""
        return modified is None or self._seen.get(row_id) != modified

    def pass_by(self, row_id: str, modified: str | None) -> None:
        """Note that this version was written; the bookmark never goes back."""
        if modified is not None:
            self._seen[row_id] = modified
            self._met.append(modified)
            self.bookmark = max(self.bookmark or "", modified)
            if len(self._seen) > 2 * KEPT:
                self._forget()

    def lose_count(self) -> None:
        """Note that the crowd is not what it was: it is read again."""
        self.count, self._met = None, []

    def end(self, begun: datetime, count_from: Callable[[datetime], int]) -> None:
        """Note that a reading that was begun then came to its end: all from `since` to the bookmark was delivered.

        Args:
            begun: Aware.
            count_from: Tells how many rows were changed since a moment; asked when a crowd has come to rest.
        """
        if self.bookmark is None:
            return
        is_final, second = wall_clock.is_final(self.bookmark, begun), wall_clock.second_of(self.bookmark)
        if is_final and self.since != second:
            was_crowd, self.count = self.count is not None, None
            self._floor = wall_clock.write(second)
            self._keep_count(count_from(second) if was_crowd else self._met_since(second))
        elif self.count is None and self.since is not None:
            self._floor = wall_clock.write(self.since)
            self._keep_count(self._met_since(self.since))

    def save(self) -> None:
        """Bring the state up to date."""
        if self.bookmark:
            self._forget()
            self._state.update(replication_key=MODIFIED, replication_key_value=self.bookmark, since=self._floor)
            self._state["seen"] = dict(self._seen)
            if self.count is None:
                self._state.pop("count", None)
            else:
                self._state["count"] = self.count

    def _keep_count(self, count: int) -> None:
        self.count = count if count > PAGE else None

    def _met_since(self, since: datetime) -> int:
        floor = wall_clock.write(since)
        return sum(modified >= floor for modified in self._met)

    def _forget(self) -> None:
        """Drop what the next run will not read again, and the oldest of what is too much."""
        if self.since is not None:
            self._floor = wall_clock.write(self.since)
            kept = sorted((version, row_id) for row_id, version in self._seen.items() if version >= self._floor)
            self._seen = {row_id: version for version, row_id in kept[-KEPT:]}
            self._met = [modified for modified in self._met if modified >= self._floor]
