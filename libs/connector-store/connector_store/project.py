"""Where the store of a project is, whatever folder the shell stands in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from connector_store.errors import StoreError

DEFAULT_URI: Final = "sqlite:///data/connector.db"
PROJECT_ROOT: Final = "MELTANO_PROJECT_ROOT"
"""What Meltano tells each plugin of its project."""
DERIVED: Final = "--"
"""Between a plugin's name and the coupling's, such as `tap-teamleader--north` (singer-meltano: inherited plugins)."""
_NAMES: Final = ("MELTANO_EXTRACTOR_NAME", "MELTANO_LOADER_NAME")
"""What Meltano tells each plugin of the name that it has in the project."""
NETWORK: Final = {"9p", "afs", "ceph", "cifs", "fuse.sshfs", "nfs", "nfs4", "smb2", "smb3", "smbfs"}
"""File systems on which SQLite's locks do not keep two machines apart (https://sqlite.org/useovernet.html)."""


def project_uri(uri: str) -> str:
    """Return the URI of the store with an absolute path: a relative one begins in the Meltano project's folder.

    The project is the one that Meltano runs, or else the one that the current folder belongs to. What is no SQLite file
    stays as it is.

    Raises:
        StoreError: The path is relative and there is no project, or the file would lie on a network drive.
    """
    try:
        url = make_url(uri)
    except ArgumentError:
        return uri
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith((":memory:", "file:")):
        return uri
    path = Path(url.database).expanduser()
    if not path.is_absolute():
        path = _project_folder(path) / path
    if (kind := _file_system(path)) in NETWORK:
        raise StoreError(
            f"The store {path} lies on a network drive ({kind}), where SQLite loses what two machines write at once: "
            "name a local file, or use postgresql://…"
        )
    return url.set(database=str(path)).render_as_string(hide_password=False)


def store_file(uri: str) -> Path | None:
    """Return the SQLite file that a URI names, None when it names none."""
    try:
        url = make_url(uri)
    except ArgumentError:
        return None
    return Path(url.database).expanduser() if url.get_backend_name() == "sqlite" and url.database else None


def project_folder() -> Path | None:
    """Return the folder of the project that Meltano runs, or else of the one that the current folder belongs to."""
    if root := os.environ.get(PROJECT_ROOT):
        return Path(root)
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "meltano.yml").is_file()), None)


def coupling_of(plugin: str) -> str | None:
    """Return the name of the coupling that Meltano runs a plugin for, empty for the one that has no name.

    None where nobody tells: not run by Meltano, or by a name that somebody gave it in another way.
    """
    for called in (os.environ.get(name, "") for name in _NAMES):
        own, derived, coupling = called.partition(DERIVED)
        if own == plugin and bool(derived) == bool(coupling):
            return coupling
    return None


def _project_folder(path: Path) -> Path:
    folder = project_folder()
    if folder is None:
        raise StoreError(
            f"The store's path {path} is relative, and {Path.cwd()} belongs to no Meltano project: "
            "write an absolute path, sqlite:////absolute/path/to/store.db, in store_uri"
        )
    return folder


def _file_system(path: Path) -> str | None:
    """Return the kind of the file system that a path lies on, None where the machine does not tell."""
    wanted = path.resolve()
    kinds: dict[Path, str] = {}
    for line in _mounts():
        _, place, kind, *_ = line.split(" ")
        # Blanks in a path are written in octal there.
        kinds[Path(place.replace("\\040", " "))] = kind
    around = [place for place in kinds if wanted.is_relative_to(place)]
    return kinds[max(around, key=lambda place: len(place.parts))] if around else None


def _mounts() -> list[str]:
    """Return Linux's table of mounts; other systems have none."""
    try:
        return Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
