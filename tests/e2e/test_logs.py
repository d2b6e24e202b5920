"""What goes wrong is told in the log without any token, secret, or name of a customer, at every level of detail."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.fernet import Fernet

from sandbox.options import Options
from sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TODAY = "2026-11-18"
SIZE = {"customers": 25, "invoices": 30, "credit_notes": 6}
CUSTOMERS = World.create(Options(**SIZE, today=date.fromisoformat(TODAY))).teamleader
# Meltano itself, at level debug, copies every message that passes between the plugins: not a line of ours.
COPIED_BY_MELTANO = re.compile(r"\] (?:tap-teamleader|teamleader-exactonline-mappers) +\{\"type\": ?\"(?:SCH|REC|STA)")
SECRETS = {"sandbox-teamleader-secret", "sandbox-exact-secret"}
WRONG_SECRET = "wrong-but-still-a-secret"
FAULTS = [
    {"service": "exact", "match": "SalesEntries", "method": "POST", "kind": "reset_after", "times": 2, "skip": 3},
    {"service": "exact", "match": "SalesEntries", "method": "POST", "kind": "empty_500", "times": 1, "skip": 8},
    {"service": "exact", "match": "crm/Accounts", "method": "POST", "kind": "truncated", "times": 1, "skip": 2},
    {"service": "exact", "match": "Documents", "method": "POST", "kind": "reset_before", "times": 1, "skip": 4},
    {"service": "exact", "match": "VATCodes", "method": "GET", "kind": "empty_500", "times": 1},
    {"service": "teamleader", "match": "companies", "kind": "error", "status": 500, "times": 1},
    {"service": "teamleader", "match": "/download/", "kind": "truncated", "times": 2},
    {"service": "teamleader", "match": "invoices.info", "kind": "reset_before", "times": 1, "skip": 3},
    {"service": "teamleader", "match": "registerPayment", "kind": "reset_after", "times": 1, "skip": 2},
]


def texts(value: Any) -> Iterator[str]:
    """Every text within a row."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def personal(row: dict[str, Any]) -> set[str]:
    """What a log may never say of a customer of Teamleader."""
    first, last = row.get("first_name"), row.get("last_name")
    streets = {each["address"]["line_1"] for each in row["addresses"]}
    told = {row.get("name"), last and f"{first} {last}", row["vat_number"], row["iban"], row["website"], *streets}
    told |= {row["national_identification_number"], *(each["email"] for each in row["emails"])}
    return {text for text in told if text} | {each["number"] for each in row["telephones"]}


def names() -> set[str]:
    """Return what identifies the customers, and the people that their invoices are addressed to."""
    rows = [row for rows in CUSTOMERS.customers.values() for row in rows.values()]
    found = set().union(*map(personal, rows))
    for documents in CUSTOMERS.documents.values():
        found |= {each.attention_of["name"] for each in documents.values() if each.attention_of}
    assert len(found) > 4 * SIZE["customers"]
    return found


def shown(log: str, hidden: set[str]) -> list[str]:
    """Return what of the hidden texts stands in the log, as it is, as JSON writes it, or with other spaces and dots."""
    plain = re.sub(r"[\s.]", "", log)
    return sorted(
        text
        for text in hidden
        if text in log
        or json.dumps(text)[1:-1] in log
        or text.casefold() in log.casefold()
        or re.sub(r"[\s.]", "", text) in plain
    )


def poison(coupling: Any) -> set[str]:
    """See to rejects, a conflict, and a refusal of Exact that names the customer; return more that is to be hidden."""
    sandbox = coupling.sandbox
    coupling.settings["TARGET_EXACTONLINE_VAT_CODES"] = json.dumps({"6%": "P6"})
    sandbox.exact("add_account", Name="Handmatige Klant", Status="C", Email="hand@klant.example")
    number = sandbox.add_invoice()["number"]
    lines = [{"amount": "1.00", "vat_code": "21"}]
    sandbox.exact("add_entry", customer="Handmatige Klant", your_ref=number, lines=lines)
    refused = "Relatie Jan Modaal, jan@modaal.example, BE0551234568: niet toegestaan"
    refusal = {"service": "exact", "match": "crm/Accounts", "method": "POST", "kind": "business", "times": 1}
    not_paid = {"service": "teamleader", "match": "registerPayment", "kind": "error", "status": 400, "times": 1}
    sandbox.add_faults([*FAULTS, {**refusal, "message": refused}, {**not_paid, "message": refused}])
    return {"Handmatige Klant", "hand@klant.example", "Jan Modaal", "jan@modaal.example", "BE0551234568"}


def test_no_token_secret_or_name_is_logged(coupling_with: Callable[..., Any]) -> None:
    size = [part for name, count in SIZE.items() for part in (f"--{name.replace('_', '-')}", str(count))]
    coupling = coupling_with("--no-limits", "--min-refresh-seconds", "0", "--today", TODAY, *size)
    key = Fernet.generate_key().decode()
    coupling.settings |= {"CONNECTOR_STORE_KEY": key, "LOGLEVEL": "DEBUG", "MELTANO_CLI_LOG_LEVEL": "debug"}
    hidden = names() | poison(coupling) | {key} | SECRETS

    coupling.documents()
    coupling.sandbox.teamleader("expire_tokens")
    settled = [{"your_ref": number, "journal": "70"} for number, (_, left) in coupling.in_exact().items() if left > 0]
    coupling.sandbox.exact("match_entries", entries=settled)
    coupling.run("documents", "payments")
    coupling.settings["TARGET_EXACTONLINE_CLIENT_SECRET"] = WRONG_SECRET
    coupling.settings["TAP_TEAMLEADER_REFRESH_TOKEN"] = "an-older-refresh-token"
    coupling.sandbox.teamleader("revoke")
    coupling.sandbox.advance(3600)
    failed = coupling.documents()

    # It told a lot: rejects, a conflict, doubtful outcomes, and at last that there is no login.
    codes = {code for _, _, code in coupling.rejects()}
    assert {"vat_code_not_for_sales", "conflict"} <= codes
    assert failed.code != 0
    log = "\n".join(line for line in coupling.log.splitlines() if not COPIED_BY_MELTANO.search(line))
    (coupling.folder / "log.txt").write_text(log, encoding="utf-8")
    for plugin in ("tap-teamleader", "target-exactonline", "tap-exactonline", "target-teamleader"):
        assert f"[debug    ] {plugin}" in log, plugin
    for told in ("customer_refused", "outcome_unknown", "payment_refused"):
        assert told in log, told
    # Locations of files let anyone in who has them.
    paths = [path for _, path in coupling.sandbox.call_list("teamleader")]
    locations = {path.removeprefix("/download/") for path in paths if path.startswith("/download/")}
    tokens = set(coupling.sandbox.tokens())
    assert len(locations) > 10
    assert len(tokens) > 6
    hidden |= locations | tokens | {WRONG_SECRET, "an-older-refresh-token"}
    assert shown(log, hidden) == []


def test_a_name_that_is_logged_would_be_found() -> None:
    log = 'x "name": "Caf\\u00e9 Bru" BE0780 131.606 y'

    assert shown(log, {"Café Bru", "BE0780131606", "Nobody"}) == ["BE0780131606", "Café Bru"]


LEAKS = {
    "what a test logs": "logging.getLogger().warning('%s', HIDDEN)",
    "what a process logs": "sys.stderr.write(HIDDEN)",
    "a log that is kept": "(tmp_path / 'log.txt').write_text(HIDDEN)",
}


@pytest.mark.parametrize("workers", [0, 1])
def test_a_session_in_which_a_log_tells_too_much_fails(workers: int) -> None:
    tests = [
        f"def test_{place}(tmp_path):\n    HIDDEN = {hidden!r}\n    {leak}\n"
        for place, (leak, hidden) in enumerate(zip(LEAKS.values(), (*SECRETS, "info@klant.example"), strict=True))
    ]
    # Outside of this session's own folder, which is looked through as well.
    with TemporaryDirectory() as folder:
        Path(folder, "test_leaks.py").write_text("import logging, sys\n" + "\n".join(tests), encoding="utf-8")
        Path(folder, "test_fine.py").write_text("def test_fine(): pass", encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-n", str(workers), "-p", "no:cacheprovider", "--basetemp", "base"]
        leaking, fine = (
            subprocess.run([*command, name], cwd=folder, capture_output=True, text=True, check=False)
            for name in ("test_leaks.py", "test_fine.py")
        )

    assert "3 passed" in leaking.stdout
    assert leaking.returncode == pytest.ExitCode.TESTS_FAILED
    found = leaking.stdout.partition("secrets and addresses in logs")[2].splitlines()
    for place in ("test_0, Captured log call", "test_1, Captured stderr call", "log.txt"):
        assert len([line for line in found if place in line]) == 1, leaking.stdout
    assert fine.returncode == pytest.ExitCode.OK, fine.stdout
