"""Runs of the tap against the sandbox, in this process."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import requests

from connector_testing.taps import TapHarness, TapRun
from sandbox.testing import SandboxProcess
from tap_teamleader.tap import TapTeamleader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DEPARTMENT = "d0000000-0000-4000-8000-000000000001"


class Harness(TapHarness):
    """A Teamleader account in the sandbox, and the tap's settings for it."""

    tap = TapTeamleader

    def post(self, path: str, body: Any = None) -> Any:
        answer = requests.post(f"{self.sandbox.teamleader_url}/_sandbox/{path}", json=body or {}, timeout=60)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def delete(self, path: str) -> None:
        requests.delete(f"{self.sandbox.teamleader_url}/_sandbox/{path}", timeout=60).raise_for_status()

    def calls(self) -> Counter[str]:
        """The calls since the last reset, by action; downloads of files as `file`, logins as `token`."""
        answer = requests.get(f"{self.sandbox.teamleader_url}/_sandbox/calls", timeout=60).json()
        named: Counter[str] = Counter()
        for _, path in answer["teamleader"]["calls"]:
            action = path.strip("/").split("?")[0]
            known = action.count("/") == 0 and "." in action
            named["token" if "oauth2" in action else action if known else "file"] += 1
        return named

    def run(self, state: dict[str, Any] | None = None, **config: Any) -> TapRun:
        """Run the tap to its end, with all streams unless a catalog is given, and count its calls."""
        return super().run(state=state, **config)


@pytest.fixture(scope="session")
def harness_of() -> Iterator[Callable[..., Harness]]:
    """Start a sandbox with these options and return the account in it."""
    started: list[SandboxProcess] = []

    def start(folder: Path, **options: int) -> Harness:
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
        return Harness(sandbox, config)

    yield start
    for sandbox in started:
        sandbox.stop()


@pytest.fixture(scope="module")
def harness(harness_of: Callable[..., Harness], tmp_path_factory: pytest.TempPathFactory) -> Harness:
    """An account of 32 invoices and 6 credit notes that the tests of a module share."""
    return harness_of(tmp_path_factory.mktemp("store"))


@pytest.fixture(autouse=True)
def _no_faults(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "harness" in request.fixturenames:
        request.getfixturevalue("harness").delete("faults")
