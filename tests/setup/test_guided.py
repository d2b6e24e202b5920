"""From nothing to the first booked invoice, as a person does it at a terminal, in Dutch, in either country."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
import requests

from sandbox.testing import SandboxProcess

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

A_QUARTER_OF_AN_HOUR = 15 * 60
SECRETS = ("sandbox-teamleader-secret", "sandbox-exact-secret")


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
    """Take what is offered, and answer what is left open; up to the preview."""
    screen.expect(r"Afdeling in Teamleader.*: ")
    screen.types("")
    screen.expect(r"Administratie in Exact.*: ")
    screen.types("")
    screen.expect("De btw-nummers komen overeen")
    screen.expect(r"invoice_journal = 70: het verkoopdagboek van facturen, naar type en naam")
    screen.expect(r"Deze overnemen\?.*: ")
    screen.types("")
    while (asked := screen.expect(r"(\w+)(?:, .*)? is niet zeker|Een ervan wijzigen"))[1]:
        screen.expect(rf"\n{asked[1]}[^\n]*: ")
        screen.types({"default_gl_account": revenue, "credit_note_journal": "71"}.get(asked[1], ""))
    screen.types("")
    screen.expect(r"Begin \[.*: ")
    screen.types("all")


def book_one_and_switch_on(screen: Any, nothing_is_booked: Callable[[], bool]) -> tuple[int, int, str]:
    """Look at the preview, book the first invoice, and go to the end; return booked and refused, and its address."""
    screen.expect(r"Dat nu doen\?.*: ")
    screen.types("")
    foreseen = screen.expect(r"(\d+) documenten zouden geboekt worden, (\d+) niet")
    screen.expect(r"Welke wordt nu geboekt.*: ")
    assert nothing_is_booked()
    screen.types("1")
    screen.expect("Geboekt als boekstuk ")
    address = screen.expect(r"http\S+")[0]
    screen.expect(r"De proefmodus uitschakelen\?.*: ")
    screen.types("y")
    screen.expect("Het staat aan")
    screen.expect(r"Het vanzelf laten lopen, elke 15 minuten\?.*: ")
    screen.types("")
    screen.expect("cron start het elke 15 minuten")
    assert screen.ends() == 0, screen.shown
    return int(foreseen[1]), int(foreseen[2]), address


def documents_of(sandbox: SandboxProcess) -> Counter[tuple[str, str]]:
    return Counter((each["kind"], each["number"]) for each in sandbox.exact_entries())


def as_cron_does(line: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Call what a line of a crontab calls, with nothing of the session that the tests run in."""
    command = re.sub(r"^(?:\S+ ){5}", "", line).replace(r"\%", "%")
    env = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return subprocess.run(
        ["/bin/sh", "-c", command], env={**env, **variables}, capture_output=True, text=True, check=False
    )


@pytest.mark.long
@pytest.mark.parametrize(("country", "revenue"), [("BE", "700000"), ("NL", "8000")])
def test_a_person_goes_from_a_clone_to_the_first_booked_invoice_and_edits_no_file(
    tmp_path: Path,
    terminal: Callable[..., Any],
    clone: tuple[Path, float],
    crontab: Path,
    country: str,
    revenue: str,
) -> None:
    product, seconds = clone
    began = time.monotonic()
    folder = tmp_path / "office"
    program = str(product / ".venv/bin/bridge")
    start = terminal(program, "init", str(folder), folder=tmp_path)
    assert start.ends() == 0, start.shown
    assert "is ready; nothing is written to either service yet" in start.shown
    assert f"cd {folder} && bridge setup" in start.shown
    options = ("--no-limits", "--customers", "8", "--invoices", "10", "--credit-notes", "2", "--country", country)
    with SandboxProcess(*options) as sandbox:
        # In life these addresses are the services' own; here they are those of the sandbox.
        addresses = {
            "TEAMLEADER_API_URL": sandbox.teamleader_url,
            "TEAMLEADER_AUTH_URL": sandbox.teamleader_url,
            "EXACT_API_URL": sandbox.exact_url,
        }
        # The only program that calls others by itself is this cron.
        here = {**addresses, "PATH": str(crontab.parent / "bin")}

        interrupted = terminal(program, "setup", "--no-browser", folder=folder, **here)
        interrupted.expect(r"Taal / Langue / Language.*: ")
        interrupted.types("nl")
        log_in(interrupted)
        interrupted.expect(r"Afdeling in Teamleader.*: ")
        interrupted.hangs_up()

        screen = terminal(program, "setup", "--lang", "nl", "--no-browser", folder=folder, **here)
        screen.expect("U bent aangemeld als ")
        screen.expect("U bent aangemeld als ")
        choose(screen, revenue)
        foreseen, refused, address = book_one_and_switch_on(screen, lambda: sandbox.exact_entries() == [])
        (entry,) = sandbox.exact_entries()
        assert entry["entry_id"] in address
        assert [secret for secret in SECRETS if secret in interrupted.shown + screen.shown] == []

        (line,) = crontab.read_text().splitlines()
        assert line.startswith("*/15 * * * * ")
        done = as_cron_does(line, **addresses)
        assert done.returncode == 0, done.stdout + done.stderr
        assert seconds + time.monotonic() - began < A_QUARTER_OF_AN_HOUR

        assert entry["entry_id"] in {each["entry_id"] for each in sandbox.exact_entries()}
        assert set(documents_of(sandbox).values()) == {1}
        assert documents_of(sandbox).total() == foreseen
        assert foreseen + refused == len(sandbox.teamleader_documents())

        the_second_time_everything_is_known(terminal(program, "setup", "--lang", "nl", folder=folder, **here))
        assert documents_of(sandbox).total() == foreseen


def the_second_time_everything_is_known(screen: Any) -> None:
    screen.expect("U bent aangemeld als ")
    screen.expect("U bent aangemeld als ")
    screen.expect("De btw-nummers komen overeen")
    screen.expect("het is al ingesteld en kan gebruikt worden")
    screen.expect(r"Deze overnemen\?.*: ")
    screen.types("")
    while (asked := screen.expect(r"(\w+)(?:, .*)? is niet zeker|Een ervan wijzigen\?.*: "))[1]:
        screen.expect(rf"\n{asked[1]}[^\n]*: ")
        screen.types("")
    screen.types("")
    screen.expect(r"Begin \[all\]: ")
    screen.types("")
    screen.expect(r"Dat nu doen\?.*: ")
    screen.types("n")
    screen.expect("Er zijn al documenten geboekt")
    screen.expect("Het staat aan")
    screen.expect(r"Het vanzelf laten lopen, elke 15 minuten\?.*: ")
    screen.types("n")
    screen.expect("Met de hand: bridge run")
    assert screen.ends() == 0, screen.shown
