"""The files of a user's own project: thin, so that an upgrade of the product never meets a person's settings.

`plugins/` is the product's and is written anew by every `bridge init`, but for what a person set there by `meltano
config set`; `meltano.yml`, `.env` and `couplings/` are the user's. Pure: what to write, not the writing.
"""

from __future__ import annotations

import json
import re
import shlex
import uuid
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from bridge.errors import Refused
from bridge.project import JOBS, named, tasks

PREFIX: Final = "teamleader-exactonline-"
EVERY_QUARTER: Final = {"documents": "*/15 * * * *", "payments": "5-59/15 * * * *"}
"""Payments five minutes later, so that an invoice is in the books before its payment is asked for."""
IGNORED: Final = ".env\n.meltano/\ndata/\nlogs/\noutput/\n"
A_PERSONS_OWN: Final = ("config", "metadata", "schema")
"""What Meltano's commands write into the entry of a plugin when they are given no environment."""
RESERVED: Final = frozenset(
    {"catalog", "load_schema", "log_parser", "metadata", "schema", "select", "select_filter", "state"}
    | {"customers", "use_cached_catalog"}
)
"""Names that, after the double underscore of an inherited plugin's variables, mean Meltano's own extras."""


@dataclass(frozen=True)
class Source:
    """Where the plugins are installed from: exactly one of a clone, a folder of wheels, or a git address with a tag."""

    place: str

    @property
    def is_git(self) -> bool:
        """Whether it is an address, `git+https://…@v1.0.0`."""
        return self.place.startswith("git+")

    def pip_url(self, plugin: dict[str, Any]) -> str:
        """Return what Meltano installs a plugin from, pinned."""
        packages: dict[str, str] = plugin["packages"]
        if self.is_git:
            named = {f"{PREFIX}{folder.rpartition('/')[2]}{extras}": folder for folder, extras in packages.items()}
            return shlex.join(f"{name}@{self.place}#subdirectory={folder}" for name, folder in named.items())
        place = Path(self.place)
        if (place / "constraints.txt").is_file():
            parts = [f"{place / folder}{extras}" for folder, extras in packages.items()]
            return shlex.join(["-c", str(place / "constraints.txt"), *parts])
        listed = place / plugin["list"]
        return shlex.join(["--no-deps", "--require-hashes", "--find-links", str(place), "-r", str(listed)])


def source_at(place: str | None) -> Source:
    """Return where the plugins come from; without a place, the clone that this tool runs from.

    Raises:
        Refused: There are no plugins at that place.
    """
    if place is not None and place.startswith("git+"):
        if not re.search(r"@[^/]+$", place):
            raise Refused(f"{place} names no version: add @ and the tag, such as @v1.0.0")
        return Source(place)
    folder = Path(place).resolve() if place else Path(__file__).resolve().parents[3]
    if not (folder / "constraints.txt").is_file() and not (folder / "tap-teamleader.txt").is_file():
        raise Refused(
            f"{folder} holds neither a clone of this product nor the wheels of a release: "
            "name one with --from, or a git address such as git+https://…@v1.0.0"
        )
    return Source(str(folder))


@cache
def product() -> dict[str, dict[str, Any]]:
    """Return the plugins of this version: name -> type, definitions, packages and list."""
    known: dict[str, dict[str, Any]] = json.loads(files("bridge.setup").joinpath("plugins.json").read_text("utf-8"))
    return known


def plugin_file(name: str, source: Source, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the content of `plugins/NAME.meltano.yml`.

    Args:
        name: Of the plugin.
        source: Where it is installed from.
        before: The file as it was, whose settings of a person stay.
    """
    plugin = product()[name]
    first, *others = plugin["definitions"]
    there = ((before or {}).get("plugins") or {}).get(plugin["type"]) or []
    own = {each["name"]: {key: each[key] for key in A_PERSONS_OWN if key in each} for each in there}
    new = [{**first, "pip_url": source.pip_url(plugin)}, *others]
    return {"plugins": {plugin["type"]: [{**each, **own.get(each["name"], {})} for each in new]}}


def project_file() -> dict[str, Any]:
    """Return the content of a new meltano.yml: nothing is written to either service until the set-up is proven."""
    targets = [{"name": name, "config": {"dry_run": True}} for name in ("target-exactonline", "target-teamleader")]
    return {
        "requires_meltano": ">=4.4,<5",
        "project_id": str(uuid.uuid4()),
        "send_anonymous_usage_stats": False,
        "default_environment": "prod",
        "include_paths": ["plugins/*.meltano.yml", "couplings/*.meltano.yml"],
        "environments": [{"name": "prod", "config": {"plugins": {"loaders": targets}}}],
        **_jobs(None),
    }


def checked_name(name: str) -> str:
    """Return the name of a coupling, if it can be one.

    Raises:
        Refused: It cannot.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) or name.replace("-", "_") in RESERVED:
        raise Refused(
            f"{name} cannot be the name of a coupling: use small letters, digits and single strokes, "
            f"and none of {', '.join(sorted(RESERVED))}"
        )
    return name


def coupling_file(name: str, settings: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the content of `couplings/NAME.meltano.yml`: inherited plugins, their own settings, jobs and schedules.

    Two runs of one plugin's name at the same second collide on its catalog, so that each coupling has its own.
    """
    plugins: dict[str, list[dict[str, Any]]] = {}
    for plugin, known in product().items():
        if plugin in settings:
            entry = {"name": named(plugin, name), "inherit_from": plugin, "config": settings[plugin]}
            plugins.setdefault(known["type"], []).append(entry)
    return {"plugins": plugins, **_jobs(name)}


def _jobs(name: str | None) -> dict[str, Any]:
    end = "" if name is None else f"-{name}"
    jobs = [{"name": f"{job}{end}", "tasks": [" ".join(tasks(job, name))]} for job in JOBS]
    schedules = [
        {"name": f"{job}{end}-every-15-minutes", "job": f"{job}{end}", "interval": interval}
        for job, interval in EVERY_QUARTER.items()
    ]
    if name is None:  # run by hand, and as often as wanted
        customers = product()["tap-exactonline"]["definitions"][1]["name"]
        task = f"{customers} exactonline-customers-to-teamleader target-teamleader"
        jobs.append({"name": "import-customers", "tasks": [task]})
    return {"jobs": jobs, "schedules": schedules}
