"""DAGs for Airflow 3, made from the couplings of a project: one for each administration, its tasks one at a time.

    news ──► documents        for each coupling of the administration; where nothing is new, both are skipped
        └──► payments

Each task calls `bridge` by its path: nothing of it has to be installed where Airflow is. Run as a program, this file
writes the pools that the tasks run in, for `airflow pools import`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow.sdk import DAG

PROJECT: Final = Path(os.environ.get("COUPLINGS_PROJECT", "/srv/coupling"))
BRIDGE: Final = os.environ.get("COUPLINGS_BRIDGE", str(PROJECT / ".venv" / "bin" / "bridge"))
MINUTES: Final = int(os.environ.get("COUPLINGS_MINUTES", "15"))
"""Between two runs, 1 to 60; 0 is no schedule."""
RETRY_AFTER: Final = timedelta(seconds=int(os.environ.get("COUPLINGS_RETRY_SECONDS", "120")))
SLOTS: Final = int(os.environ.get("COUPLINGS_SLOTS", "2"))
"""Tasks of one login at the same time."""
NEWS: Final = "news"
TASKS: Final = {
    NEWS: ("news",),
    "documents": ("run", "--direction", "documents"),
    "payments": ("run", "--direction", "payments"),
}
"""What each task has bridge do. The directions wait for the news, not for each other; the first one goes first."""
NOTHING_NEW: Final = 99
"""The exit code of `bridge news` that skips."""
_OWN: Final = "own"
"""How the coupling that has no name is called here."""
_FILE: Final = ".meltano.yml"
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Coupling:
    """A department joined to an administration; `name` is None for the project's own."""

    name: str | None
    division: int
    pool: str

    @property
    def title(self) -> str:
        """The name of its tasks."""
        return self.name or _OWN

    def command(self, task: str) -> str:
        """Return the line for a shell that does a task for it."""
        named = [] if self.name is None else ["--coupling", self.name]
        return f"exec {shlex.join([BRIDGE, *TASKS[task], *named])}"


def couplings(project: Path, environment: Mapping[str, str] = os.environ) -> list[Coupling]:
    """Return the couplings of a project that have an administration, the one without a name first.

    Raises:
        FileNotFoundError: There is no project.
    """
    if not (project / "meltano.yml").is_file():
        raise FileNotFoundError(f"There is no project in {project}: set COUPLINGS_PROJECT to its folder")
    given = {**_dotenv(project / ".env"), **environment}
    files = {path.name.removesuffix(_FILE): path for path in sorted(project.glob(f"couplings/*{_FILE}"))}
    found = [_coupling(None, {}, given)]
    found += [_coupling(name, _settings(path), given) for name, path in files.items()]
    return [each for each in found if each is not None]


def pools(found: list[Coupling], slots: int = SLOTS) -> dict[str, dict[str, Any]]:
    """Return a pool for each login of Teamleader, whose calls are counted together (teamleader 1.6).

    Calls to Exact are counted for each administration (exact-online 2.1), where only one task runs.
    """
    told: dict[str, list[str]] = {}
    for each in found:
        told.setdefault(each.pool, []).append(each.title)
    return {
        pool: {"slots": slots, "description": f"Login of {', '.join(names)}", "include_deferred": False}
        for pool, names in told.items()
    }


def dags(found: list[Coupling], only: str | None = None) -> dict[str, DAG]:
    """Return the DAGs by their ids; `only` one of them where Airflow runs a task of it."""
    divisions: dict[str, list[Coupling]] = {}
    for each in found:
        divisions.setdefault(f"administration_{each.division}", []).append(each)
    return {name: _dag(name, of_it) for name, of_it in divisions.items() if only in {None, name}}


def _dag(name: str, found: list[Coupling]) -> DAG:
    from airflow.providers.standard.operators.bash import BashOperator  # noqa: PLC0415 - pools are told without Airflow
    from airflow.sdk import DAG, TaskGroup  # noqa: PLC0415 - as above

    titles = ", ".join(each.title for each in found)
    with DAG(
        name,
        dag_display_name=f"{titles} ({found[0].division})",
        schedule=_cron(found[0].division),
        start_date=datetime(2026, 1, 1, tzinfo=timezone.utc),
        catchup=False,
        max_active_runs=1,
        max_active_tasks=1,
        default_args={"retries": 1, "retry_delay": RETRY_AFTER},
        tags=["coupling"],
    ) as dag:
        for each in found:
            with TaskGroup(each.title):
                news, *directions = (
                    BashOperator(
                        task_id=task,
                        bash_command=each.command(task),
                        cwd=str(PROJECT),
                        skip_on_exit_code=NOTHING_NEW if task == NEWS else None,
                        output_processor=json.loads,
                        pool=each.pool,
                        priority_weight=len(TASKS) - place,
                        weight_rule="absolute",
                    )
                    for place, task in enumerate(TASKS)
                )
                news >> directions
    return dag


def _cron(division: int) -> str | None:
    """Spread the administrations over the minutes between two runs."""
    return f"{division % MINUTES}-59/{MINUTES} * * * *" if MINUTES else None


def _coupling(name: str | None, settings: Mapping[str, Mapping[str, Any]], given: Mapping[str, str]) -> Coupling | None:
    """Read a coupling as Meltano does: a variable of its own, its file, and what all have in common."""

    def setting(plugin: str, key: str, common: str) -> Any:  # noqa: ANN401 - as the file has it
        named = plugin if name is None else f"{plugin}--{name}"
        variable = re.sub(r"[^A-Z0-9]", "_", f"{named}_{key}".upper())
        return given.get(variable) or settings.get(named, {}).get(key) or given.get(common)

    division = setting("target-exactonline", "division", "EXACT_DIVISION")
    client_id = setting("tap-teamleader", "client_id", "TEAMLEADER_CLIENT_ID") or ""
    pool = f"teamleader_{hashlib.sha256(str(client_id).encode()).hexdigest()[:8]}"
    return None if division is None else Coupling(name, int(division), pool)


def _settings(path: Path) -> dict[str, Mapping[str, Any]]:
    """Return the settings in the file of a coupling, by the names that the plugins have in it."""
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - both loaders are safe ones
    plugins = [plugin for kind in content["plugins"].values() for plugin in kind]
    return {plugin["name"]: plugin.get("config") or {} for plugin in plugins}


def _dotenv(path: Path) -> dict[str, str]:
    """Return the simple values of a file `.env`; those that hold quotes or blanks are secrets, and nobody asks here."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return dict(re.findall(r"""^(?:export )?(\w+)=['"]?([^'"\s]*)['"]?\s*$""", text, re.MULTILINE))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(pools(couplings(PROJECT)), indent=2) + "\n")
else:
    from airflow.sdk import get_parsing_context

    globals().update(dags(couplings(PROJECT), get_parsing_context().dag_id))
