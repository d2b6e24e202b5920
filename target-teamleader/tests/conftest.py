"""The target on a sandbox: one sandbox process for all tests, and per test a store, a login and invoices of its own."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from connector_testing.ids import new_id
from connector_testing.targets import Record, TargetHarness, TargetRun
from sandbox.testing import SandboxProcess
from singer_shell import unknown_outcomes
from singer_shell.stop import Interruption
from target_teamleader.connection import connect
from target_teamleader.target import TargetTeamleader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

DEPARTMENT = "d0000000-0000-4000-8000-000000000001"
_divisions = itertools.count(200_001)
_versions = itertools.count(1)


class Harness(TargetHarness):
    """The target at work: a store and a login of its own, in an administration that no other test has."""

    target = TargetTeamleader
    streams = ("payments", "companies", "contacts")

    def __init__(self, sandbox: SandboxProcess, folder: Path, settings: dict[str, Any] | None = None) -> None:
        self.sandbox = sandbox
        division = next(_divisions)
        usual = {
            "client_id": "sandbox-teamleader",
            "client_secret": "sandbox-teamleader-secret",
            "api_url": sandbox.teamleader_url,
            "auth_url": sandbox.teamleader_url,
            "store_uri": f"sqlite:///{folder}/connector.db",
            "division": division,
            "department_id": DEPARTMENT,
            "lock_timeout": 0.2,
        }
        super().__init__(folder, division, {**usual, **(settings or {})})
        self.log_in_again()

    def stream_of(self, record: Record) -> str:
        if "last_name" in record:
            return "contacts"
        return "companies" if "name" in record else "payments"

    def later(self) -> None:
        """Let so much time pass that Teamleader can no longer be at what was sent before."""
        self.sandbox.advance(unknown_outcomes.REST.total_seconds() + 1)

    def log_in_again(self) -> None:
        answer = self.sandbox.control("POST", "login", {"service": "teamleader"})
        self.settings["refresh_token"] = answer["refresh_token"]

    # In Teamleader

    def invoice(self, net: str = "100.00", **changes: Any) -> Record:
        """Book an invoice, 21 % VAT, and link it to an entry in Exact."""
        invoice = self.unlinked_invoice(net, **changes)
        self.link(invoice)
        return invoice

    def unlinked_invoice(self, net: str = "100.00", **changes: Any) -> Record:
        """Book an invoice whose entry in Exact nobody linked."""
        made = self.sandbox.add_invoice(**{"lines": [{"unit_price": net}], **changes})
        return {**made, "currency": changes.get("currency", "EUR"), "entry": new_id()}

    def link(self, invoice: Record, **changes: Any) -> None:
        with self.store() as store:
            store.links(self.division).confirm(
                "invoice",
                invoice["id"],
                **{
                    "exact_id": invoice["entry"],
                    "fingerprint": "-",
                    "how": "posted",
                    "number": invoice["number"],
                    "amount": Decimal(invoice["gross"]),
                    "currency": invoice["currency"],
                    **changes,
                },
            )

    def pay_by_hand(self, invoice: Record, amount: str | None = None, **changes: Any) -> None:
        self.sandbox.teamleader("pay", id=invoice["id"], **({} if amount is None else {"amount": amount}), **changes)

    def remove_by_hand(self, invoice: Record) -> None:
        self.call("invoices.removePayments", {"id": invoice["id"]})

    def call(self, action: str, body: Record) -> Any:
        with self.store() as store:
            return connect(self.settings, store, Interruption()).call(action, body)

    def payments(self, invoice: Record) -> list[tuple[Decimal, str]]:
        """Return amount and day of every payment in Teamleader."""
        row = self.call("invoices.info", {"id": invoice["id"]})
        return [(Decimal(each["payment"]["amount"]), each["paid_at"][:10]) for each in row["payments"]]

    def due(self, invoice: Record) -> Decimal:
        return Decimal(self.call("invoices.info", {"id": invoice["id"]})["total"]["due"]["amount"])

    def fault(self, match: str, kind: str, **rule: Any) -> None:
        self.sandbox.add_faults([{"service": "teamleader", "match": match, "kind": kind, **rule}])

    # In the store

    def registered(self, invoice: Record) -> Any:
        with self.store() as store:
            return store.registered_payments(self.division).get(invoice["id"])

    def statuses(self) -> dict[str, str]:
        """Return whose turn it is, of every reject by source id."""
        with self.store() as store:
            return {reject.source_id: reject.status.value for reject in store.rejects(self.division).all()}

    # Records

    def record(self, invoice: Record, *settlements: tuple[str, str] | tuple[str, str, str], **changes: Any) -> Record:
        """Return what Exact says of an invoice: its settlements as (amount, day) or (amount, day, how)."""
        parts = [
            {"how": each[2] if len(each) > 2 else "money", "amount": Decimal(each[0]), "date": each[1]}
            for each in settlements
        ]
        settled = sum((each["amount"] for each in parts), Decimal(0))
        gross = Decimal(invoice["gross"])
        return {
            "id": invoice["entry"],
            "division": self.division,
            "invoice_id": None,
            "number": invoice["number"],
            "journal": "70",
            "entry_number": 26700001,
            "currency": invoice["currency"],
            "amount": gross,
            "settled": settled,
            "open": gross - settled,
            "date": max((each["date"] for each in parts), default=None),
            "invoice_date": "2026-03-02",
            "settlements": parts,
            "deleted": False,
            "version": next(_versions),
            "problems": [],
            **changes,
        }

    def deleted(self, invoice: Record) -> Record:
        nothing = {"amount": 0, "settled": 0, "open": 0, "settlements": []}
        return self.record(invoice, **nothing, deleted=True)

    def feed(self, lines: Iterable[str], **settings: Any) -> TargetRun:
        """Run the target in this process, and count its calls."""
        self.sandbox.forget_calls()
        ran = super().feed(lines, **settings)
        calls = Counter(path.strip("/") for _, path in self.sandbox.call_list("teamleader") if "oauth2" not in path)
        return replace(ran, calls=calls)


@pytest.fixture(scope="session")
def sandbox_service() -> Iterator[SandboxProcess]:
    """Start a sandbox with next to no documents of its own."""
    with SandboxProcess("--no-limits", "--customers", "1", "--invoices", "1", "--credit-notes", "1") as sandbox:
        yield sandbox


@pytest.fixture
def harness(sandbox_service: SandboxProcess, tmp_path: Path) -> Iterator[Harness]:
    """Return a harness of its own."""
    sandbox_service.clear_faults()
    yield Harness(sandbox_service, tmp_path)
    sandbox_service.clear_faults()


@pytest.fixture
def make_harness() -> type[Harness]:
    """Return the class of harnesses, for tests that need many."""
    return Harness


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look for lost answers without long pauses."""
    monkeypatch.setattr(unknown_outcomes, "WAITS", (0.0, 0.02))
