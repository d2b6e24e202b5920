"""An accountant's office: many couplings in one Meltano project with one PostgreSQL store, most with nothing to do."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from unittest.mock import patch

from cryptography.fernet import Fernet
from ruamel.yaml import YAML

from bridge import services
from bridge.project import JOBS, PLUGINS, Project
from bridge.run import kept_settings, news
from bridge.setup.creating import init
from bridge.setup.project_files import coupling_file
from connector_store import ConnectorStore, DivisionStore
from connector_store.columns import utc_now
from connector_testing.project import BIN, ROOT, project_config
from sandbox.exact.seed import COMPANIES as ADMINISTRATIONS
from sandbox.teamleader.settings import COMPANIES as DEPARTMENTS
from sandbox.testing import SandboxProcess
from tap_exactonline.receivables.mirror import Refresh

from .watch import Watched, watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from bridge.project import Coupling
    from connector_store.testing import PostgresServer

COMMON: Final = ("vat_codes", "payment_conditions", "default_gl_account", "default_payment_condition")
_MANY: Final = 1000

Documents = dict[int, list[tuple[str, Decimal]]]
"""Place of a client -> number and gross of its invoices, those without any left out."""


class Call(NamedTuple):
    """One call of a schedule: whose, its exit code, and its CPU, with all that it started, and time in seconds."""

    place: int
    code: int
    cpu: float
    seconds: float


@dataclass(frozen=True)
class Round:
    """One call for each client: what each was, what the server saw meanwhile, and the calls to each service."""

    calls: list[Call]
    seconds: float
    watched: Watched
    to: dict[str, int]

    @property
    def failed(self) -> list[Call]:
        """Calls that did not end with 0."""
        return [each for each in self.calls if each.code]


@dataclass
class Office:
    """So many clients, each a department and an administration, all behind one login to each service."""

    folder: Path
    sandbox: SandboxProcess
    store_uri: str
    count: int
    booked: Documents = field(default_factory=dict)
    settled: Documents = field(default_factory=dict)

    def division(self, place: int) -> int:
        """Return the number of a client's administration."""
        number, _, _ = ADMINISTRATIONS[place]
        return number

    def department(self, place: int) -> str:
        """Return the id of a client's department."""
        id_, _, _ = DEPARTMENTS[place]
        return id_

    def set_up(self) -> None:
        """Make the project, as it is after a run of each client that found nothing."""
        init(self.folder)
        (self.folder / ".meltano").mkdir()
        for kind in ("extractors", "loaders", "mappers", "utilities"):
            (self.folder / ".meltano" / kind).symlink_to(ROOT / ".meltano" / kind)
        for place in range(self.count):
            self._add(place)
        project = Project(self.folder, BIN / "meltano")
        project.keep_variables(self.sandbox.variables)
        common = {name: project_config("target-exactonline")[name] for name in COMMON}
        project.write({"target-exactonline": {**common, "invoice_journal": "70", "credit_note_journal": "71"}})
        self._as_after_a_run(project)

    def invoice(self, places: Iterable[int]) -> None:
        """Book an invoice for each of these clients, of an amount that no other one has."""
        for place in places:
            amount = Decimal(1000 + sum(map(len, self.booked.values())))
            lines = [{"unit_price": str(amount), "tax_rate": "21%", "category": "Diensten"}]
            made = self.sandbox.add_invoice(department=self.department(place), lines=lines)
            self.booked.setdefault(place, []).append((made["number"], made["gross"]))

    def settle(self) -> None:
        """Match in Exact all that was booked."""
        for place, documents in self.booked.items():
            for number, _ in documents:
                self.sandbox.exact("match_entry", division=self.division(place), your_ref=number)
            self.settled[place] = list(documents)

    def cycle(self, side_by_side: int, places: Iterable[int] | None = None) -> Round:
        """Call for every client once, so many at a time, as a schedule does."""
        self.sandbox.forget_calls()
        began = time.monotonic()
        with watched(self.store_uri) as seen, ThreadPoolExecutor(side_by_side) as pool:
            calls = list(pool.map(self._call, range(self.count) if places is None else places))
        return Round(calls, time.monotonic() - began, seen, self.sandbox.calls())

    def settings_cpu(self) -> float:
        """Return the seconds of CPU for which Meltano tells the settings of one client, with all others beside it."""
        before = _cpu_of_children()
        Project(self.folder, BIN / "meltano").coupling(_name(0)).settings("bridge")
        return _cpu_of_children() - before

    def mixed(self) -> dict[str, tuple[Documents, Documents]]:
        """Return what is not as it should be after a round: where, and what was found there in place of what."""
        sides = {
            "entries in Exact": (self.in_exact(), self.booked),
            "links in the store": (self.remembered(), self.booked),
            "payments in Teamleader": (self.paid(), self.settled),
        }
        return {name: (found, expected) for name, (found, expected) in sides.items() if found != expected}

    def in_exact(self) -> Documents:
        """Return what is booked in each administration."""
        return self._of_each(
            lambda place: [(each["number"], each["gross"]) for each in self.sandbox.exact_entries(self.division(place))]
        )

    def paid(self) -> Documents:
        """Return the payments in Teamleader: number of the invoice and amount, a line for each payment."""
        documents = self.sandbox.teamleader_documents()
        return self._of_each(
            lambda place: [
                (each["number"], payment["amount"])
                for each in documents
                if each["department"] == self.department(place)
                for payment in each["payments"]
            ]
        )

    def remembered(self) -> Documents:
        """Return what the store links to each administration."""
        with ConnectorStore.open(self.store_uri) as store:
            return self._of_each(
                lambda place: [
                    (str(link.number), link.amount or Decimal(0))
                    for link in store.links(self.division(place)).newest("invoice", limit=_MANY)
                ]
            )

    def _of_each(self, documents: Callable[[int], list[tuple[str, Decimal]]]) -> Documents:
        return {place: sorted(found) for place in range(self.count) if (found := documents(place))}

    def _add(self, place: int) -> None:
        division = {"division": self.division(place)}
        department = {"department_id": self.department(place)}
        settings: dict[str, dict[str, Any]] = {
            "tap-teamleader": {**department, "start_date": "all"},
            "target-exactonline": {**division, "dry_run": False},
            "tap-exactonline": division,
            "target-teamleader": {**department, **division, "dry_run": False},
            "bridge": division,
        }
        name = _name(place)
        YAML().dump(coupling_file(name, settings), self.folder / "couplings" / f"{name}.meltano.yml")

    def _as_after_a_run(self, project: Project) -> None:
        """Have all settings told at once and kept as each client's own call would, and Exact read."""
        couplings = [project.coupling(_name(place)) for place in range(self.count)]
        told = project.read([each.plugin(plugin) for each in couplings for plugin in PLUGINS]).settings
        with ConnectorStore.open(self.store_uri) as store:
            for each in couplings:
                each.take_settings({plugin: told[each.plugin(plugin)] for plugin in PLUGINS})
                kept_settings.keep(each, store)
                _note_a_run(each, store)

    def _call(self, place: int) -> Call:
        command = [str(BIN / "bridge"), "run", "--only-news", "--coupling", _name(place)]
        began = time.monotonic()
        with (self.folder / f"{_name(place)}.log").open("a", encoding="utf-8") as log:
            process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log)
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return Call(place, process.returncode, used.ru_utime + used.ru_stime, time.monotonic() - began)


@contextmanager
def office_of(count: int, folder: Path, server: PostgresServer) -> Iterator[Office]:
    """Yield an office with so many clients, none of which has a document."""
    uri = server.new_database()
    variables = {"CONNECTOR_STORE_URI": uri, "CONNECTOR_STORE_KEY": Fernet.generate_key().decode()}
    sizes = ("--companies", str(count), "--customers", "5", "--invoices", "0", "--credit-notes", "0")
    # What is kept of a client's settings holds for the environment in which it was kept.
    with patch.dict(os.environ, variables), SandboxProcess("--no-limits", *sizes) as sandbox:
        office = Office(folder / "office", sandbox, uri, count)
        office.set_up()
        yield office
    server.drop_database(uri)


def _note_a_run(coupling: Coupling, store: ConnectorStore) -> None:
    """Leave the store as a run does that finds no document and reads what is owed in Exact."""
    began, memory = utc_now(), DivisionStore(store, coupling.division)
    client = services.exact(coupling, store, read_only=True)
    Refresh(client, store, coupling.division, moved=None, anew=True, between_pages=lambda: None).run()
    news.note_run(coupling, memory, tuple(JOBS), began, news.News(None), worked=True)


def _name(place: int) -> str:
    return f"client-{place + 1}"


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
