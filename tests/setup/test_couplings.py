"""Several couplings in one project: at work at the same second, side by side in one administration, never mixed."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from bridge.project import Project
from connector_store import ConnectorStore
from connector_testing.project import BIN
from sandbox.teamleader.ids import DEPARTMENT_ID, OTHER_DEPARTMENT_ID, THIRD_DEPARTMENT_ID
from sandbox.teamleader.settings import VAT_NUMBER
from sandbox.testing import SandboxProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NORTH, SOUTH, WEST = "north", "south", "west"
DEPARTMENTS = {NORTH: DEPARTMENT_ID, SOUTH: OTHER_DEPARTMENT_ID, WEST: THIRD_DEPARTMENT_ID}
DIVISIONS = {NORTH: 123456, SOUTH: 123457, WEST: 123458}
TARGETS = ("target-exactonline", "target-teamleader")
RATES = {"21%": "21", "6%": "6", "0% Export": "EX"}
ROUNDS = 20
# However slow the machine: it ends what hangs.
pytestmark = [pytest.mark.long, pytest.mark.timeout(7200)]


@dataclass
class Office:
    """A project of one's own with couplings, against a sandbox with a department and an administration for each."""

    sandbox: SandboxProcess
    folder: Path

    def __post_init__(self) -> None:
        self.store = f"sqlite:///{self.folder / 'data' / 'connector.db'}"
        self._customer = f"company:{self.sandbox.teamleader('add_company', name='Same Customer')['id']}"
        self.project.keep_variables(self.sandbox.variables)

    @property
    def project(self) -> Project:
        return Project(self.folder, BIN / "meltano")

    def bridge(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [BIN / "bridge", *arguments], cwd=self.folder, env=self.env, capture_output=True, text=True, check=False
        )

    def add(self, *names: str, **options: str) -> None:
        """Add couplings as a person does; with `--option=value` for others than their own department and division."""
        for name in names:
            given = {"department": DEPARTMENTS[name], "division": str(DIVISIONS[name]), "invoice_journal": "70"}
            chosen = [f"--{key.replace('_', '-')}={value}" for key, value in {**given, **options}.items()]
            added = self.bridge("add-coupling", name, *chosen)
            assert added.returncode == 0, added.stderr

    def prove(self) -> None:
        """Let the set-up be proven: what all couplings have in common, and no dry run any more."""
        common = {"vat_codes": RATES, "payment_conditions": {"30": "30"}, "single_journal": True}
        settings: dict[str, dict[str, Any]] = {"tap-teamleader": {"start_date": "all"}, "target-exactonline": common}
        for coupling in self.project.all_couplings()[1:]:
            settings |= {coupling.plugin(target): {"dry_run": False} for target in TARGETS}
        self.project.write(settings)

    @property
    def env(self) -> dict[str, str]:
        """The environment of a crontab: everything else stands in the project."""
        return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}

    def start(self, *command: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [BIN / command[0], *command[1:]],
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, name: str) -> tuple[int, str]:
        (ended,) = self.together([("meltano", "run", "--no-install", f"documents-{name}", f"payments-{name}")])
        return ended

    def together(self, commands: list[tuple[str, ...]]) -> list[tuple[int, str]]:
        """Start them all before one of them ends, and return exit code and output of each."""
        started = [self.start(*command) for command in commands]
        outputs = [process.communicate()[0] for process in started]
        return [(process.returncode, output) for process, output in zip(started, outputs, strict=True)]

    def invoice(self, name: str, amount: str, **more: Any) -> dict[str, Any]:
        """Book an invoice of a coupling's department in Teamleader, always of the same customer."""
        lines = [{"unit_price": amount, "tax_rate": "21%", "category": "Diensten", **more}]
        added: dict[str, Any] = self.sandbox.add_invoice(
            customer=self._customer, department=DEPARTMENTS[name], lines=lines
        )
        return added

    def booked(self, division: int) -> list[tuple[str, str, Decimal]]:
        """Return (journal, number, gross) of what stands in an administration."""
        entries = self.sandbox.exact_entries(division)
        return sorted((each["journal"], each["number"], each["gross"]) for each in entries)

    def paid(self) -> dict[str, Decimal]:
        return {each["id"]: each["paid"] for each in self.sandbox.teamleader_documents()}

    def waiting(self, division: int) -> list[tuple[str, str]]:
        with ConnectorStore.open(self.store) as store:
            return [(each.source_id, each.code) for each in store.rejects(division).all()]


@pytest.fixture
def office(tmp_path: Path, installed: Callable[[Path], None]) -> Iterator[Office]:
    folder = tmp_path / "office"
    subprocess.run([BIN / "bridge", "init", folder, "--no-install"], check=True, capture_output=True)
    installed(folder)
    with SandboxProcess(
        *("--no-limits", "--companies", "3", "--customers", "4", "--invoices", "0", "--credit-notes", "0")
    ) as sandbox:
        yield Office(sandbox, folder)


def test_three_couplings_start_at_one_second_twenty_times_in_a_row_without_a_failure(office: Office) -> None:
    office.add(*DEPARTMENTS)
    office.prove()
    expected: dict[str, list[tuple[str, str, Decimal]]] = {name: [] for name in DEPARTMENTS}
    unpaid: dict[str, dict[str, Any]] = {}
    for number in range(ROUNDS):
        for name, document in unpaid.items():
            office.sandbox.exact("match_entry", division=DIVISIONS[name], your_ref=document["number"])
        fresh = {}
        for place, name in enumerate(DEPARTMENTS, start=1):
            # Equal numbers in all three, and amounts that no other document has.
            fresh[name] = office.invoice(name, f"{100 * (number + 1) + place}.00")
            expected[name].append(("70", fresh[name]["number"], fresh[name]["gross"]))
        assert len({document["number"] for document in fresh.values()}) == 1
        if number % 3 == 2:  # all of them find out at once that they need a new token, of one login
            office.sandbox.exact("expire_tokens")
            office.sandbox.teamleader("expire_tokens")
        by_meltano = [
            ("meltano", "run", "--no-install", f"documents-{name}", f"payments-{name}") for name in DEPARTMENTS
        ]
        by_bridge = [("bridge", "run", "--coupling", name) for name in DEPARTMENTS]
        for code, output in office.together(by_bridge if number % 2 else by_meltano):
            assert code == 0, output
        for name, division in DIVISIONS.items():
            assert office.booked(division) == sorted(expected[name]), (number, name)
            assert office.waiting(division) == []
        paid = office.paid()
        assert {name: paid[document["id"]] for name, document in unpaid.items()} == {
            name: document["gross"] for name, document in unpaid.items()
        }
        assert all(paid[document["id"]] == 0 for document in fresh.values())
        unpaid = fresh


def test_two_departments_in_one_administration_with_equal_numbers_are_all_booked_and_never_mixed(
    office: Office,
) -> None:
    books = DIVISIONS[NORTH]
    office.sandbox.teamleader("edit_department", id=OTHER_DEPARTMENT_ID, vat_number=VAT_NUMBER)
    office.add(NORTH)
    office.add(SOUTH, division=str(books), invoice_journal="72")
    office.prove()
    # The same number, customer, day and amount: nothing but the department tells them apart.
    pairs = [(office.invoice(NORTH, "100.00"), office.invoice(SOUTH, "100.00")) for _ in range(4)]
    assert all(one["number"] == other["number"] and one["id"] != other["id"] for one, other in pairs)
    # A document that waits for a setting of its own coupling, which the other one has.
    office.project.coupling(SOUTH).write("target-exactonline", {"vat_codes": {"21%": "21", "6%": "6"}})
    waits = office.invoice(SOUTH, "50.00", tax_rate="0% Export")

    for _ in range(2):
        commands = [("bridge", "run", "--coupling", name) for name in (NORTH, SOUTH)]
        for code, output in office.together(commands):
            assert code == 0, output
    both = [(journal, one["number"], Decimal("121.00")) for one, _ in pairs for journal in ("70", "72")]
    assert office.booked(books) == sorted(both)
    assert office.waiting(books) == [(waits["id"], "vat_code_unmapped")]

    # What is settled of one is paid in its own department.
    for north, _ in pairs[:2]:
        office.sandbox.exact("match_entry", your_ref=north["number"], journal="70")
    south_paid = pairs[3][1]
    office.sandbox.exact("match_entry", your_ref=south_paid["number"], journal="72")
    office.project.coupling(SOUTH).write("target-exactonline", {"vat_codes": RATES})
    for name in (SOUTH, NORTH):
        code, output = office.run(name)
        assert code == 0, output
    paid = {id_ for id_, amount in office.paid().items() if amount}
    assert paid == {pairs[0][0]["id"], pairs[1][0]["id"], south_paid["id"]}
    assert office.booked(books) == sorted([*both, ("72", waits["number"], Decimal("50.00"))])
    assert office.waiting(books) == []

    # What one of them cannot do is not hidden by what the other one does after it.
    office.project.coupling(SOUTH).write("target-exactonline", {"invoice_journal": "nowhere"})
    office.invoice(SOUTH, "60.00")
    assert office.run(SOUTH)[0] != 0
    code, output = office.run(NORTH)
    assert code == 0, output
    told = office.bridge("health", "--coupling", NORTH)
    assert (told.returncode, told.stdout.partition(": ")[2][:7]) == (4, "south: "), told.stdout


def test_a_department_is_never_booked_in_the_administration_of_another(office: Office) -> None:
    office.add(NORTH)
    office.invoice(SOUTH, "80.00")

    # Of another company: its VAT number is not the administration's.
    office.add(SOUTH, division=str(DIVISIONS[NORTH]), invoice_journal="72")
    office.prove()
    code, output = office.run(SOUTH)
    assert code != 0
    assert "correct the setting division, or the department at the source. Nothing of it was written." in output

    # Of the same company, by a coupling whose two sides do not belong together.
    office.sandbox.teamleader("edit_department", id=OTHER_DEPARTMENT_ID, vat_number=VAT_NUMBER)
    office.project.coupling(NORTH).write("tap-teamleader", {"department_id": OTHER_DEPARTMENT_ID})
    code, output = office.run(NORTH)
    assert code != 0
    assert f"is of department {OTHER_DEPARTMENT_ID}, and these settings book department {DEPARTMENT_ID}" in output
    assert office.booked(DIVISIONS[NORTH]) == office.booked(DIVISIONS[SOUTH]) == []
