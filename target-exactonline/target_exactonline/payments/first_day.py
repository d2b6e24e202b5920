"""From which day on payments are booked: never those of before somebody chose that they are."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import logging

    from connector_store import DivisionStore
    from target_exactonline.booking.rules import Rules

CHOSEN = "book_payments"
"""Name in the store of the day on which the setting was first on."""


def first_day(store: DivisionStore, rules: Rules, logger: logging.Logger, *, dry_run: bool) -> date:
    """Return the first day of the payments that are booked: as set, or the day `book_payments` was first on.

    That day is kept, however often the setting is switched off and on. A store that lost it says from when it counts.
    """
    if rules.payments_from is not None:
        return rules.payments_from
    kept = store.store.position(store.division, CHOSEN)
    if kept is not None:
        return date.fromisoformat(kept)
    today = datetime.now(timezone.utc).date()
    logger.warning(
        "Payments are booked from %s on, the day book_payments was first on; those of before are not. "
        "Set payments_from for another day.",
        today,
    )
    if not dry_run:
        store.store.set_position(store.division, CHOSEN, today.isoformat())
    return today
