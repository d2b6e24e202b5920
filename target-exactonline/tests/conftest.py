"""One sandbox process for all tests of the target, and per test a store, a login and documents of its own."""

from __future__ import annotations

import itertools
import re
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import requests
import simplejson
import time_machine

from connector_store import DivisionStore
from connector_store.people import try_all_again
from connector_testing.ids import new_id
from connector_testing.targets import Record, TargetHarness
from sandbox.testing import SandboxProcess, SandboxThread
from singer_shell.unknown_outcomes import REST
from target_exactonline.target import TargetExactOnline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DIVISION = 123456
DAY = "2026-03-02"
TODAY = "2026-06-15"
ENTRIES = "salesentry/SalesEntries"
PDF = "JVBERi0xLjQKJSVFT0YK"
"""The smallest file that passes for a PDF, as Base64."""
_numbers = itertools.count(1)


class SandboxExact:
    """The sandbox's Exact as its accountant and its operator see it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._known: set[str] = set()

    def do(self, verb: str, **arguments: Any) -> Any:
        """Let a person do something in Exact."""
        return self._ask("POST", f"exact/{verb}", arguments)

    def fault(self, **rule: Any) -> None:
        self._ask("POST", "faults", [{"service": "exact", **rule}])

    def wait(self, seconds: float) -> None:
        """Let time pass in the sandbox."""
        self._ask("POST", "clock", {"seconds": seconds})

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

    def booked_payments(self, number: str) -> list[Record]:
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

    def held(self) -> int:
        """Return how many calls wait until there are no faults."""
        return int(self._ask("GET", "held")["held"])

    def later(self) -> None:
        """Let so much time pass that Exact can no longer be at what was sent before."""
        self._ask("POST", "clock", {"seconds": REST.total_seconds() + 1})

    @property
    def today(self) -> str:
        """The day that it is there by now: tests before this one let time pass."""
        return str(self._ask("GET", "clock")["now"])[:10]

    def login(self) -> str:
        return str(self._ask("POST", "login", {"service": "exact"})["refresh_token"])

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(
            method,
            f"{self.url}/_sandbox/{path}",
            data=simplejson.dumps(body, use_decimal=True) if body is not None else None,
            headers={"Content-Type": "application/json"},
            timeout=60,
        )
        assert answer.ok, answer.text
        return simplejson.loads(answer.text, use_decimal=True) if answer.text else None


class Harness(TargetHarness):
    """The target at work: a store, a login, and records made to measure."""

    target = TargetExactOnline
    streams = ("sales_entries", "accounts", "deleted_entries")

    def __init__(
        self, exact: SandboxExact, folder: Path, settings: dict[str, Any] | None = None, division: int = DIVISION
    ) -> None:
        self.exact = exact
        usual = {
            "client_id": "sandbox-exact",
            "client_secret": "sandbox-exact-secret",
            "refresh_token": exact.login(),
            "api_url": exact.url,
            "division": division,
            "store_uri": f"sqlite:///{folder}/connector.db",
            "invoice_journal": "70",
            "credit_note_journal": "71",
            "vat_codes": {"21%": "21", "6%": "6", "0%": "0"},
            "default_gl_account": "700000",
            "payment_conditions": {"30": "30", "cash": "00"},
            "default_payment_condition": "30",
            "lock_timeout": 0.2,
        }
        super().__init__(folder, division, {**usual, **(settings or {})})
        self._company = f"company:{new_id()}"
        self._series = new_id()[:6]

    def log_in_again(self) -> None:
        self.settings["refresh_token"] = self.exact.login()

    def ask_for_all(self) -> None:
        """Let a person ask for all that waits, as `bridge retry --all` does."""
        with self.store() as store:
            try_all_again(DivisionStore(store, self.division))

    def stream_of(self, record: Record) -> str:
        if "deleted_at" in record:
            return "deleted_entries"
        return "sales_entries" if "lines" in record else "accounts"

    def link(self, record: Record) -> Any:
        with self.store() as store:
            return store.links(self.division).get(record["kind"], record["id"])

    def entries(self) -> list[Record]:
        """Return the entries of this harness's documents."""
        return [entry for entry in self.exact.entries() if (entry["your_ref"] or "").startswith(f"{self._series} /")]

    def accounts(self) -> list[Record]:
        """Return the accounts of this harness's customers."""
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
        other = {"id": f"company:{new_id()}", "name": f"Klant {self._series} {number}"}
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
            "id": new_id(),
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
            record["attachments"] = [{"filename": "document.pdf", "media_type": "application/pdf", "content": PDF}]
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

    # In Exact

    def book_by_hand(self, record: Record, customer: str, **changes: Any) -> Any:
        """Let a person book a document on the account of that id."""
        lines = [{"gl_account": "700000", "vat_code": "21", "amount": str(record["totals"]["net"])}]
        named = {"customer": customer, "your_ref": record["number"], "date": record["date"], "lines": lines}
        return self.exact.do("add_entry", **{**named, **changes})

    def known_customer(self) -> str:
        """Book one document, so that the customer has an account; return its id."""
        self.run(self.company(), self.invoice())
        return str(self.accounts()[0]["id"])


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
def exact_service() -> Iterator[SandboxExact]:
    """Start a sandbox without documents of its own."""
    sandbox = SandboxProcess(
        "--no-limits", "--customers", "1", "--invoices", "1", "--credit-notes", "1", "--today", TODAY
    )
    sandbox.start()
    yield SandboxExact(sandbox.exact_url)
    sandbox.stop()


@pytest.fixture
def harness(exact_service: SandboxExact, tmp_path: Path) -> Iterator[Harness]:
    """Return a harness of its own in the common administration."""
    exact_service.no_faults()
    yield Harness(exact_service, tmp_path)
    exact_service.no_faults()


class Passing:
    """A harness, and the time that passes for the target and for Exact alike, as far as a test lets it."""

    def __init__(self, harness: Harness, sandbox: SandboxThread, clock: time_machine.Traveller) -> None:
        self.harness = harness
        self.exact = harness.exact
        self._sandbox = sandbox
        self._clock = clock

    def let_pass(self, *, minutes: float = 0, hours: float = 0) -> None:
        step = timedelta(minutes=minutes, hours=hours)
        self._sandbox.advance(step.total_seconds())
        self._clock.shift(step)

    def calls_of(self, *records: Record, **settings: Any) -> list[tuple[str, str]]:
        """Return the calls of a run a quarter of an hour later."""
        self.let_pass(minutes=15)
        self.exact.forget_calls()
        ran = self.harness.run(*records, **settings)
        assert ran.error is None
        return self.exact.calls()


@pytest.fixture
def passing(tmp_path: Path) -> Iterator[Passing]:
    """Return a harness in an administration of its own, where time stands until the test lets it pass."""
    today = date.fromisoformat(TODAY)
    options = {"customers": 1, "invoices": 1, "credit_notes": 1, "no_limits": True}
    with (
        time_machine.travel(datetime.combine(today, time(12), timezone.utc), tick=False) as clock,
        SandboxThread(today=today, frozen=True, **options) as sandbox,
    ):
        yield Passing(Harness(SandboxExact(sandbox.exact_url), tmp_path), sandbox, clock)


@pytest.fixture
def make_harness() -> type[Harness]:
    """Return the class of harnesses, for tests that need many."""
    return Harness
