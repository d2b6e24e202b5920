"""What an error of a service means for the record of a run, as for those of the plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api_core.errors import DayLimitReached, OutcomeUnknown, TryLater

if TYPE_CHECKING:
    from connector_store.runs import Outcome


def of_error(error: Exception) -> tuple[Outcome, str]:
    """Return whether a person has to help, or a later run goes on by itself; and the line that tells it."""
    passes = isinstance(error, TryLater | OutcomeUnknown | DayLimitReached)
    return "postponed" if passes else "failed", str(getattr(error, "message", error))
