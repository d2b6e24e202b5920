"""Runs of the tap against the sandbox, in this process."""

from __future__ import annotations

import contextlib
import copy
import io
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import requests

from sandbox.testing import SandboxProcess
from tap_teamleader.tap import TapTeamleader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DEPARTMENT = "d0000000-0000-4000-8000-000000000001"


@dataclass
class Run:
    """What a run put out."""

    messages: list[dict[str, Any]]
    code: int
    calls: Counter[str] = field(default_factory=Counter)

    @property
    def state(self) -> dict[str, Any]:
        """The last state, as Meltano would keep it."""
        states = [message["value"] for message in self.messages if message["type"] == "STATE"]
        return copy.deepcopy(states[-1]) if states else {}

    def records(self, stream: str) -> list[dict[str, Any]]:
        return [
            message["record"]
            for message in self.messages
            if message["type"] == "RECORD" and message["stream"] == stream
        ]

    def ids(self, stream: str) -> list[str]:
        return [record["id"] for record in self.records(stream)]


@dataclass
class Account:
    """A Teamleader account in the sandbox, and the tap's settings for it."""

    sandbox: SandboxProcess
    config: dict[str, Any]

    def post(self, path: str, body: Any = None) -> Any:
        answer = requests.post(f"{self.sandbox.teamleader_url}/_sandbox/{path}", json=body or {}, timeout=30)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def delete(self, path: str) -> None:
        requests.delete(f"{self.sandbox.teamleader_url}/_sandbox/{path}", timeout=30).raise_for_status()

    def calls(self) -> Counter[str]:
        """The calls since the last reset, by action; downloads of files as `file`, logins as `token`."""
        answer = requests.get(f"{self.sandbox.teamleader_url}/_sandbox/calls", timeout=30).json()
        named: Counter[str] = Counter()
        for _, path in answer["teamleader"]["calls"]:
            action = path.strip("/").split("?")[0]
            known = action.count("/") == 0 and "." in action
            named["token" if "oauth2" in action else action if known else "file"] += 1
        return named

    def run(self, state: dict[str, Any] | None = None, catalog: dict[str, Any] | None = None, **config: Any) -> Run:
        """Run the tap to its end and count its calls."""
        self.delete("calls")
        output, code = io.StringIO(), 0
        with contextlib.redirect_stdout(output):
            try:
                tap = TapTeamleader(
                    config={**self.config, **config}, state=copy.deepcopy(state), catalog=copy.deepcopy(catalog)
                )
                tap.sync_all()
            except SystemExit as ended:
                code = int(ended.code or 0)
        messages = [json.loads(line) for line in output.getvalue().splitlines()]
        return Run(messages, code, self.calls())

    def catalog(self, *streams: str, without: tuple[str, ...] = ()) -> dict[str, Any]:
        """A catalog with these streams (none named: all), less the properties written as `stream.property`."""
        tap = TapTeamleader(config=self.config)
        catalog: dict[str, Any] = json.loads(tap.catalog_json_text)
        for entry in catalog["streams"]:
            name = entry["tap_stream_id"]
            for metadata in entry["metadata"]:
                path = metadata["breadcrumb"]
                if not path:
                    metadata["metadata"]["selected"] = not streams or name in streams
                else:
                    metadata["metadata"]["selected"] = f"{name}.{path[-1]}" not in without
        return catalog


@pytest.fixture(scope="session")
def account_of() -> Iterator[Callable[..., Account]]:
    """Start a sandbox with these options and return the account in it."""
    started: list[SandboxProcess] = []

    def start(folder: Path, **options: int) -> Account:
        sizes = {"customers": 20, "invoices": 32, "credit_notes": 6, "pdf_bytes": 500, **options}
        arguments = [word for name, value in sizes.items() for word in (f"--{name.replace('_', '-')}", str(value))]
        sandbox = SandboxProcess("--no-limits", *arguments)
        sandbox.start()
        started.append(sandbox)
        config = {
            "client_id": "sandbox-teamleader",
            "client_secret": "sandbox-teamleader-secret",
            "refresh_token": "sandbox-teamleader-refresh",
            "api_url": sandbox.teamleader_url,
            "auth_url": sandbox.teamleader_url,
            "store_uri": f"sqlite:///{folder}/store.db",
            "department_id": DEPARTMENT,
            "start_date": "all",
            "attachments": [],
        }
        return Account(sandbox, config)

    yield start
    for sandbox in started:
        sandbox.stop()


@pytest.fixture(scope="module")
def account(account_of: Callable[..., Account], tmp_path_factory: pytest.TempPathFactory) -> Account:
    """An account of 32 invoices and 6 credit notes that the tests of a module share."""
    return account_of(tmp_path_factory.mktemp("store"))


@pytest.fixture(autouse=True)
def _no_faults(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "account" in request.fixturenames:
        request.getfixturevalue("account").delete("faults")
