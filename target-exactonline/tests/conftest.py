"""One sandbox process for all tests of the target, and per test a store, a login and documents of its own."""

from __future__ import annotations

import contextlib
import io
import itertools
import json
import logging
import re
import subprocess
import sys
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import requests
import simplejson

from connector_store import ConnectorStore
from sandbox.testing import SandboxProcess
from target_exactonline.target import TargetExactOnline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Record = dict[str, Any]

DIVISION = 123456
DAY = "2026-03-02"
TODAY = "2026-06-15"
BIN = Path(sys.executable).parent
ENTRIES = "salesentry/SalesEntries"
_numbers = itertools.count(1)


@dataclass
class Ran:
    """What a run of the target left behind."""

    states: list[Any]
    counts: dict[str, int]
    error: BaseException | None
    log: str


class Exact:
    """The sandbox's Exact as its accountant and its operator see it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._known: set[str] = set()

    def do(self, verb: str, **arguments: Any) -> Any:
        """Let a person do something in Exact."""
        return self._ask("POST", f"exact/{verb}", arguments)

    def fault(self, **rule: Any) -> None:
        self._ask("POST", "faults", [{"service": "exact", **rule}])

    def no_faults(self) -> None:
        self._ask("DELETE", "faults")

    def calls(self) -> list[tuple[str, str]]:
        """Return (method, path below the administration), logins left out."""
        listed = self._ask("GET", "calls")["exact"]["calls"]
        return [
            (method, re.sub(r"^/api/v1/(\d+|current)/", "", path).split("(")[0])
            for method, path in listed
            if "oauth2" not in path
        ]

    def forget_calls(self) -> None:
        self._ask("DELETE", "calls")

    def entries(self, number: str | None = None) -> list[Record]:
        found = self._ask("GET", "ledger")["entries"]
        return [entry for entry in found if number is None or entry["your_ref"] == number]

    def receipts(self, number: str) -> list[Record]:
        """Return the payments of a document that are booked in a general journal."""
        found = self._ask("GET", "ledger")["general_journal"]
        return [entry for entry in found if (entry["description"] or "").startswith(f"Betaling {number} ·")]

    def open_of(self, number: str) -> Decimal:
        """Return what is open of a document's entry."""
        (entry,) = self.entries(number)
        return Decimal(entry["open"])

    def documents(self, number: str) -> list[Record]:
        found = self._ask("GET", "ledger")["documents"]
        return [each for each in found if f" {number} ·" in each["subject"]]

    def accounts(self) -> list[Record]:
        found: list[Record] = self._ask("GET", "ledger")["accounts"]
        return found

    def login(self) -> str:
        return str(self._ask("POST", "login", {"service": "exact"})["refresh_token"])

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(
            method,
            f"{self.url}/_sandbox/{path}",
            data=simplejson.dumps(body, use_decimal=True) if body is not None else None,
            headers={"Content-Type": "application/json"},
            timeout=30,
        )
        assert answer.ok, answer.text
        return simplejson.loads(answer.text, use_decimal=True) if answer.text else None


@dataclass
class Desk:
    """The target at work: a store, a login, and records made to measure."""

    exact: Exact
    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)
    division: int = DIVISION

    def __post_init__(self) -> None:
        self.settings = {
            "client_id": "sandbox-exact",
            "client_secret": "sandbox-exact-secret",
            "refresh_token": self.exact.login(),
            "api_url": self.exact.url,
            "division": self.division,
            "store_uri": f"sqlite:///{self.database}",
            "invoice_journal": "70",
            "credit_note_journal": "71",
            "vat_codes": {"21%": "21", "6%": "6", "0%": "0"},
            "default_gl_account": "700000",
            "payment_conditions": {"30": "30", "cash": "00"},
            "default_payment_condition": "30",
            "lock_timeout": 0.2,
            **self.settings,
        }
        self._company = f"company:{uuid.uuid4()}"
        self._series = f"{uuid.uuid4().hex[:6]}"

    @property
    def database(self) -> Path:
        return self.folder / "connector.db"

    def store(self) -> ConnectorStore:
        return ConnectorStore.open(self.settings["store_uri"])

    def log_in_again(self) -> None:
        self.settings["refresh_token"] = self.exact.login()

    def lose_memory(self) -> None:
        for path in self.folder.glob("connector.db*"):
            path.unlink()
        self.log_in_again()

    def codes(self) -> dict[str, str]:
        """Return the code of every reject by source id."""
        with self.store() as store:
            return {reject.source_id: reject.code for reject in store.rejects(self.division).all()}

    def link(self, record: Record) -> Any:
        with self.store() as store:
            return store.links(self.division).get(record["kind"], record["id"])

    def entries(self) -> list[Record]:
        """Return the entries of this desk's documents."""
        return [entry for entry in self.exact.entries() if (entry["your_ref"] or "").startswith(f"{self._series} /")]

    def accounts(self) -> list[Record]:
        """Return the accounts of this desk's customers."""
        return [account for account in self.exact.accounts() if account["name"].startswith(f"Klant {self._series}")]

    # Records

    @staticmethod
    def vat_number() -> str:
        """Return a Belgian VAT number that no other customer has."""
        base = 4_200_000 + next(_numbers)
        return f"BE{base:08}{97 - base % 97:02}"

    def company(self, **changes: Any) -> Record:
        number = next(_numbers)
        first = {"id": self._company, "name": f"Klant {self._series}", "updated_at": "2026-03-01T08:00:00Z"}
        other = {"id": f"company:{uuid.uuid4()}", "name": f"Klant {self._series} {number}"}
        record = {
            **(other if changes.pop("other", "name" in changes) else first),
            "is_person": False,
            "email": f"k{self._series}@voorbeeld.example",
            "language": "nl",
            "address": {"line1": "Kerkstraat 1", "postcode": "2000", "city": "Antwerpen", "country": "BE"},
        }
        return {**record, **changes}

    def invoice(self, *, net: str = "100.00", tax_rate: str = "0.21", pdf: bool = False, **changes: Any) -> Record:
        number = next(_numbers)
        record: Record = {
            "id": str(uuid.uuid4()),
            "kind": "invoice",
            "number": f"{self._series} / {number}",
            "date": DAY,
            "due_date": "2026-04-01",
            "currency": "EUR",
            "exchange_rate": 1,
            "customer": self._company,
            "payment_term": {"type": "after_invoice_date", "days": 30},
            "updated_at": "2026-03-02T09:00:00Z",
            **amounts(net, tax_rate),
        }
        if pdf:
            record["attachments"] = [
                {"filename": "document.pdf", "media_type": "application/pdf", "content": "JVBERi0xLjQKJcOkw7zDtsOfCg=="}
            ]
        return {**record, **changes}

    def credit_note(self, **changes: Any) -> Record:
        return self.invoice(**{"net": "-40.00", "kind": "credit_note", "due_date": None, **changes})

    def paid(self, record: Record, *payments: tuple[str, str], updated_at: str = "2026-05-20T09:00:00Z") -> Record:
        """Return an invoice on which these (amount, day) stand as payments, with what is then due."""
        listed = [
            {"amount": Decimal(amount), "currency": record["currency"], "paid_at": day} for amount, day in payments
        ]
        due = record["totals"]["gross"] - sum((each["amount"] for each in listed), Decimal(0))
        return {**record, "payments": listed, "due": max(due, Decimal(0)), "updated_at": updated_at}

    @staticmethod
    def as_version(record: Record, *, net: str | None = None, tax_rate: str = "0.21", **changes: Any) -> Record:
        """Return a later version of a document."""
        later = {**record, "updated_at": "2026-05-20T09:00:00Z", **changes}
        return {**later, **amounts(net, tax_rate)} if net is not None else later

    # Runs

    @staticmethod
    def lines(*records: Record) -> list[str]:
        """Return the Singer lines of records, each stream's schema before its records."""
        said: list[str] = []
        for record in records:
            stream = "sales_entries" if "lines" in record else "accounts"
            said.append(simplejson.dumps({"type": "RECORD", "stream": stream, "record": record}, use_decimal=True))
        return said

    @staticmethod
    def state(place: int) -> str:
        return json.dumps({"type": "STATE", "value": {"at": place}})

    @staticmethod
    def schemas() -> list[str]:
        schema = {"type": "object", "properties": {"id": {"type": "string"}}}
        return [
            json.dumps({"type": "SCHEMA", "stream": stream, "schema": schema, "key_properties": ["id"]})
            for stream in ("sales_entries", "accounts")
        ]

    def run(self, *records: Record, **settings: Any) -> Ran:
        """Run the target over records, with a STATE at the end."""
        lines = [*self.lines(*records), self.state(len(records))] if records else []
        return self.feed(lines, **settings)

    def feed(self, lines: Iterable[str], **settings: Any) -> Ran:
        """Run the target in this process; schemas of the two streams go first."""
        text = "\n".join([*self.schemas(), *lines]) + "\n"
        if any('"SCHEMA"' in line for line in lines):
            text = "\n".join(lines) + "\n"
        printed, logged = io.StringIO(), io.StringIO()
        handler = logging.StreamHandler(logged)
        logger = logging.getLogger("target-exactonline")
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        target = TargetExactOnline(config={**self.settings, **settings}, validate_config=True)
        counts: dict[str, int] = {}
        error: BaseException | None = None
        with contextlib.redirect_stdout(printed):
            try:
                target.listen(io.StringIO(text))
            except BaseException as raised:  # noqa: BLE001 - what it was is for the test to judge
                error = raised
            finally:
                logger.removeHandler(handler)
        if self.database.exists():
            with self.store() as store:
                last = store.runs.last(1)
                counts = dict(last[0].counts) if last else {}
        states = [json.loads(line) for line in printed.getvalue().splitlines()]
        return Ran(states, counts, error, logged.getvalue())

    def process(self, lines: Iterable[str] = (), **settings: Any) -> subprocess.Popen[str]:
        """Start the target as a process; its input stays open."""
        config = self.folder / "config.json"
        config.write_text(json.dumps({**self.settings, **settings}), encoding="utf-8")
        process = subprocess.Popen(
            [str(BIN / "target-exactonline"), "--config", str(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(self.folder / "log.txt").open("a"),
            text=True,
        )
        assert process.stdin is not None
        process.stdin.write("\n".join([*self.schemas(), *lines]) + "\n")
        process.stdin.flush()
        return process


def amounts(net: str, tax_rate: str) -> Record:
    """Return lines and totals of a document with one line."""
    tax = (Decimal(net) * Decimal(tax_rate)).quantize(Decimal("0.01"))
    rate = Decimal(tax_rate)
    return {
        "lines": [{"description": "Werk", "quantity": 1, "net": Decimal(net), "tax_rate": rate}],
        "totals": {
            "net": Decimal(net),
            "gross": Decimal(net) + tax,
            "taxes": [{"rate": rate, "taxable": Decimal(net), "tax": tax}],
        },
    }


@pytest.fixture(scope="session")
def exact_service() -> Iterator[Exact]:
    """Start a sandbox without documents of its own."""
    sandbox = SandboxProcess(
        "--no-limits", "--customers", "1", "--invoices", "1", "--credit-notes", "1", "--today", TODAY
    )
    sandbox.start()
    yield Exact(sandbox.exact_url)
    sandbox.stop()


@pytest.fixture
def desk(exact_service: Exact, tmp_path: Path) -> Iterator[Desk]:
    """Return a desk of its own in the common administration."""
    exact_service.no_faults()
    yield Desk(exact_service, tmp_path)
    exact_service.no_faults()


@pytest.fixture
def make_desk() -> type[Desk]:
    """Return the class of desks, for tests that need many."""
    return Desk
