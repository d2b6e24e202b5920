"""Ten couplings that Airflow runs, five times: one of them cannot log in, and no other one notices.

The first nine have one login and so one pool, the tenth has a login of its own, which is refused.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from bridge.project import Project
from connector_testing.project import BIN, ROOT
from sandbox.exact.seed import COMPANIES as ADMINISTRATIONS
from sandbox.teamleader.settings import COMPANIES as DEPARTMENTS
from sandbox.testing import SandboxProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

NAMES = ("aalst", "brugge", "charleroi", "dinant", "eupen", "gent", "hasselt", "ieper", "jette", "kortrijk")
*NINE, TENTH = NAMES
DIVISIONS = {name: number for name, (number, _, _) in zip(NAMES, ADMINISTRATIONS, strict=False)}
DEPARTMENT = {name: id_ for name, (id_, _, _) in zip(NAMES, DEPARTMENTS, strict=False)}
DAGS = {name: f"administration_{division}" for name, division in DIVISIONS.items()}
SLOTS = 2
WORKED = {"news": "success", "documents": "success", "payments": "success"}
FAILED = {"news": "success", "documents": "failed", "payments": "success"}
"""Without a login at Teamleader no document can be read; no payment is there to register."""
IDLE = {"news": "skipped", "documents": "skipped", "payments": "skipped"}


@dataclass
class Office:
    """A project with ten couplings of one sandbox."""

    folder: Path
    sandbox: SandboxProcess
    documents: dict[str, list[tuple[str, Decimal]]] = field(default_factory=lambda: {name: [] for name in NAMES})
    """Number and gross of every invoice, by coupling."""

    def bridge(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [BIN / "bridge", *arguments], cwd=self.folder, capture_output=True, text=True, check=False
        )

    @property
    def project(self) -> Project:
        return Project(self.folder, BIN / "meltano")

    def set_up(self) -> None:
        """Add the couplings, and what they have in common."""
        self.project.keep_variables(self.sandbox.variables)
        for name in NAMES:
            chosen = ("--department", DEPARTMENT[name], "--division", str(DIVISIONS[name]), "--invoice-journal", "70")
            added = self.bridge("add-coupling", name, *chosen)
            assert added.returncode == 0, added.stderr
        common = {"vat_codes": {"21%": "21"}, "payment_conditions": {"30": "30"}, "single_journal": True}
        settings: dict[str, dict[str, Any]] = {"tap-teamleader": {"start_date": "all"}, "target-exactonline": common}
        for name in NAMES:
            settings[f"target-exactonline--{name}"] = settings[f"target-teamleader--{name}"] = {"dry_run": False}
        self.project.write(settings)

    def log_in_as(self, client_id: str | None) -> None:
        """Give the tenth an app of its own at Teamleader, or none."""
        plugins = (f"{plugin}--{TENTH}" for plugin in ("tap-teamleader", "target-teamleader"))
        own = {"tap-teamleader": {}, "target-teamleader": {"dry_run": False}}
        self.project.write({plugin: {**own[plugin.partition("--")[0]], "client_id": client_id} for plugin in plugins})

    def invoice(self, names: Iterable[str]) -> None:
        """Book an invoice in the department of each, of an amount that no other one has."""
        for name in names:
            amount = Decimal(100 + sum(map(len, self.documents.values())))
            lines = [{"unit_price": str(amount), "tax_rate": "21%", "category": "Diensten"}]
            made = self.sandbox.add_invoice(department=DEPARTMENT[name], lines=lines)
            self.documents[name].append((made["number"], made["gross"]))

    def settle(self, names: Iterable[str]) -> None:
        """Match the first entry of each in Exact."""
        for name in names:
            number, _ = self.documents[name][0]
            self.sandbox.exact("match_entry", division=DIVISIONS[name], your_ref=number)

    def booked(self, name: str) -> list[tuple[str, Decimal]]:
        return sorted((each["number"], each["gross"]) for each in self.sandbox.exact_entries(DIVISIONS[name]))

    def paid(self) -> dict[str, list[str]]:
        """Return the numbers of what is paid in Teamleader, by department."""
        found: dict[str, list[str]] = {}
        for each in self.sandbox.teamleader_documents():
            if each["paid"] == each["gross"]:
                found.setdefault(each["department"], []).append(each["number"])
        return found

    def status(self, name: str) -> tuple[int, dict[str, Any]]:
        asked = self.bridge("status", "--coupling", name, "--output", "json", "--fail-on", "failure")
        return asked.returncode, json.loads(asked.stdout)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    folder = tmp_path / "office"
    subprocess.run([BIN / "bridge", "init", folder, "--no-install"], check=True, capture_output=True)
    (folder / ".meltano").mkdir(exist_ok=True)
    for kind in ("extractors", "loaders", "mappers", "utilities"):
        (folder / ".meltano" / kind).symlink_to(ROOT / ".meltano" / kind)
    sizes = ("--customers", "4", "--invoices", "0", "--credit-notes", "0")
    with SandboxProcess("--no-limits", "--companies", "10", *sizes) as sandbox:
        yield Office(folder, sandbox)


def together(moments: list[tuple[str, str]]) -> int:
    """Return how many of these spans of time lie over one moment, at most."""
    changes = sorted([(began, 1) for began, _ in moments] + [(ended, -1) for _, ended in moments])
    most = now = 0
    for _, change in changes:
        now += change
        most = max(most, now)
    return most


@pytest.mark.long
def test_airflow_runs_ten_couplings_five_times_and_the_one_without_a_login_is_red(
    office: Office, airflow: Callable[..., Any]
) -> None:
    office.set_up()
    office.log_in_as("an-app-that-is-gone")
    server = airflow(
        COUPLINGS_PROJECT=str(office.folder),
        COUPLINGS_BRIDGE=str(BIN / "bridge"),
        COUPLINGS_MINUTES="0",
        COUPLINGS_RETRY_SECONDS="5",
    )
    server.follow("airflow db migrate")
    server.start()
    server.wait_for(set(DAGS.values()))
    server.follow("airflow dags unpause")

    def cycle(name: str, busy: list[str], paid: Iterable[str] = ()) -> None:
        ended = server.run(name, list(DAGS.values()))
        for each, dag in DAGS.items():
            states = {task.partition(".")[2]: state for task, state in server.states(name)[dag].items()}
            # An invoice that a run registered as paid is listed as changed, for a while after it.
            expected = [FAILED] if each == TENTH else [WORKED] if each in busy else [IDLE]
            assert states in expected + ([WORKED] if each in paid else []), (name, each)
            assert ended[dag] == ("failed" if each == TENTH else "success"), (name, each)
        for each in NINE:
            assert office.booked(each) == sorted(office.documents[each]), (name, each)
        assert office.booked(TENTH) == []

    some, others, rest = NINE[:3], NINE[3:6], NINE[6:]
    office.invoice(NAMES)
    cycle("first", NINE)
    cycle("second", [])
    paid: list[str] = []
    for name, busy in (("third", some), ("fourth", others), ("fifth", rest)):
        office.invoice([*busy, TENTH])
        office.settle(busy)
        cycle(name, busy, paid)
        paid += busy
    assert office.paid() == {DEPARTMENT[name]: [office.documents[name][0][0]] for name in NINE}

    for name in NINE:
        code, document = office.status(name)
        assert (code, document["health"]["level"]) == (0, "green"), document["health"]
    code, document = office.status(TENTH)
    assert (code, document["health"]["level"]) == (4, "red")
    assert "Teamleader does not know this app" in document["health"]["line"]

    attempts = server.attempts()
    pools = {pool: [each for each in attempts if each.pool == pool] for pool in {each.pool for each in attempts}}
    assert len(pools) == 2
    for of_one in [*pools.values()]:
        assert together([(each.began, each.ended) for each in of_one]) <= SLOTS
    for name in NAMES:
        own = [each for each in attempts if each.dag == DAGS[name]]
        assert together([(each.began, each.ended) for each in own]) == 1
    tries = [each for each in attempts if (each.dag, each.run) == (DAGS[TENTH], "fifth")]
    assert sorted(each.task.partition(".")[2] for each in tries) == ["documents", "documents", "news", "payments"]
    for secret in ("sandbox-teamleader-secret", "sandbox-exact-secret"):
        assert secret not in server.log

    # Once it can log in, nothing of it is lost.
    office.log_in_as(None)
    assert server.run("mended", [DAGS[TENTH]]) == {DAGS[TENTH]: "success"}
    assert office.booked(TENTH) == sorted(office.documents[TENTH])
