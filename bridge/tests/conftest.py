"""A store as runs leave it behind, and the command as a person types it."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from bridge.cli import main
from connector_store import BookedPaymentDetail, ConnectorStore, DivisionStore, How, Paid, RegisterPlan
from connector_store.testing import memory_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

DIVISION = 123456
ENTRY = "aaaaaaaa-0000-4000-8000-000000000001"
OTHER_ENTRY = "aaaaaaaa-0000-4000-8000-000000000002"


@dataclass
class Bridge:
    """The command on one store."""

    uri: str
    memory: DivisionStore

    def run(self, *arguments: str, environment: dict[str, str] | None = None) -> Result:
        settings = {"BRIDGE_STORE_URI": self.uri, "BRIDGE_DIVISION": str(DIVISION)}
        return CliRunner(env=environment or settings).invoke(main, arguments)

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

    def linked(self, source_id: str, number: str, *, kind: str = "invoice", exact_id: str = ENTRY) -> None:
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
