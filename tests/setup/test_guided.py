"""From nothing to the first booked invoice, as a person does it at a terminal, in Dutch, in either country."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import requests

from sandbox.testing import SandboxProcess

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def consented(address: str) -> str:
    """Where the browser goes when a person logs in on the page and presses the button."""
    form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', requests.get(address, timeout=10).text))
    sent = requests.post(address, data={**form, "answer": "allow"}, allow_redirects=False, timeout=10)
    return sent.headers["location"]


def log_in(screen: Any) -> None:
    """Register both apps and log in to both, as the screen says it."""
    for service in ("teamleader", "exact"):
        screen.expect("Redirect-adres, letterlijk")
        screen.expect("Client id: ")
        screen.types(f"sandbox-{service}")
        screen.expect("Client secret: ")
        screen.types(f"sandbox-{service}-secret")
        screen.expect("Open dit adres")
        address = screen.expect(r"http://\S+")[0]
        screen.expect(r"binnen (3|10) minuten\.\nAdres: ")
        screen.types(consented(address))
        screen.expect("Aangemeld bij .* als ")


def choose(screen: Any, revenue: str) -> None:
    """Take what is offered, and answer what is left open; up to the choice of the first invoice."""
    screen.expect(r"Afdeling in Teamleader.*: ")
    screen.types("")
    screen.expect(r"Administratie in Exact.*: ")
    screen.types("")
    screen.expect("De btw-nummers komen overeen")
    screen.expect(r"Deze overnemen\?.*: ")
    screen.types("")
    while (asked := screen.expect(r"(\w+)(?:, .*)? is niet zeker|Begin \["))[1]:
        screen.expect(rf"\n{asked[1]}[^\n]*: ")
        screen.types({"default_gl_account": revenue, "credit_note_journal": "71"}.get(asked[1], ""))
    screen.types("all")
    screen.expect(r"Dat nu doen\?.*: ")
    screen.types("")
    screen.expect(r"Welke wordt nu geboekt.*: ")


@pytest.mark.long
@pytest.mark.parametrize(("country", "revenue"), [("BE", "700000"), ("NL", "8000")])
def test_a_person_goes_from_a_clone_to_the_first_booked_invoice_and_edits_no_file(
    tmp_path: Path, terminal: Callable[..., Any], installed: Callable[[Path], None], country: str, revenue: str
) -> None:
    folder = tmp_path / "office"
    start = terminal("bridge", "init", str(folder), "--no-install", folder=tmp_path)
    assert start.ends() == 0
    assert "is ready; nothing is written to either service yet" in start.shown
    assert f"cd {folder} && bridge setup" in start.shown
    installed(folder)
    options = ("--no-limits", "--customers", "8", "--invoices", "10", "--credit-notes", "2", "--country", country)
    with SandboxProcess(*options) as sandbox:
        # In life these addresses are the services' own; here they are those of the sandbox.
        addresses = {
            "TEAMLEADER_API_URL": sandbox.teamleader_url,
            "TEAMLEADER_AUTH_URL": sandbox.teamleader_url,
            "EXACT_API_URL": sandbox.exact_url,
        }
        screen = terminal("bridge", "setup", "--no-browser", folder=folder, **addresses)
        screen.expect(r"Taal / Langue / Language.*: ")
        screen.types("nl")
        log_in(screen)
        choose(screen, revenue)
        assert sandbox.exact_entries() == []
        screen.types("1")
        screen.expect("Geboekt als boekstuk ")
        screen.expect(r"http\S+")
        (entry,) = sandbox.exact_entries()
        screen.expect(r"De proefmodus uitschakelen\?.*: ")
        screen.types("y")
        screen.expect("Het staat aan")
        scheduled = screen.expect(r"\*/15 \* \* \* \* (cd \S+ && \S+ run)\n")[1]
        assert screen.ends() == 0, screen.shown

        done = subprocess.run(
            ["sh", "-c", scheduled],  # noqa: S607 - as cron does
            env={**crontab_env(), **addresses},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert entry["entry_id"] in {each["entry_id"] for each in sandbox.exact_entries()}
        assert len(sandbox.exact_entries()) > 5
        assert len({(each["your_ref"], each["kind"]) for each in sandbox.exact_entries()}) == len(
            sandbox.exact_entries()
        )
        for secret in ("sandbox-teamleader-secret", "sandbox-exact-secret"):
            assert secret not in screen.shown

        again = terminal("bridge", "setup", "--lang", "nl", "--no-browser", folder=folder, **addresses)
        again.expect("U bent aangemeld als ")
        again.expect("U bent aangemeld als ")
        again.expect("De btw-nummers komen overeen")


def crontab_env() -> dict[str, str]:
    """The environment of a crontab: nothing of the session that the tests run in."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
