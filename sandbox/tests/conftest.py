from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import requests

from sandbox.testing import SandboxProcess, SandboxThread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOGIN = {"client_id": "sandbox-teamleader", "client_secret": "sandbox-teamleader-secret", "grant_type": "refresh_token"}


@dataclass
class Teamleader:
    """A client of the sandbox's Teamleader that shows every answer as it is."""

    url: str
    refresh_token: str
    used: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    session: requests.Session = field(default_factory=requests.Session)

    def log_in(self, **changes: str) -> requests.Response:
        form = {**LOGIN, "refresh_token": self.refresh_token, **changes}
        answer = self.session.post(f"{self.url}/oauth2/access_token", data=form, timeout=60)
        if answer.ok:
            self.used = form["refresh_token"]
            self.refresh_token = answer.json()["refresh_token"]
            self.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return answer

    def post(self, action: str, body: Any = None) -> requests.Response:
        content = None if body is None else json.dumps(body, default=str)
        headers = {**self.headers, "X-Api-Version": "2023-09-26"}
        return self.session.post(f"{self.url}/{action}", data=content, headers=headers, timeout=60)

    def call(self, action: str, body: Any = None) -> Any:
        answer = self.post(action, body)
        assert answer.status_code < 300, answer.text
        return json.loads(answer.text, parse_float=Decimal) if answer.content else None

    def data(self, action: str, body: Any = None) -> Any:
        return self.call(action, body)["data"]

    def every(self, action: str, body: Any = None) -> list[Any]:
        """All rows of a list action, in pages of 100."""
        rows: list[Any] = []
        while True:
            page = self.data(action, {**(body or {}), "page": {"size": 100, "number": len(rows) // 100 + 1}})
            rows += page
            if len(page) < 100:
                return rows


@pytest.fixture(scope="session")
def shared_sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess("--no-limits", "--pdf-bytes", "4000") as process:
        yield process


@pytest.fixture(scope="session")
def shared_teamleader(shared_sandbox: SandboxProcess) -> Teamleader:
    """For tests that only read."""
    client = Teamleader(shared_sandbox.teamleader_url, "sandbox-teamleader-refresh")
    client.log_in()
    return client


@pytest.fixture(scope="session")
def _changing_sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess("--no-limits", "--customers", "20", "--invoices", "12", "--credit-notes", "3") as process:
        yield process


@pytest.fixture
def changing(_changing_sandbox: SandboxProcess) -> Iterator[tuple[SandboxProcess, Teamleader]]:
    """For tests that change things: a sandbox that others have changed before, and a client that is logged in."""
    token = _changing_sandbox.logged_in_again()["TAP_TEAMLEADER_REFRESH_TOKEN"]
    client = Teamleader(_changing_sandbox.teamleader_url, token)
    client.log_in()
    yield _changing_sandbox, client
    _changing_sandbox.clear_faults()
    _changing_sandbox.teamleader("deny", actions=[])


@pytest.fixture
def small_sandbox() -> Iterator[Callable[..., tuple[SandboxProcess, Teamleader]]]:
    """For tests that need arguments of their own: a sandbox with little data, and a client that is logged in."""
    started: list[SandboxProcess] = []

    def start(*arguments: str) -> tuple[SandboxProcess, Teamleader]:
        process = SandboxProcess("--customers", "20", "--invoices", "12", "--credit-notes", "3", *arguments)
        process.start()
        started.append(process)
        client = Teamleader(process.teamleader_url, "sandbox-teamleader-refresh")
        client.log_in()
        return process, client

    yield start
    for process in started:
        process.stop()


@pytest.fixture
def frozen() -> Iterator[tuple[SandboxThread, Teamleader]]:
    """A small sandbox of this test's own at noon of 2 March 2026, where time passes only when it is moved."""
    options = {"customers": 5, "invoices": 3, "credit_notes": 0, "no_limits": True}
    with SandboxThread(**options, today=date(2026, 3, 2), frozen=True) as sandbox:
        client = Teamleader(sandbox.teamleader_url, "sandbox-teamleader-refresh")
        client.log_in()
        yield sandbox, client
