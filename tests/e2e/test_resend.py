"""`bridge resend` makes one entry anew and touches no other; `bridge reconcile` and `match` on a whole coupling."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from bridge.cli import main
from connector_testing.coupling import PLUGINS
from connector_testing.in_process import CYCLE, DIVISION, DOCUMENTS, PAYMENTS, coupled

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from connector_testing.in_process import Coupling


def bridge(coupling: Coupling, *arguments: str) -> Result:
    """Run the tool in this project, with the logins of the coupling."""
    store = f"sqlite:///{coupling.folder}/connector.db"
    given = {**coupling.sandbox.env(), **{f"{plugin}_STORE_URI": store for plugin in PLUGINS}}
    given |= {"BRIDGE_STORE_URI": store, "BRIDGE_DIVISION": str(DIVISION), "MELTANO_ENVIRONMENT": "sandbox"}
    given["MELTANO_DATABASE_URI"] = f"sqlite:///{coupling.folder}/meltano.db"
    return CliRunner(env={**os.environ, **given}).invoke(main, arguments)


def reconciles(coupling: Coupling) -> dict[str, Any]:
    ran = bridge(coupling, "reconcile", "--from", "2026-01-01", "--output", "json")
    told: dict[str, Any] = json.loads(ran.stdout, parse_float=Decimal)
    assert ran.exit_code == (0 if told["equal"] else 1), ran.output
    return told


def entries(coupling: Coupling) -> dict[str, dict[str, Any]]:
    return {each["entry_id"]: each for each in coupling.sandbox.ledger()["entries"]}


def test_resend_of_one_document_among_40_makes_one_entry_and_touches_no_other(tmp_path: Path) -> None:
    one_is_sent_again(tmp_path, 40)


@pytest.mark.long
def test_resend_of_one_document_among_300_makes_one_entry_and_touches_no_other(tmp_path: Path) -> None:
    one_is_sent_again(tmp_path, 300)


def one_is_sent_again(folder: Path, count: int) -> None:
    with coupled(folder, 1) as coupling:
        coupling.sandbox.add_invoices(count)
        assert coupling.run(DOCUMENTS)
        documents = coupling.sandbox.teamleader_documents()
        number = documents[count // 2]["number"]
        coupling.sandbox.exact("delete_entry", your_ref=number)
        # A run looks up 200 invoices of those that may be meant by a deleted line.
        for _ in range(1 + count // 200):
            coupling.let_pass(CYCLE)
            assert coupling.run(DOCUMENTS)
        before = entries(coupling)
        assert len(before) == count - 1
        told = reconciles(coupling)
        assert (told["equal"], told["standings"]["booked"], told["standings"]["rejected"]) == (True, count - 1, 1)

        sent = bridge(coupling, "resend", number, "--yes")
        assert sent.exit_code == 0, sent.output
        coupling.sandbox.forget_calls()
        assert coupling.run(DOCUMENTS)

        after = entries(coupling)
        (new,) = after.keys() - before.keys()
        assert after[new]["your_ref"] == number
        assert {key: after[key] for key in before} == before
        read = [path for _, path in coupling.sandbox.call_list("teamleader") if path.endswith("/invoices.info")]
        assert len(read) == 1
        told = reconciles(coupling)
        assert (told["equal"], told["standings"]["booked"]) == (True, count)

        coupling.sandbox.forget_calls()
        assert coupling.run(DOCUMENTS)
        read = [path for _, path in coupling.sandbox.call_list("teamleader") if path.endswith("/invoices.info")]
        assert read == []


def test_match_takes_the_number_of_an_entry_and_brings_what_was_paid_of_it(tmp_path: Path) -> None:
    with coupled(tmp_path, 2) as coupling:
        coupling.settings["target-exactonline"] = {"vat_codes": {"6%": "6"}}
        invoice = coupling.sandbox.add_invoice()
        assert coupling.run(DOCUMENTS)
        customer = coupling.sandbox.exact("add_account", Name="Bakkerij", Status="C")["id"]
        line = {"vat_code": "21", "amount": str(invoice["net"])}
        entered = coupling.sandbox.exact("add_entry", customer=customer, your_ref="BY HAND", lines=[line])
        coupling.sandbox.match({"entry_number": entered["entry_number"]})

        matched = bridge(coupling, "match", invoice["number"], str(entered["entry_number"]), "--yes")
        assert matched.exit_code == 0, matched.output
        assert "what is paid of it follows with: meltano run payments" in matched.output
        assert coupling.run(PAYMENTS)
        assert coupling.sandbox.payments(invoice["id"])["due"] == 0

        unknown = bridge(coupling, "match", "account", invoice["customer"], "9999", "--yes")
        assert "Exact has no account with code 9999" in unknown.stderr


def test_reconcile_tells_what_differs_and_ends_1(tmp_path: Path) -> None:
    with coupled(tmp_path, 3) as coupling:
        invoice = coupling.sandbox.add_invoice()
        assert coupling.run(DOCUMENTS)
        coupling.sandbox.exact("edit_entry", your_ref=invoice["number"], changes={"EntryDate": "2026-03-09"})
        told = bridge(coupling, "reconcile", "--from", "2026-03-01", "--to", "2026-03-31")
        assert told.exit_code == 1, told.output
        assert "Not equal: 1 difference." in told.output
        assert f"Invoice {invoice['number']}, entry" in told.output
        assert "the entry was moved to another day (Teamleader 2026-03-02, Exact 2026-03-09)" in told.output
        table = bridge(coupling, "reconcile", "--csv").stdout.splitlines()
        assert table[0].startswith("month,kind,currency,vat_rate,teamleader count,teamleader net")
        assert table[1].startswith("2026-03,invoice,EUR,21%,1,")
