"""The tutorial makes a project by the commands that it shows; what follows in it is a dialogue (tests/setup)."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from connector_testing.project import BIN, ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "docs/tutorial.md").read_text()


def test_the_second_step_makes_a_project_that_knows_the_sandbox_and_finds_the_tool(tmp_path: Path) -> None:
    (block,) = re.findall(r"## 2\. .*?```sh\n(.*?)```", PAGE, re.DOTALL)
    assert block.count("../office") == 2
    # Beside the clone there may be a folder of that name, and the plugins take minutes to install.
    typed = block.replace("init ../office", f"init --no-install {tmp_path}/office").replace(
        "../office", f"{tmp_path}/office"
    )
    ran = subprocess.run(
        ["bash", "-euc", f"{typed}\ncommand -v bridge"],  # noqa: S607 - as a person types it
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.splitlines()[-1] == str(BIN / "bridge")
    addresses = dict(line.split("=", 1) for line in (tmp_path / "office/.env").read_text().splitlines())
    ports = re.search(r"sandbox serve --teamleader-port (\d+) --exact-port (\d+)", PAGE)
    assert ports
    teamleader, exact = (f"http://127.0.0.1:{port}" for port in ports.groups())
    assert addresses == {
        "TEAMLEADER_API_URL": teamleader,
        "TEAMLEADER_AUTH_URL": teamleader,
        "EXACT_API_URL": exact,
    }
    assert "dry_run: true" in (tmp_path / "office/meltano.yml").read_text()
