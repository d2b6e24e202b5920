"""Which documents of a department are read, kept so that it outlives a lost Singer state.

{"department_id": "67c5…", "start_date": "fiscal_year", "from": "2026-01-01"}
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from connector_store.facts import WHOLE_STORE

if TYPE_CHECKING:
    from connector_store.store import ConnectorStore

Scope = dict[str, str | None]
"""`department_id` (None is all), `start_date` as it was set, `from`: the first day that it meant, None is ever."""


def kept_scope(store: ConnectorStore, department_id: str | None) -> Scope | None:
    """Return the scope of a department, None before the first run."""
    known = store.position(WHOLE_STORE, _name(department_id))
    if known is None:
        return None
    scope: Scope = json.loads(known)
    return scope


def keep_scope(store: ConnectorStore, scope: Scope) -> None:
    """Keep a scope, when it is another one than before."""
    name, text = _name(scope["department_id"]), json.dumps(scope)
    if store.position(WHOLE_STORE, name) != text:
        store.set_position(WHOLE_STORE, name, text)


def _name(department_id: str | None) -> str:
    return f"tap-teamleader scope {department_id or 'all'}"
