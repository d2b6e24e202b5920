"""Which documents of a department are read.

A named `start_date` means a day, and stays at the one it meant in the first run: in January `fiscal_year` would
otherwise leave out the invoices of December that were not read yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from connector_store.scope import keep_scope, kept_scope
from teamleader_api import start_date

if TYPE_CHECKING:
    from connector_store import ConnectorStore
    from connector_store.scope import Scope

__all__ = ["keep_scope", "scope_of"]


def scope_of(store: ConnectorStore, department_id: str | None, setting: str) -> Scope:
    """Return what the settings mean: what they meant before, if the store knows, or else what they mean today."""
    kept = kept_scope(store, department_id)
    if kept is not None and kept["start_date"] == setting:
        return kept
    today = start_date.first_day(setting)
    return {"department_id": department_id, "start_date": setting, "from": today.isoformat() if today else None}
