"""A login whose page leads back to this machine: the program catches the code, and only that of its own login."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import requests

from connector_store import ConnectorStore
from sandbox.testing import SandboxProcess

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CALLBACK = "http://localhost:8765/teamleader"
# The address is registered with the app, so that no two of these run at a time.
pytestmark = [pytest.mark.long, pytest.mark.xdist_group("callback")]


def begun(folder: Path, terminal: Callable[..., Any], sandbox: SandboxProcess) -> tuple[Any, str]:
    """Make a project and begin to log in; return the terminal and the address of the page that it shows."""
    assert terminal("bridge", "init", str(folder), "--no-install", folder=folder.parent).ends() == 0
    variables = {
        "TEAMLEADER_API_URL": sandbox.teamleader_url,
        "TEAMLEADER_AUTH_URL": sandbox.teamleader_url,
        "TEAMLEADER_CLIENT_ID": "sandbox-teamleader",
        "TEAMLEADER_CLIENT_SECRET": "sandbox-teamleader-secret",
    }
    screen = terminal("bridge", "login", "teamleader", "--no-browser", folder=folder, **variables)
    screen.expect("Open this address")
    page = screen.expect(r"http://\S+")[0]
    screen.expect("Address: ")
    return screen, page


def answered(page: str, answer: str) -> requests.Response:
    """Press a button of the page and follow the browser to where it is sent."""
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', requests.get(page, timeout=10).text))
    return requests.post(page, data={**form, "answer": answer}, timeout=10)


def test_the_code_is_caught_and_requests_of_others_are_turned_away(
    tmp_path: Path, terminal: Callable[..., Any]
) -> None:
    with SandboxProcess("--no-limits", "--customers", "1", "--invoices", "0", "--credit-notes", "0") as sandbox:
        screen, page = begun(tmp_path / "office", terminal, sandbox)
        for strange in ("?code=stolen&state=guessed", "?code=stolen", "/favicon.ico", ""):
            assert requests.get(f"{CALLBACK}{strange}", timeout=10).status_code == 404
        assert answered(page, "allow").text == "Go back to the terminal."
        screen.expect("received")
        screen.expect("Logged in to Teamleader as ")
        assert screen.ends() == 0
        assert "sandbox-teamleader-secret" not in screen.shown
        with ConnectorStore.open(f"sqlite:///{tmp_path / 'office' / 'data' / 'connector.db'}") as store:
            token = store.tokens("teamleader", "sandbox-teamleader").read()
        assert token is not None
        assert token.refresh_token in sandbox.tokens()


def test_a_person_who_says_no_on_the_page_is_told_so(tmp_path: Path, terminal: Callable[..., Any]) -> None:
    with SandboxProcess("--no-limits", "--customers", "1", "--invoices", "0", "--credit-notes", "0") as sandbox:
        screen, page = begun(tmp_path / "office", terminal, sandbox)
        assert answered(page, "deny").status_code == 200
        screen.expect("was told not to let the app in")
        assert screen.ends() == 1
