"""The settings of a coupling without starting Meltano: as it told them last, as long as nothing they come from changed.

They hold secrets, so they are kept in the store, sealed with its key. Beside Meltano's own files lies where that store
is and a digest of what the settings come from: its files, and the variables of the environment. What only Meltano's
database holds is noticed within an hour, when they are asked for again.
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from bridge import owner_only
from bridge.project import PLUGINS
from connector_store import ConnectorStore
from connector_store.columns import utc_now
from connector_store.project import project_uri, store_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from bridge.project import Coupling

VALID: Final = timedelta(hours=1)
_FILES: Final = ("meltano.yml", ".env", "plugins/*.yml", "couplings/*.yml", "*.meltano.yml")
_VARIABLES: Final = ("MELTANO_", "TAP_", "TARGET_", "TEAMLEADER_", "EXACT_", "CONNECTOR_", "BRIDGE_")


def take_kept(coupling: Coupling, now: datetime) -> bool:
    """Give the coupling the settings that were kept; return False when they have to be asked for."""
    try:
        note = json.loads(_note(coupling).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    if note.get("digest") != _digest(coupling) or not note.get("store_uri"):
        return False
    if now - datetime.fromisoformat(note["kept_at"]) > VALID:
        return False
    file = store_file(note["store_uri"])
    if file is None or not file.exists():
        return False
    with ConnectorStore.open(note["store_uri"]) as store:
        settings = store.sealed(_name(coupling))
    if settings is None:
        return False
    coupling.take_settings(settings)
    return True


def keep(coupling: Coupling) -> None:
    """Keep the settings of a coupling as Meltano told them just now; not those of a store whose address is secret."""
    uri = project_uri(coupling.store_uri)
    if store_file(uri) is None:
        return
    settings = {plugin: dict(coupling.settings(plugin)) for plugin in PLUGINS}
    with ConnectorStore.open(uri) as store:
        store.keep_sealed(_name(coupling), json.loads(json.dumps(settings, default=str)))
    note = {"digest": _digest(coupling), "store_uri": uri, "kept_at": utc_now().isoformat()}
    path = _note(coupling)
    path.parent.mkdir(parents=True, exist_ok=True)
    owner_only.write(path, json.dumps(note))


def _name(coupling: Coupling) -> str:
    return f"settings of {coupling.name or ''}"


def _note(coupling: Coupling) -> Path:
    return coupling.project.system_folder / "run" / "bridge" / f"{coupling.name or 'project'}.settings.json"


def _digest(coupling: Coupling) -> str:
    """Return a digest of what the settings come from."""
    parts: list[Any] = [list(_stats(coupling.project.folder)), list(_told(os.environ))]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _stats(folder: Path) -> Iterator[tuple[str, int, int]]:
    for pattern in _FILES:
        for path in sorted(folder.glob(pattern)):
            stat = path.stat()
            yield str(path), stat.st_mtime_ns, stat.st_size


def _told(environment: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted((name, value) for name, value in environment.items() if name.startswith(_VARIABLES))
