"""Logging in as a person does: the page in the browser, the address pasted, and what becomes of the tokens."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import requests
from click.testing import CliRunner

from bridge import services
from bridge.cli import main
from bridge.project import Project
from bridge.setup.lists import OF_EXACT, OF_TEAMLEADER, listed
from bridge.setup.login import REGISTRATIONS
from sandbox.testing import SandboxThread

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result


class Person:
    """Somebody at a terminal in a project, with a browser."""

    def __init__(self, sandbox: SandboxThread, folder: Path) -> None:
        self.sandbox = sandbox
        self.folder = folder

    def types(self, *arguments: str, answers: str = "") -> Result:
        return CliRunner().invoke(main, arguments, input=answers)

    def listed(self, what: str) -> list[dict[str, Any]]:
        result = self.types("list", what, "--output", "json")
        assert result.exit_code == 0, result.output
        rows: list[dict[str, Any]] = json.loads(result.stdout)
        return rows

    def status(self) -> dict[str, dict[str, Any]]:
        result = self.types("login", "--status", "--output", "json")
        assert result.exit_code == 0, result.output
        return {each["service"]: each for each in json.loads(result.stdout)}

    def consents(self, address: str, answer: str = "allow") -> str:
        """Open the page that the terminal showed, press a button, and return where the browser then goes."""
        form = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', requests.get(address, timeout=60).text))
        sent = requests.post(address, data={**form, "answer": answer}, allow_redirects=False, timeout=60)
        return sent.headers["location"]

    def logs_in(self, service: str, monkeypatch: pytest.MonkeyPatch, *, answer: str = "allow", end: str = "") -> Result:
        """Run the command, whose input is what the browser makes of its output."""
        monkeypatch.setattr("bridge.setup.login.secrets.token_urlsafe", lambda _: "known-state")
        address = consent_page(self, service, "known-state")
        return self.types("login", service, answers=f"{self.consents(address, answer)}{end}\n")


def consent_page(person: Person, service: str, state: str) -> str:
    registration = REGISTRATIONS[service]
    url = person.sandbox.teamleader_url if service == "teamleader" else person.sandbox.exact_url
    path = "oauth2/authorize" if service == "teamleader" else "api/oauth2/auth"
    client = f"client_id=sandbox-{service}&response_type=code&state={state}"
    return f"{url}/{path}?{client}&redirect_uri={requests.utils.quote(registration.redirect_address, safe='')}"


@pytest.fixture
def person(fresh_project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    with SandboxThread(no_limits=True, customers=2, invoices=2, credit_notes=0) as sandbox:
        variables = {
            "TEAMLEADER_API_URL": sandbox.teamleader_url,
            "TEAMLEADER_AUTH_URL": sandbox.teamleader_url,
            "TEAMLEADER_CLIENT_ID": "sandbox-teamleader",
            "TEAMLEADER_CLIENT_SECRET": "sandbox-teamleader-secret",
            "EXACT_API_URL": sandbox.exact_url,
            "EXACT_CLIENT_ID": "sandbox-exact",
            "EXACT_CLIENT_SECRET": "sandbox-exact-secret",
            "EXACT_DIVISION": "123456",
        }
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        yield Person(sandbox, fresh_project)


def test_a_person_logs_in_to_both_and_chooses_from_what_both_hold(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = person.status()
    assert [each["remedy"] for each in before.values()] == ["bridge login teamleader", "bridge login exact"]

    for service in ("teamleader", "exact"):
        result = person.logs_in(service, monkeypatch)
        assert result.exit_code == 0, result.output
        assert "known-state" in result.output
        assert f"within {REGISTRATIONS[service].code_minutes} minutes" in result.output
        assert "Logged in to" in result.output.splitlines()[-1]

    status = person.status()
    assert all(each["valid"] and each["problem"] is None and each["age_days"] == 0 for each in status.values())
    assert all(all(each["rights"].values()) for each in status.values())
    assert [each["code"] for each in status["exact"]["companies"]] == ["123456", "123457"]
    assert status["exact"]["dies_on"] and status["teamleader"]["dies_on"] is None  # noqa: PT018 - of one rule
    assert person.listed("departments")[0]["vat_number"] == "BE0765432146"
    assert person.listed("divisions")[0]["vat_number"] == "BE0765432146"
    assert {"code": "70", "description": "Verkopen", "type": 20, "blocked": False} in person.listed("journals")
    assert person.types("list", "tax-rates").output.count("Intracommunautair") == 2
    coupling = Project.find().coupling()
    with services.opened(coupling) as store:
        for what in (*OF_TEAMLEADER, *OF_EXACT):
            rows = listed(what, coupling, store)
            assert rows
            assert all((row.get("id") or row.get("code")) and (row.get("name") or row["description"]) for row in rows)


@pytest.mark.parametrize(
    ("answer", "end", "told"),
    [
        ("deny", "", "was told not to let the app in: open the address again and allow it"),
        ("allow", "x", "That address is of another login"),
    ],
)
def test_an_address_that_holds_no_code_of_this_login_is_told_in_a_line(
    person: Person, monkeypatch: pytest.MonkeyPatch, answer: str, end: str, told: str
) -> None:
    result = person.logs_in("exact", monkeypatch, answer=answer, end=end)
    assert result.exit_code == 1
    assert told in result.stderr.splitlines()[-1]


def test_a_code_that_is_too_old_is_told_with_the_command_to_begin_again(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bridge.setup.login.secrets.token_urlsafe", lambda _: "known-state")
    pasted = person.consents(consent_page(person, "exact", "known-state"))
    person.sandbox.advance(240)
    result = person.types("login", "exact", answers=f"{pasted}\n")
    assert result.exit_code == 1
    assert "too old" in result.stderr
    assert "begin again with: bridge login exact" in result.stderr


def test_a_login_that_was_revoked_is_named_with_the_one_command_that_mends_it(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for service in ("teamleader", "exact"):
        person.logs_in(service, monkeypatch)
    person.sandbox.logged_in_again()  # which ends the logins of before
    for service, status in person.status().items():
        assert not status["valid"]
        assert "is not valid any more" in status["problem"]
        assert status["remedy"] == f"bridge login {service}"
        assert person.logs_in(service, monkeypatch).exit_code == 0
    assert all(each["valid"] for each in person.status().values())


def test_a_login_whose_last_answer_was_lost_is_named_as_such(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    person.logs_in("exact", monkeypatch)
    person.sandbox.advance(900)
    lost = {"service": "exact", "match": "oauth2/token", "kind": "reset_after", "times": 1}
    person.sandbox.add_faults([lost])
    first = person.status()["exact"]
    assert "did not answer" in first["problem"]
    second = person.status()["exact"]
    assert "the answer that held the next token was lost" in second["problem"]
    assert second["remedy"] == "bridge login exact"


def test_nothing_secret_is_shown_and_the_tokens_are_in_the_store_alone(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = person.logs_in("exact", monkeypatch).output + person.types("login", "--status").output
    coupling = Project.find().coupling()
    with services.opened(coupling) as store:
        token = store.tokens("exact", "sandbox-exact").read()
    assert token is not None
    assert not (person.folder / ".env").exists()
    for secret in ("sandbox-exact-secret", token.access_token, token.refresh_token):
        assert secret not in shown
    assert urlsplit(person.sandbox.exact_url).netloc in shown
