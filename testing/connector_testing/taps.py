"""A tap of ours at work on a sandbox, in this process."""

from __future__ import annotations

import abc
import contextlib
import copy
import io
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import simplejson

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.testing import SandboxProcess
    from singer_shell.tap import ShellTap


@dataclass
class TapRun:
    """What a run of a tap put out.

    Attributes:
        messages: In order; numbers as Decimal.
        code: The exit status.
        keys: The key property of streams whose key is not the usual one.
        key: The usual one.
        calls: The calls to the service by endpoint.
    """

    messages: list[dict[str, Any]]
    code: int
    key: str
    keys: dict[str, str]
    calls: Counter[str] = field(default_factory=Counter)

    @property
    def state(self) -> dict[str, Any]:
        """The last state, as Meltano would keep it."""
        states = [message["value"] for message in self.messages if message["type"] == "STATE"]
        return copy.deepcopy(states[-1]) if states else {}

    def records(self, stream: str) -> list[dict[str, Any]]:
        """Return the records of a stream."""
        return [
            message["record"]
            for message in self.messages
            if message["type"] == "RECORD" and message["stream"] == stream
        ]

    def ids(self, stream: str) -> list[str]:
        """Return the keys of the records of a stream."""
        key = self.keys.get(stream, self.key)
        return [record[key] for record in self.records(stream)]


@dataclass
class TapHarness(abc.ABC):
    """A tap with its settings on a sandbox.

    Attributes:
        tap: The tap.
        key: The usual key property of its streams.
        keys: The key property of the others.
        sandbox: Both services.
        config: Its settings.
    """

    tap: ClassVar[type[ShellTap]]
    key: ClassVar[str] = "id"
    keys: ClassVar[dict[str, str]] = {}
    sandbox: SandboxProcess
    config: dict[str, Any]

    @abc.abstractmethod
    def calls(self) -> Counter[str]:
        """Return the calls since they were forgotten last, by endpoint."""

    def run(
        self, *streams: str, state: dict[str, Any] | None = None, catalog: dict[str, Any] | None = None, **config: Any
    ) -> TapRun:
        """Run the tap to its end with these streams (none named: all) and count its calls."""
        self.sandbox.forget_calls()
        output, code = io.StringIO(), 0
        with contextlib.redirect_stdout(output):
            try:
                self.tap(
                    config={**self.config, **config},
                    state=copy.deepcopy(state),
                    catalog=copy.deepcopy(catalog) if catalog else self.catalog(*streams),
                ).sync_all()
            except SystemExit as ended:
                code = int(ended.code or 0)
        messages = [simplejson.loads(line, use_decimal=True) for line in output.getvalue().splitlines()]
        calls = self.calls()
        return TapRun(messages, code, self.key, self.keys, calls)

    def catalog(self, *streams: str, only: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return a catalog with these streams (none named: all); properties are written as `stream.property`."""
        catalog: dict[str, Any] = json.loads(self.tap(config=self.config).catalog_json_text)
        for entry in catalog["streams"]:
            name = entry["tap_stream_id"]
            for metadata in entry["metadata"]:
                path = metadata["breadcrumb"]
                if not path:
                    metadata["metadata"]["selected"] = not streams or name in streams
                else:
                    full = f"{name}.{path[-1]}"
                    metadata["metadata"]["selected"] = full not in without and (not only or full in only)
        return catalog

    def settings_file(self, folder: Path, *streams: str, **config: Any) -> list[str]:
        """Write settings and catalog; return the arguments that name them."""
        (folder / "config.json").write_text(json.dumps({**self.config, **config}))
        (folder / "catalog.json").write_text(json.dumps(self.catalog(*streams)))
        return ["--config", str(folder / "config.json"), "--catalog", str(folder / "catalog.json")]
