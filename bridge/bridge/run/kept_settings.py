"""The settings of a coupling without starting Meltano: as it told them last, as long as nothing they come from changed.

They hold secrets, so they are kept in the store, sealed with its key. Beside Meltano's own files lies where that store
is and a digest of what the settings come from: files, variables of the environment, and what Meltano keeps in its own
database. Where that database is no file, a change of it is noticed within an hour.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from bridge import owner_only
from bridge.project import PLUGINS
from connector_store import ConnectorStore
from connector_store.columns import utc_now
from connector_store.project import project_uri, store_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bridge.project import Coupling

VALID: Final = timedelta(days=1)
VALID_UNSEEN: Final = timedelta(hours=1)
"""Where nobody can see whether Meltano's database holds other settings by now."""
_FILES: Final = ("meltano.yml", ".env", "plugins/*.yml", "*.meltano.yml")
_VARIABLES: Final = ("MELTANO_", "TAP_", "TARGET_", "TEAMLEADER_", "EXACT_", "CONNECTOR_", "BRIDGE_")


def recall(coupling: Coupling, now: datetime) -> ConnectorStore | None:
    """Give the coupling the settings that were kept, and return its open store; None when they have to be asked for."""
    note = _read_note(coupling)
    database = Path(note["database"]) if note.get("database") else None
    uri = _store_of(note, coupling)
    if uri is None or note.get("digest") != _digest(coupling, database):
        return None
    if now - datetime.fromisoformat(note["kept_at"]) > (VALID if database else VALID_UNSEEN):
        return None
    file = store_file(uri)
    if file is not None and not file.exists():
        return None
    store = ConnectorStore.open(uri)
    settings = store.sealed(note["name"])
    if settings is None:
        store.close()
        return None
    coupling.take_settings(settings)
    return store


def keep(coupling: Coupling, store: ConnectorStore) -> bool:
    """Keep the settings of a coupling as Meltano told them just now; tell whether they are other ones than before.

    They are not kept, and count as other ones, where the way to the store cannot be noted: the URI of a server may hold
    a password, so that the note names the variable that it comes from.
    """
    uri = project_uri(coupling.store_uri)
    way = {"store_uri": uri} if store_file(uri) else {"store_variable": _variable_of(uri, coupling)}
    if None in way.values():
        return True
    settings = {plugin: dict(coupling.settings(plugin)) for plugin in PLUGINS}
    told: dict[str, Any] = json.loads(json.dumps(settings, default=str))
    # A store may serve many projects: what is kept for one is found by no other.
    name = _read_note(coupling).get("name") or f"settings {uuid4()}"
    before = store.sealed(name)
    store.keep_sealed(name, told)
    database = coupling.meltano_database
    note = {
        "digest": _digest(coupling, database),
        **way,
        "name": name,
        "kept_at": utc_now().isoformat(),
        "database": None if database is None else str(database),
    }
    path = _note(coupling)
    path.parent.mkdir(parents=True, exist_ok=True)
    owner_only.write(path, json.dumps(note))
    return told != before


def _read_note(coupling: Coupling) -> dict[str, Any]:
    try:
        note: dict[str, Any] = json.loads(_note(coupling).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return note if "name" in note else {}


def _note(coupling: Coupling) -> Path:
    return coupling.project.system_folder / "run" / "bridge" / f"{coupling.name or 'project'}.settings.json"


def _store_of(note: Mapping[str, Any], coupling: Coupling) -> str | None:
    """Return the URI of the store that a note leads to."""
    if variable := note.get("store_variable"):
        return dict(_variables(coupling)).get(variable)
    return note.get("store_uri")


def _variable_of(uri: str, coupling: Coupling) -> str | None:
    """Return the variable that holds a URI, None when it stands elsewhere."""
    return next((name for name, value in _variables(coupling) if value == uri), None)


def _variables(coupling: Coupling) -> Iterator[tuple[str, str]]:
    """Yield the variables of the project's `.env`, then those of the environment, which count instead."""
    from dotenv import dotenv_values  # noqa: PLC0415 - asked for where the store is on a server alone

    for name, value in dotenv_values(coupling.project.folder / ".env", interpolate=False).items():
        yield name, value or ""
    yield from os.environ.items()


def _digest(coupling: Coupling, database: Path | None) -> str:
    """Return a digest of what the settings come from."""
    parts: list[Any] = [list(_stats(coupling)), _told(os.environ), _in_database(database)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _stats(coupling: Coupling) -> Iterator[tuple[str, int, int]]:
    # Of the couplings its own alone: one that is added must not have all the others asked for again.
    for pattern in (*_FILES, *([f"couplings/{coupling.name}.meltano.yml"] if coupling.name else [])):
        for path in sorted(coupling.project.folder.glob(pattern)):
            stat = path.stat()
            yield str(path), stat.st_mtime_ns, stat.st_size


def _told(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in environment.items() if name.startswith(_VARIABLES))


def _in_database(path: Path | None) -> list[list[Any]]:
    """Return the settings that Meltano keeps in its database; none before its first run."""
    if path is None or not path.exists():
        return []
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("SELECT name, namespace, value, enabled FROM plugin_settings ORDER BY 1, 2")
            return [list(row) for row in rows]
    except sqlite3.Error:
        return []
