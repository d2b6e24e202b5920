"""A store as runs leave it behind, and the command as a person types it."""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from click.testing import CliRunner

from bridge.cli import main
from bridge.setup.snapshot import read_facts
from connector_store import BookedPaymentDetail, ConnectorStore, DivisionStore, How, Paid, RegisterPlan
from connector_store.testing import memory_folder
from connector_testing.project import ROOT
from exactonline_api import ExactClient, MemoryTokens
from sandbox.exact.login import CLIENT_ID, CLIENT_SECRET
from sandbox.teamleader import ids
from sandbox.testing import SandboxThread
from teamleader_api import TeamleaderClient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

    from api_core.clock import Clock
    from bridge.setup.facts import Facts

DIVISION = 123456
ASKING = {"retry", "resend", "unlink", "match", "exclude", "include", "dismiss", "forget", "rebuild", "rekey"}
ENTRY = "aaaaaaaa-0000-4000-8000-000000000001"
OTHER_ENTRY = "aaaaaaaa-0000-4000-8000-000000000002"


@dataclass
class Bridge:
    """The command on one store."""

    uri: str
    memory: DivisionStore

    def run(self, *arguments: str, environment: dict[str, str] | None = None) -> Result:
        """Run a command; one that asks is told yes."""
        settings = {"BRIDGE_STORE_URI": self.uri, "BRIDGE_DIVISION": str(DIVISION)}
        yes = ["--yes"] if ASKING.intersection(arguments[:1]) else []
        return CliRunner(env=environment or settings).invoke(main, [*arguments, *yes])

    def asks(self, answer: str, *arguments: str) -> Result:
        """Run a command that asks, and answer it."""
        settings = {"BRIDGE_STORE_URI": self.uri, "BRIDGE_DIVISION": str(DIVISION)}
        return CliRunner(env=settings).invoke(main, arguments, input=answer)

    def does(self, *arguments: str) -> str:
        """Run a command that must succeed; return what it says."""
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    def refuses(self, *arguments: str, code: int = 1) -> str:
        """Run a command that must fail; return its one line."""
        result = self.run(*arguments)
        assert result.exit_code == code, result.output
        assert result.stdout == ""
        (line,) = result.stderr.splitlines()
        return line

    def status(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(self.does("status", "--output", "json"), parse_float=Decimal)
        return document

    def row(self, source_id: str) -> dict[str, Any]:
        """The one row of a document."""
        (row,) = [row for row in self.status()["documents"] if row["source_id"] == source_id]
        return dict(row)

    # What runs leave behind

    def linked(self, source_id: str, number: str | None, *, kind: str = "invoice", exact_id: str = ENTRY) -> None:
        self.memory.links.confirm(
            kind,
            source_id,
            exact_id=exact_id,
            fingerprint="f",
            how=How.POSTED,
            number=number,
            entry_number=26700001,
            amount=Decimal("121.00"),
            currency="EUR",
        )

    def refused(self, source_id: str, number: str | None, **values: Any) -> None:
        given = {
            "kind": "invoice",
            "code": "vat_code_unmapped",
            "reason": "No VAT code for [21%]",
            "hint": "Add the rate to the setting vat_codes.",
            "payload": {"id": source_id, "kind": "invoice", "number": number},
            "amount": Decimal("12.10"),
            "currency": "EUR",
            **values,
        }
        self.memory.rejects.put(given.pop("kind"), source_id, number=number, **given)

    def missing(self, source_id: str, number: str, *, payload: dict[str, Any] | None = None) -> None:
        """An entry that was deleted in Exact."""
        self.linked(source_id, number)
        self.memory.links.mark_missing("invoice", source_id)
        self.refused(source_id, number, code="entry_missing", reason="Entry 26700001 was deleted", payload=payload)

    def registers(self, invoice_id: str, number: str) -> None:
        """A run that says what it is about to register in Teamleader, and is cut off."""
        named: dict[str, Any] = {"exact_id": ENTRY, "number": number, "currency": "EUR", "entry_number": 26700001}
        plan = RegisterPlan(paid=Paid(Decimal(50), "2026-03-02"), due_before=Decimal(50), settled=Decimal(50))
        self.memory.store.registered_payments(DIVISION).intend(invoice_id, **named, plan=plan)

    def registered(self, invoice_id: str, number: str) -> None:
        self.registers(invoice_id, number)
        self.memory.store.registered_payments(DIVISION).confirm(invoice_id, settled=Decimal(50), registered=[])

    def books(self, source_id: str, number: str) -> None:
        """A run that says which payment of Teamleader it is about to book, and is cut off."""
        named: dict[str, Any] = {"number": number, "amount": Decimal(20), "currency": "EUR", "paid_at": "2026-03-02"}
        self.memory.store.booked_payments(DIVISION).intend(
            source_id, invoice_id=source_id.partition("/")[0], **named, detail=BookedPaymentDetail(paid=Decimal(20))
        )

    def events(self, source_id: str) -> list[str]:
        return [entry.event for entry in self.memory.store.audit_trail(division=DIVISION, source_id=source_id)]


@pytest.fixture
def bridge() -> Iterator[Bridge]:
    with tempfile.TemporaryDirectory(prefix="bridge-", dir=memory_folder()) as folder:
        uri = f"sqlite:///{Path(folder) / 'connector.db'}"
        with ConnectorStore.open(uri) as store:
            yield Bridge(uri, DivisionStore(store, DIVISION))


@dataclass
class BothSides:
    """Both services as a right set-up finds them, its settings, and what a look at them gives."""

    sandbox: SandboxThread
    store: ConnectorStore
    folder: Path
    division: int = DIVISION
    target: dict[str, Any] = field(default_factory=dict)
    tap: dict[str, Any] = field(default_factory=dict)
    payments: dict[str, Any] = field(default_factory=dict)

    def exact(self, *, read_only: bool = True, clock: Clock | None = None) -> ExactClient:
        """Return a client with a login of its own."""
        login = self.sandbox.control("POST", "login", {"service": "exact"})["refresh_token"]
        connection = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "refresh_token": login}
        return ExactClient(
            api_url=self.sandbox.exact_url,
            division=self.division,
            tokens=MemoryTokens(),
            read_only=read_only,
            clock=clock,
            **connection,
        )

    def teamleader(self, *, read_only: bool = True, clock: Clock | None = None) -> TeamleaderClient:
        """Return a client with a login of its own."""
        url = self.sandbox.teamleader_url
        login = self.sandbox.control("POST", "login", {"service": "teamleader"})["refresh_token"]
        connection = {"client_id": ids.CLIENT_ID, "client_secret": ids.CLIENT_SECRET, "refresh_token": login}
        return TeamleaderClient(
            api_url=url, auth_url=url, tokens=MemoryTokens(), read_only=read_only, clock=clock, **connection
        )

    def facts(self) -> Facts:
        """Read both sides as the commands do."""
        target = {**self.target, "division": self.division}
        return read_facts(
            exact=self.exact_client,
            teamleader=self.teamleader_client,
            store=self.store,
            settings={"target-exactonline": target, "tap-teamleader": self.tap, "target-teamleader": self.payments},
            now=self.started,
        )

    def learn_closed(self, year: int, period: int) -> None:
        """Let a run have learnt from Exact that a period is closed."""
        DivisionStore(self.store, self.division).closed_periods.learn(year, period)

    def __post_init__(self) -> None:
        self.started = self.sandbox.now()
        self.exact_client, self.teamleader_client = self.exact(), self.teamleader()
        values = {name.removeprefix("TARGET_EXACTONLINE_").lower(): value for name, value in self._env().items()}
        self.target = {
            **values,
            "store_uri": f"sqlite:///{self.folder / 'connector.db'}",
            "payment_conditions": json.loads(values["payment_conditions"]),
            "vat_codes": {**json.loads(values["vat_codes"]), "21% OSS Nederland": "NL"},
        }
        self.tap = {"department_id": ids.DEPARTMENT_ID, "start_date": "fiscal_year"}

    def _env(self) -> dict[str, str]:
        env = self.sandbox.production_env()
        return {name: value for name, value in env.items() if name.startswith("TARGET_EXACTONLINE_")}


@contextmanager
def both_sides() -> Iterator[BothSides]:
    """Both services with few documents, time standing still, and a store that no run has used."""
    options = {"no_limits": True, "customers": 5, "invoices": 4, "credit_notes": 1}
    with (
        tempfile.TemporaryDirectory(prefix="bridge-", dir=memory_folder()) as folder,
        SandboxThread(today=date(2026, 3, 2), frozen=True, **options) as sandbox,
        ConnectorStore.open(f"sqlite:///{Path(folder) / 'connector.db'}") as store,
    ):
        yield BothSides(sandbox, store, Path(folder))


@pytest.fixture
def sides() -> Iterator[BothSides]:
    """Both sides for one test."""
    with both_sides() as found:
        yield found


@pytest.fixture(scope="module")
def right() -> Iterator[Facts]:
    """What a look at a right set-up gives."""
    with both_sides() as found:
        yield found.facts()


PROJECT = """\
requires_meltano: '>=4.4,<5'
default_environment: prod
include_paths:
- plugins/*.meltano.yml
- couplings/*.meltano.yml
environments:
- name: prod
"""


@pytest.fixture
def fresh_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's project in the current folder, without any setting."""
    (tmp_path / "meltano.yml").write_text(PROJECT, encoding="utf-8")
    shutil.copytree(ROOT / "plugins", tmp_path / "plugins")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MELTANO_ENVIRONMENT", raising=False)
    return tmp_path


@pytest.fixture
def user_project(sides: BothSides, fresh_project: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A user's project in the current folder, rightly set up for both sides."""
    settings = {
        **sides.sandbox.production_env(),
        **sides.sandbox.logged_in_again(),
        "TAP_TEAMLEADER_START_DATE": "fiscal_year",
        "TARGET_EXACTONLINE_VAT_CODES": json.dumps(sides.target["vat_codes"]),
        "CONNECTOR_STORE_URI": sides.target["store_uri"],
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with time_machine.travel(sides.started, tick=False):
        yield fresh_project
