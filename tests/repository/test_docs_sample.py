"""The sample of the data engineer's page runs as it stands there: discover, choose, read."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from connector_testing.project import BIN, ROOT
from sandbox.testing import SandboxThread

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (ROOT / "docs/howto/data-engineer.md").read_text()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxThread]:
    with SandboxThread(no_limits=True, customers=3, invoices=3, credit_notes=1) as sandbox:
        yield sandbox


def test_the_sample_configuration_reads_every_invoice_of_the_sandbox(sandbox: SandboxThread, tmp_path: Path) -> None:
    (sample,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    config = json.loads(sample.replace("http://127.0.0.1:8801", sandbox.teamleader_url))
    assert Path(config["store_uri"].removeprefix("sqlite:///")).is_absolute()
    config["store_uri"] = f"sqlite:///{tmp_path}/connector.db"
    (tmp_path / "config.json").write_text(json.dumps(config))
    commands = re.findall(r"^(tap-teamleader --config .*) > (\S+)$", PAGE, re.MULTILINE)
    assert len(commands) == 2
    for command, into in commands:
        program, *arguments = shlex.split(command)
        ran = subprocess.run([BIN / program, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        (tmp_path / into).write_text(ran.stdout)
    messages = [json.loads(line) for line in (tmp_path / "records.singer").read_text().splitlines()]
    read = {each["record"]["id"] for each in messages if each["type"] == "RECORD" and each["stream"] == "invoices"}
    assert len(read) == 3
    assert messages[-1]["type"] == "STATE"
