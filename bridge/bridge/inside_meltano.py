"""Reads and writes settings with Meltano's own services; run as a file, by the Python that Meltano is installed in.

One start of Meltano answers for all plugins at once, and nothing secret stands on a command line: what is asked comes
in as JSON on standard input, the answer goes out as JSON on standard output. What Meltano has to say goes to standard
error, where a fault is the last line.

    {"read": ["tap-teamleader", …]}                         the settings of these plugins; unknown ones are left out,
                                                            and the file of Meltano's own database, if it is one
    {"write": {"target-exactonline": {"vat_codes": {…}}}}   settings into meltano.yml, a coupling's into its own file
    {"variables": {"TEAMLEADER_CLIENT_ID": "…"}}            variables into `.env`
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import dotenv
from meltano.core.db import project_engine
from meltano.core.plugin.error import PluginNotFoundError
from meltano.core.plugin.settings_service import PluginSettingsService
from meltano.core.project import Project
from meltano.core.setting import Setting
from meltano.core.settings_store import SettingValueStore
from sqlalchemy import inspect
from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

OWNER_ONLY = 0o600
DERIVED = "--"
"""Stands between a plugin's name and that of the coupling it was inherited for."""


def main() -> int:
    """Answer what standard input asks."""
    asked = json.load(sys.stdin)
    # What Meltano and its libraries print joins what they log.
    told = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    project = Project.find()
    environment = os.environ.get("MELTANO_ENVIRONMENT") or project.settings.get("default_environment")
    if environment:
        project.activate_environment(environment)
    with _session(project) as session:
        answer = {"settings": _read(project, session, asked.get("read", [])), "database": _database(project)}
        _write(project, session, asked.get("write", {}))
    _keep(project, asked.get("variables", {}))
    with told:
        json.dump(answer, told, default=str)
    return 0


@contextmanager
def _session(project: Project) -> Iterator[Session | None]:
    """Open Meltano's database, which may hold settings too; nothing where no run has made it yet."""
    project.meltano_dir()
    engine, sessions = project_engine(project)
    if not inspect(engine).has_table(Setting.__tablename__):
        yield None
        return
    with sessions() as session:
        yield session


def _database(project: Project) -> str | None:
    url = make_url(str(project.settings.get("database_uri")))
    is_file = url.get_backend_name() == "sqlite" and bool(url.database)
    return os.path.abspath(str(url.database)) if is_file else None  # noqa: PTH100 - this runs in the project's folder


def _read(project: Project, session: Session | None, names: list[str]) -> dict[str, Any]:
    found = {}
    for name in names:
        try:
            plugin = project.plugins.find_plugin(name)
        except PluginNotFoundError:
            continue
        service = PluginSettingsService(project, plugin)
        found[name] = service.as_dict(extras=False, process=True, session=session)
    return found


def _write(project: Project, session: Session | None, plugins: Mapping[str, Mapping[str, Any]]) -> None:
    for name, values in plugins.items():
        service = PluginSettingsService(project, project.plugins.find_plugin(name))
        # A coupling's plugins stand in its own file; the others are those that the product brings, which upgrades
        # replace, so that a person's settings for them belong to the environment.
        store = SettingValueStore.MELTANO_YML if DERIVED in name else SettingValueStore.MELTANO_ENVIRONMENT
        for setting, value in values.items():
            if value is None:
                service.unset(setting, store=store, session=session)
            else:
                service.set(setting, value, store=store, session=session)


def _keep(project: Project, variables: Mapping[str, str]) -> None:
    path = project.dotenv
    if not variables:
        return
    path.touch(mode=OWNER_ONLY)
    for name, value in variables.items():
        dotenv.set_key(path, name, value)
    path.chmod(OWNER_ONLY)


if __name__ == "__main__":
    sys.exit(main())
