"""Which documents of a department are read: kept in the store as well, so that it outlives a lost Singer state.

A named `start_date` means a day, and stays at the one it meant in the first run: in January `fiscal_year` would
otherwise leave out the invoices of December that were not read yet.

    {"department_id": "67c5…", "start_date": "fiscal_year", "from": "2026-01-01"}
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from connector_store import WHOLE_STORE
from tap_teamleader import start_date

if TYPE_CHECKING:
    from connector_store import ConnectorStore

Scope = dict[str, str | None]


def scope_of(store: ConnectorStore, department_id: str | None, setting: str) -> Scope:
    """Return what the settings mean: what they meant before, if the store knows, or else what they mean today."""
    known = store.position(WHOLE_STORE, _name(department_id))
    if known:
        kept: Scope = json.loads(known)
        if kept["start_date"] == setting:
            return kept
    today = start_date.first_day(setting)
    return {"department_id": department_id, "start_date": setting, "from": today.isoformat() if today else None}


def keep(store: ConnectorStore, scope: Scope) -> None:
    """Keep a scope, when it is another one than before."""
    name, text = _name(scope["department_id"]), json.dumps(scope)
    if store.position(WHOLE_STORE, name) != text:
        store.set_position(WHOLE_STORE, name, text)


def _name(department_id: str | None) -> str:
    return f"tap-teamleader scope {department_id or 'all'}"
