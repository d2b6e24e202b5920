"""What the row of the administration itself tells the tap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exactonline_api import WrongDivision, dates

if TYPE_CHECKING:
    from exactonline_api import ExactClient

_MOVES: Final = ("DivisionMoveDate", "DivisionHRLinkUnlinkDate")


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
