"""The Meltano project that the tool works in: its couplings, and their settings as Meltano itself reads them.

Environment, `.env`, meltano.yml and secrets keep the order that Meltano gives them, because Meltano is asked.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bridge.errors import Refused
from connector_store.project import DEFAULT_URI, DERIVED, PROJECT_ROOT, project_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

PLUGINS: Final = ("tap-teamleader", "target-exactonline", "tap-exactonline", "target-teamleader", "bridge")
"""The plugins of a coupling that have settings, in the order of the documents and then of the payments."""
TEAMLEADER_PLUGINS: Final = ("tap-teamleader", "target-teamleader")
EXACT_PLUGINS: Final = ("target-exactonline", "tap-exactonline")
JOBS: Final = {
    "documents": ("tap-teamleader", "teamleader-to-exactonline", "target-exactonline"),
    "payments": ("tap-exactonline", "exactonline-to-teamleader", "target-teamleader"),
}
"""Job -> tap, mapping and target, in their order."""
_SCRIPT: Final = Path(__file__).with_name("inside_meltano.py")


class Told(NamedTuple):
    """What Meltano tells: the settings of plugins, defaults included, and the file of its own database.

    That database may hold settings too; None where it is no file.
    """

    settings: dict[str, dict[str, Any]]
    database: Path | None = None


@dataclass(frozen=True)
class Project:
    """A Meltano project: its folder, and the Meltano that runs it."""

    folder: Path
    meltano: Path

    @classmethod
    def find(cls) -> Project:
        """Return the project that Meltano runs this tool for, or else the one that the current folder belongs to.

        Raises:
            Refused: There is none, or no Meltano for it.
        """
        folder = _folder()
        return cls(folder, _meltano(folder))

    @property
    def system_folder(self) -> Path:
        """Where Meltano keeps what is its own."""
        return Path(os.environ.get("MELTANO_SYS_DIR_ROOT") or self.folder / ".meltano")

    @property
    def couplings(self) -> list[str]:
        """The names of the couplings that were added, without the one that has no name."""
        return couplings_in(self.folder)

    def coupling(self, name: str | None = None) -> Coupling:
        """Return a coupling by its name; without one, the one that the project's own settings make.

        Raises:
            Refused: There is none of that name.
        """
        if name is not None and name not in self.couplings:
            known = f"there is {', '.join(self.couplings)}" if self.couplings else "there are none with a name"
            raise Refused(f"There is no coupling {name}: {known}; add it with: bridge add-coupling {name}")
        return Coupling(self, name)

    def all_couplings(self) -> list[Coupling]:
        """Return every coupling, first the one that has no name."""
        return [Coupling(self, None), *(Coupling(self, name) for name in self.couplings)]

    def couplings_read(self) -> list[Coupling]:
        """Return every coupling with its settings, for which Meltano is started once."""
        couplings = self.all_couplings()
        read = self.read([coupling.plugin(plugin) for coupling in couplings for plugin in PLUGINS]).settings
        for coupling in couplings:
            own = {plugin: read[name] for plugin in PLUGINS if (name := coupling.plugin(plugin)) in read}
            coupling.take_settings(own)
        return couplings

    def keep_variables(self, variables: Mapping[str, str]) -> None:
        """Write variables into the project's `.env`, which only its owner may read."""
        self._ask({"variables": dict(variables)})

    def read(self, plugins: list[str]) -> Told:
        """Return the settings of these plugins as a run would have them; unknown plugins are left out."""
        answer = self._ask({"read": plugins})
        database = answer["database"]
        return Told(answer["settings"], None if database is None else Path(database))

    def write(self, settings: Mapping[str, Mapping[str, Any]]) -> None:
        """Write settings of plugins where Meltano keeps them; None takes one away."""
        self._ask({"write": settings})

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        command = [str(_python(self.meltano)), str(_SCRIPT)]
        # Another Python's own libraries and folders are of no use to Meltano's.
        env = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
        done = subprocess.run(  # noqa: S603 - Meltano's Python, and a file of ours
            command,
            input=json.dumps(question),
            capture_output=True,
            text=True,
            cwd=self.folder,
            env={**env, PROJECT_ROOT: str(self.folder)},
            check=False,
        )
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["it did not say why"]
            raise Refused(f"Meltano cannot use the project in {self.folder}: {lines[-1]}")
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer


@dataclass(frozen=True)
class Coupling:
    """One department joined to one administration: a set of plugins and their settings."""

    project: Project
    name: str | None
    """None: the one whose plugins bear their own names."""
    _changed: dict[str, dict[str, Any]] = field(default_factory=dict, repr=False, compare=False)

    def plugin(self, plugin: str) -> str:
        """Return the name that a plugin has in this coupling."""
        return named(plugin, self.name)

    def command(self, job: str) -> list[str]:
        """Return what has Meltano run a job now, whatever lock a killed run left."""
        return [str(self.project.meltano), "run", "--no-install", "--force", *tasks(job, self.name)]

    def variable(self, plugin: str, setting: str) -> str:
        """Return the environment variable that Meltano reads a setting of a plugin from."""
        return f"{self.plugin(plugin)}_{setting}".replace("-", "_").upper()

    def settings(self, plugin: str) -> Mapping[str, Any]:
        """Return the settings of a plugin by its own name, such as `target-exactonline`, defaults included.

        Raises:
            Refused: The project does not have that plugin.
        """
        found = self._told.settings.get(plugin)
        if found is None:
            raise Refused(f"The project in {self.project.folder} has no plugin {self.plugin(plugin)}: add it there")
        return {**found, **self._changed.get(plugin, {})}

    def write(self, plugin: str, settings: Mapping[str, Any]) -> None:
        """Keep settings of a plugin where a run will find them; None takes one away."""
        self.project.write({self.plugin(plugin): settings})
        self._changed.setdefault(plugin, {}).update(settings)

    def add(self, plugin: str, settings: Mapping[str, Any]) -> None:
        """Keep settings as `write` does; of a setting that is an object, keys that are not named stay."""
        before = self.settings(plugin)
        both = {name: {**before[name], **new} for name, new in settings.items() if isinstance(before.get(name), dict)}
        self.write(plugin, {**settings, **both})

    def reread(self) -> Coupling:
        """Return it with the settings as they are now."""
        return Coupling(self.project, self.name)

    def take_settings(self, settings: Mapping[str, dict[str, Any]]) -> None:
        """Rely on settings that Meltano told before, by plugin, instead of asking it."""
        self.__dict__["_told"] = Told(dict(settings))

    @property
    def title(self) -> str:
        """How a person calls it."""
        return self.name or self.project.folder.name

    @property
    def name_in_runs(self) -> str:
        """What its runs are kept under; the one that has no name has an empty one."""
        return self.name or ""

    @property
    def division(self) -> int:
        """The number of the administration.

        Raises:
            Refused: None was chosen yet.
        """
        number = self.settings("target-exactonline").get("division")
        if number is None:
            raise Refused("No administration was chosen yet: bridge list divisions shows them; set EXACT_DIVISION")
        return int(number)

    @property
    def store_uri(self) -> str:
        """The URI of the store; holds a password where it is PostgreSQL."""
        return str(self.settings("target-exactonline").get("store_uri") or DEFAULT_URI)

    @property
    def meltano_database(self) -> Path | None:
        """The file of Meltano's own database; None where it is no file, or the settings were not asked for."""
        return self._told.database

    @cached_property
    def _told(self) -> Told:
        names = {self.plugin(plugin): plugin for plugin in PLUGINS}
        told = self.project.read(list(names))
        return told._replace(settings={names[name]: settings for name, settings in told.settings.items()})


def couplings_in(folder: Path) -> list[str]:
    """Return the names of the couplings that were added to a project."""
    return sorted(path.name.removesuffix(".meltano.yml") for path in folder.glob("couplings/*.meltano.yml"))


def has_coupling(name: str) -> bool:
    """Tell whether the project here has a coupling of that name; of no project everything may be."""
    folder = project_folder()
    if folder is None or not name or name in couplings_in(folder):
        return True
    # Plugins that somebody derived by hand.
    file = folder / "meltano.yml"
    return not file.is_file() or f"{DERIVED}{name}" in file.read_text(encoding="utf-8")


def named(plugin: str, coupling: str | None) -> str:
    """Return the name that a plugin has in a coupling."""
    return plugin if coupling is None else f"{plugin}{DERIVED}{coupling}"


def tasks(job: str, coupling: str | None) -> tuple[str, str, str]:
    """Return tap, mapping and target of a job as a coupling calls them; all couplings share the mappings."""
    tap, mapping, target = JOBS[job]
    return named(tap, coupling), mapping, named(target, coupling)


def _folder() -> Path:
    folder = project_folder()
    if folder is None:
        raise Refused(
            f"{Path.cwd()} belongs to no Meltano project: go to its folder, or make one with: bridge init FOLDER"
        )
    return folder


def _meltano(folder: Path) -> Path:
    """Return the Meltano that runs the project: the one that ran it last, one beside this tool, or one on the path.

    Meltano leaves the way to itself in the project, for programs that it starts.
    """
    found = shutil.which("meltano")
    beside = Path(sys.executable).with_name("meltano")
    for path in (folder / ".meltano" / "run" / "bin", beside, *([Path(found)] if found else [])):
        if path.exists():
            return path.resolve()
    raise Refused(f"There is no Meltano for the project in {folder}: install it, and run any command of it there once")


def _python(meltano: Path) -> Path:
    for name in ("python", "python3"):
        if (python := meltano.with_name(name)).exists():
            return python
    raise Refused(f"There is no Python beside {meltano}: install Meltano in a virtual environment, as its guide says")
