"""Notices that something moved on which waiting documents rest: the settings, or what somebody mended in Exact.

A run with new settings tries everything again. Exact is asked with one call per run, one kind of thing after another.

What waits is not tried to find out. Each run looks at one entity that some reason rests on (`reasons.rests_on`):
whether the latest `Modified` there is still the one of the last look. When it is not, master data is read afresh and
what waits for it is due. With ten kinds of reasons a change in Exact is noticed within as many runs.
"""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from connector_store.division_store import ACCOUNT, BOOKED_PAYMENT, DOCUMENT_KINDS
from exactonline_api.errors import AccessDenied
from target_exactonline.reasons.rests_on import PERIODS, resting_on, rests_on

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from connector_store.division_store import DivisionStore
    from exactonline_api import ExactClient
    from target_exactonline.booking.rules import Rules
    from target_exactonline.master_cache import MasterCache

SETTINGS: Final = "settings"
"""Name of the position that holds the digest of the settings with which what waits was looked at."""
LAST: Final = "last look"
"""Name of the position that holds the entity of the last look."""
DENIED: Final = "denied"
"""Stands for the latest change of an entity that the app may not see: it is not looked at again."""
WAITING_DOCUMENTS: Final = (*DOCUMENT_KINDS, ACCOUNT)
WAITING: Final = (*WAITING_DOCUMENTS, BOOKED_PAYMENT)


def notice_settings(store: DivisionStore, rules: Rules, cache: MasterCache, *, keep: bool) -> None:
    """Wake what waits, and read master data afresh, when the settings (or this program) are not those of the last run.

    Args:
        store: The division.
        rules: The settings of this run.
        cache: Its master data.
        keep: Whether this counts as the last run; a dry run leaves no trace.
    """
    program = version("teamleader-exactonline-target-exactonline")
    digest = sha256(f"{program} {rules!r}".encode()).hexdigest()
    # Couplings of one administration have settings of their own.
    name = SETTINGS if rules.department_id is None else f"{SETTINGS} {rules.department_id}"
    if digest == store.store.position(store.division, name):
        return
    cache.renew_all()
    if keep:
        store.forget_refusals()
        store.rejects.wake(WAITING)
        store.store.set_position(store.division, name, digest)


def look_around(
    client: Callable[[], ExactClient], store: DivisionStore, cache: MasterCache, kinds: Collection[str] = WAITING
) -> None:
    """Look at the next entity that something waiting rests on, and wake what waits when it moved; at most one call.

    What waits is of these kinds: what a setting switched off costs no call.
    """
    connector_store, division = store.store, store.division
    seen = {each: connector_store.position(division, _seen(each)) for each in rests_on(store.rejects.codes(kinds))}
    open_to_us = sorted(each for each, latest in seen.items() if latest != DENIED)
    if not open_to_us:
        return
    last = connector_store.position(division, LAST) or ""
    entity = next((each for each in open_to_us if each > last), open_to_us[0])
    latest = _latest(client(), entity)
    if latest != seen[entity]:
        cache.renew([entity])
        if entity == PERIODS:
            store.closed_periods.forget()
        store.refusals.forget(*resting_on(entity))
        if latest != DENIED:
            store.rejects.wake(WAITING, resting_on(entity))
        connector_store.set_position(division, _seen(entity), latest)
    connector_store.set_position(division, LAST, entity)


def _latest(client: ExactClient, entity: str) -> str:
    try:
        rows = client.rows(entity, select=("Modified",), orderby="Modified desc", top=1)
        return next((str(row["Modified"]) for row in rows), "")
    except AccessDenied:
        return DENIED


def _seen(entity: str) -> str:
    """Name the position that holds the latest change of an entity when it was last looked at."""
    return f"changed {entity}"
