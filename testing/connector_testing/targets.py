"""A target of ours at work: in this process, or as a program; with a store of its own."""

from __future__ import annotations

import abc
import contextlib
import io
import json
import logging
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import simplejson

from connector_store import ConnectorStore
from connector_testing.project import BIN

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from singer_shell.target import ShellTarget

Record = dict[str, Any]


@dataclass
class TargetRun:
    """What a run of a target left behind.

    Attributes:
        states: What it passed on.
        counts: Number of records by what became of them, from the store.
        error: What ended it early.
        log: What it wrote.
        calls: The calls to the service by endpoint, where the harness counts them.
    """

    states: list[Any]
    counts: dict[str, int]
    error: BaseException | None
    log: str
    calls: Counter[str] = field(default_factory=Counter)


@dataclass
class TargetHarness(abc.ABC):
    """A target with settings and a store in a folder of its own.

    Attributes:
        target: The target.
        streams: The streams it takes.
        folder: Where its store, its settings and its log are.
        division: The administration that it works for.
        settings: Its settings.
    """

    target: ClassVar[type[ShellTarget[Any]]]
    streams: ClassVar[tuple[str, ...]]
    folder: Path
    division: int
    settings: dict[str, Any]

    @abc.abstractmethod
    def log_in_again(self) -> None:
        """Let a person log in: the settings hold a new refresh token."""

    def stream_of(self, record: Record) -> str:  # noqa: ARG002 - for targets that take several
        """Return the stream of a record."""
        return self.streams[0]

    # The store

    @property
    def database(self) -> Path:
        """The file of the store."""
        return self.folder / "connector.db"

    def store(self) -> ConnectorStore:
        """Open the store."""
        return ConnectorStore.open(f"sqlite:///{self.database}")

    def lose_store(self) -> None:
        """Lose the file; a person logs in again."""
        for path in self.folder.glob("connector.db*"):
            path.unlink()
        self.log_in_again()

    def codes(self) -> dict[str, str]:
        """Return the code of every reject by source id."""
        with self.store() as store:
            return {reject.source_id: reject.code for reject in store.rejects(self.division).all()}

    @property
    def log(self) -> str:
        """What its programs wrote."""
        return (self.folder / "log.txt").read_text(encoding="utf-8")

    # Singer

    def lines(self, *records: Record) -> list[str]:
        """Return the Singer lines of records."""
        return [
            simplejson.dumps({"type": "RECORD", "stream": self.stream_of(record), "record": record}, use_decimal=True)
            for record in records
        ]

    @staticmethod
    def state(place: int) -> str:
        """Return the line of a state."""
        return json.dumps({"type": "STATE", "value": {"at": place}})

    @staticmethod
    def schema(stream: str) -> str:
        """Return the line of a stream's schema, as loose as a foreign sender's may be."""
        schema = {"type": "object", "properties": {"id": {"type": "string"}}}
        return json.dumps({"type": "SCHEMA", "stream": stream, "schema": schema, "key_properties": ["id"]})

    @classmethod
    def schemas(cls) -> list[str]:
        """Return the line of each schema."""
        return [cls.schema(stream) for stream in cls.streams]

    # Runs

    def run(self, *records: Record, **settings: Any) -> TargetRun:
        """Run the target over records, with a STATE at the end."""
        lines = [*self.lines(*records), self.state(len(records))] if records else []
        return self.feed(lines, **settings)

    def feed(self, lines: Iterable[str], **settings: Any) -> TargetRun:
        """Run the target over lines, in this process; the schemas go first, unless there are some among the lines.

        A setting that is None is taken away.
        """
        given = list(lines)
        if not any('"SCHEMA"' in line for line in given):
            given = [*self.schemas(), *given]
        printed, logged = io.StringIO(), io.StringIO()
        handler = logging.StreamHandler(logged)
        logger = logging.getLogger(self.target.name)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        config = {name: value for name, value in {**self.settings, **settings}.items() if value is not None}
        target = self.target(config=config, validate_config=True)
        error: BaseException | None = None
        with contextlib.redirect_stdout(printed):
            try:
                target.listen(io.StringIO("\n".join(given) + "\n"))
            except BaseException as raised:  # noqa: BLE001 - what it was is for the test to judge
                error = raised
            finally:
                logger.removeHandler(handler)
        states = [json.loads(line) for line in printed.getvalue().splitlines()]
        return TargetRun(states, self._counts(), error, logged.getvalue())

    def process(self, lines: Iterable[str] = (), **settings: Any) -> subprocess.Popen[str]:
        """Start the target as a program; its input stays open."""
        config = self.folder / "config.json"
        config.write_text(json.dumps({**self.settings, **settings}), encoding="utf-8")
        with (self.folder / "log.txt").open("a") as log:
            process = subprocess.Popen(
                [str(BIN / self.target.name), "--config", str(config)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                pipesize=1 << 20,  # so that a target that is held keeps nobody from sending the rest
            )
        assert process.stdin is not None
        process.stdin.write("\n".join([*self.schemas(), *lines]) + "\n")
        process.stdin.flush()
        return process

    def _counts(self) -> dict[str, int]:
        if not self.database.exists():
            return {}
        with self.store() as store:
            last = [each for each in store.runs.last(1) if each.division == self.division]
            return {name: count for name, count in last[0].counts.items() if count} if last else {}
