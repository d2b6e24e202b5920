"""What the row of the administration itself tells the tap."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

from exactonline_api import WrongDivision, dates

if TYPE_CHECKING:
    from connector_store import ConnectorStore
    from exactonline_api import ExactClient

KEPT: Final = timedelta(hours=6)
"""So long the answer is not asked for again: after a move a reading meets nothing where the last one ended, which
begins anew by itself, and the day of the move is a second sign of it."""
_POSITION: Final = "tap-exactonline last move"
_MOVES: Final = ("DivisionMoveDate", "DivisionHRLinkUnlinkDate")


def known_move(client: ExactClient, store: ConnectorStore, division: int) -> str | None:
    """Tell the same as `last_move`, at the cost of four calls a day however often it is asked; raises as that."""
    now, known = datetime.now(timezone.utc), store.position(division, _POSITION)
    if known is not None:
        kept = json.loads(known)
        if timedelta(0) <= now - datetime.fromisoformat(kept["asked_at"]) < KEPT:
            moved: str | None = kept["moved"]
            return moved
    moved = last_move(client, division)
    store.set_position(division, _POSITION, json.dumps({"moved": moved, "asked_at": now.isoformat()}))
    return moved


def last_move(client: ExactClient, division: int) -> str | None:
    """Tell when the row versions of an administration were last counted anew (exact-online 8.10, 9.5).

    One call. The text is only good for comparing: another one than before means that every version read before has
    lost its meaning. None when the administration was never moved.

    Raises:
        exactonline_api.ApiError: Exact did not answer, or the login has no access to the administration.
    """
    for row in client.rows("system/Divisions", select=("Code", *_MOVES), filter=f"Code eq {division}"):
        days = [row.get(name) for name in _MOVES]
        return " ".join(dates.to_date(day).isoformat() if day else "-" for day in days) if any(days) else None
    raise WrongDivision(
        f"The login to Exact shows no administration {division}: correct the setting division, or log in as a user "
        "with access to it"
    )
