"""The specimens at work: in this process, and as programs."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from connector_store import ConnectorStore
from singer_shell.specimen import SpecimenTarget

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from connector_store.runs import Run


@dataclass
class Specimens:
    """A store that both share, and how to start them."""

    folder: Path
    schema = json.dumps(
        {"type": "SCHEMA", "stream": "numbers", "schema": {"properties": {"id": {}}}, "key_properties": ["id"]}
    )

    @property
    def settings(self) -> dict[str, Any]:
        return {
            "client_id": "id",
            "client_secret": "the-secret",
            "store_uri": f"sqlite:///{self.folder}/store.db",
            "output": str(self.output),
        }

    @property
    def output(self) -> Path:
        return self.folder / "output.txt"

    def kept(self) -> list[int]:
        return [int(line) for line in self.output.read_text().split()] if self.output.exists() else []

    def last_run(self) -> Run:
        with ConnectorStore.open(self.settings["store_uri"]) as store:
            return store.runs.last(1)[0]

    def unfinished_run(self) -> bool:
        """Tell whether no run has ended yet."""
        with ConnectorStore.open(self.settings["store_uri"]) as store:
            runs = store.runs.last(1)
        return not runs or runs[0].finished_at is None

    def start(self, which: str, *, text: bool = True, **settings: Any) -> subprocess.Popen[Any]:
        config = self.folder / f"{which}.json"
        config.write_text(json.dumps({**self.settings, **settings}))
        return subprocess.Popen(
            [sys.executable, "-m", "singer_shell.specimen", which, "--config", str(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=text,
        )

    def feed(self, lines: Iterable[str], **settings: Any) -> tuple[list[Any], BaseException | None]:
        """Run the target in this process; return the states it passed on, and what ended it early."""
        printed, error = io.StringIO(), None
        target = SpecimenTarget(config={**self.settings, **settings}, validate_config=True)
        with contextlib.redirect_stdout(printed):
            try:
                target.listen(io.StringIO("\n".join([self.schema, *lines]) + "\n"))
            except BaseException as raised:  # noqa: BLE001 - what it was is for the test to judge
                error = raised
        return [json.loads(line)["at"] for line in printed.getvalue().splitlines()], error


def record(number: object) -> str:
    return json.dumps({"type": "RECORD", "stream": "numbers", "record": {"id": str(number), "number": number}})


def state(place: int) -> str:
    return json.dumps({"type": "STATE", "value": {"at": place}})


@pytest.fixture
def specimens(tmp_path: Path) -> Specimens:
    return Specimens(tmp_path)


@pytest.fixture
def numbers() -> Any:
    """A line per number, each followed by its state."""
    return lambda *wanted: [line for number in wanted for line in (record(number), state(number))]
