"""Store and state know each other: each run notes in its Singer state which store it worked with, and as which run.

    {"bookmarks": {…}, "store": {"identity": "6f0c…", "run": 512}}

The state says what was delivered, the store what became of it, and they are kept in two places: either can be lost,
copied, or restored from a backup without the other. Then what the bookmarks call delivered may be known nowhere any
more. The run's number stands in the store before a record leaves the tap, so a store that knows less runs than the
state is an older copy. Such a store becomes another one, so that the other taps notice it as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from connector_store import WHOLE_STORE

if TYPE_CHECKING:
    from connector_store import ConnectorStore

KEY: Final = "store"
"""Where the mark of the store stands in the Singer state, beside `bookmarks`."""

ANOTHER: Final = (
    "The connector store is not the one that the last run worked with (it was lost or moved, or the state was copied): "
    "everything is read again from the beginning"
)
OLDER: Final = (
    "The connector store is older than the last run (it was restored from a backup): everything is read again from the "
    "beginning"
)


class Meeting(NamedTuple):
    """What came of comparing a store with a state."""

    mark: dict[str, Any]
    """What the state has to hold from now on."""
    trouble: str | None
    """Why the bookmarks of the state are not to be relied on, in one line; None when they are."""


def meet(store: ConnectorStore, plugin: str, mark: object) -> Meeting:
    """Compare a store with the mark in a state, and count this run.

    Args:
        store: The store of this run.
        plugin: Whose state it is.
        mark: What the state holds under `KEY`; one without a mark is of an older version, and is relied on.
    """
    runs = store.generations(WHOLE_STORE)
    trouble = None
    if isinstance(mark, dict):
        if mark.get("identity") != store.identity:
            trouble = ANOTHER
        elif int(mark.get("run", 0)) > runs.get(plugin):
            trouble = OLDER
            store.renew_identity()
    return Meeting({"identity": store.identity, "run": runs.advance(plugin)}, trouble)
