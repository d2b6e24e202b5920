"""What somebody sees who runs a job before anything is set up: what to do first, in one line."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLUGINS = ("TAP_", "TARGET_", "TEAMLEADER_", "EXACT_", "CONNECTOR_", "BRIDGE_", "MELTANO_")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A project of which nobody has touched the settings, with the plugins that are installed here."""
    folder = tmp_path / "clone"
    (folder / ".meltano").mkdir(parents=True)
    shutil.copy(ROOT / "meltano.yml", folder)
    shutil.copytree(ROOT / "plugins", folder / "plugins")
    for kind in ("extractors", "loaders", "mappers", "utilities"):
        (folder / ".meltano" / kind).symlink_to(ROOT / ".meltano" / kind)
    return folder


@pytest.mark.parametrize(("job", "plugin"), [("documents", "tap-teamleader"), ("payments", "tap-exactonline")])
def test_a_clone_without_settings_says_what_to_do_first(clone: Path, job: str, plugin: str) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith(PLUGINS)}
    command = [Path(sys.executable).parent / "meltano", "run", "--no-install", job]

    ran = subprocess.run(command, cwd=clone, env=env, capture_output=True, text=True, check=False)

    assert ran.returncode == 1
    assert "Environment 'prod' is active" in ran.stderr
    (line,) = [line for line in ran.stderr.splitlines() if "Set " in line and f" {plugin} " in line]
    prefix = plugin.upper().replace("-", "_")
    assert f"Set {prefix}_CLIENT_ID and {prefix}_CLIENT_SECRET" in line
    # A project of one's own has no environment of that name; README asks for it where there is one.
    assert "sandbox" not in line
    assert "Traceback" not in ran.stderr
    assert not (clone / "data").exists()
