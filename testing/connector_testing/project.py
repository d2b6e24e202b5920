"""Where the project and its programs are, and what meltano.yml says of the sandbox."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

ROOT: Final = Path(__file__).resolve().parents[2]
BIN: Final = Path(sys.executable).parent


def project_config(plugin: str) -> dict[str, Any]:
    """Return the plugin's configuration of the `sandbox` environment in meltano.yml."""
    project = YAML(typ="safe").load((ROOT / "meltano.yml").read_text(encoding="utf-8"))
    (environment,) = [each for each in project["environments"] if each["name"] == "sandbox"]
    plugins = environment["config"]["plugins"]
    (entry,) = [each for kind in plugins.values() for each in kind if each["name"] == plugin]
    return dict(entry["config"])
