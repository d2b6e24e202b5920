"""Where the project and its programs are, and what meltano.yml says of the sandbox."""

from __future__ import annotations

import sys
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

ROOT: Final = Path(__file__).resolve().parents[2]
BIN: Final = Path(sys.executable).parent


def project_config(plugin: str) -> dict[str, Any]:
    """Return the plugin's configuration of the `sandbox` environment in meltano.yml."""
    (environment,) = [each for each in _project()["environments"] if each["name"] == "sandbox"]
    plugins = environment["config"]["plugins"]
    (entry,) = [each for kind in plugins.values() for each in kind if each["name"] == plugin]
    return deepcopy(dict(entry["config"]))


@cache
def _project() -> dict[str, Any]:
    """Return meltano.yml: read once, since a random life asks for it thousands of times."""
    project: dict[str, Any] = YAML(typ="safe").load((ROOT / "meltano.yml").read_text(encoding="utf-8"))
    return project
