"""What a user sees of `meltano run documents`: everything booked once, equal to the cent, and little asked for it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
SANDBOX = ("--environment=sandbox",)
YEAR = ("--no-limits", "--today", "2026-11-20")
"""The data of the demo, as it is on one day for ever."""
RECORDED = ROOT / "tests" / "recorded" / "sales-entries.jsonl"
MASTER_DATA = ("/Journals", "/GLAccounts", "/VATCodes", "/VatPercentages", "/PaymentConditions", "/FinancialPeriods")


def by_number(documents: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[Any, ...]]:
    return {(each["kind"], each["number"]): (each["net"], each["vat"], each["gross"]) for each in documents}


def in_one_line(entry: dict[str, Any]) -> str:
    """What a bookkeeper reads of an entry: no id, no moment, and nothing that Exact made up."""
    heads = ("journal", "your_ref", "date", "due_date", "currency", "payment_condition", "description")
    lines = [
        [line["gl_account"], line["vat_code"], f"{line['net']:.2f}", f"{line['vat']:.2f}", line["description"]]
        for line in entry["lines"]
    ]
    return json.dumps({head: entry[head] for head in heads} | {"lines": lines}, ensure_ascii=False)


@pytest.fixture(scope="module")
def year(shared_coupling_with: Callable[..., Any]) -> Any:
    coupling = shared_coupling_with(*YEAR)
    ran = coupling.documents()
    assert ran.code == 0, ran.output
    return coupling


@pytest.mark.xdist_group("year")
def test_every_booked_document_stands_in_its_journal_with_teamleaders_totals(year: Any) -> None:
    entries = year.sandbox.exact_entries()
    assert by_number(entries) == by_number(year.sandbox.teamleader_documents())
    assert len(entries) == len(by_number(entries))
    assert {each["kind"]: each["journal"] for each in entries} == {"invoice": "70", "credit_note": "71"}
    assert all(each["document"] for each in entries), "each entry points to its PDF"


@pytest.mark.xdist_group("year")
def test_the_year_of_the_demo_is_booked_as_it_always_was(year: Any, tmp_path: Path) -> None:
    booked = sorted(in_one_line(entry) for entry in year.sandbox.exact_entries())

    found = tmp_path / RECORDED.name
    found.write_text("".join(f"{line}\n" for line in booked), "utf-8")
    before = RECORDED.read_text("utf-8").splitlines()
    changed = sorted(set(before) ^ set(booked))
    assert booked == before, f"{len(changed)} lines changed; if they should have, keep {found}: {changed[:4]}"


def test_a_second_run_posts_nothing_and_asks_next_to_nothing(small: Any) -> None:
    small.documents()
    booked = small.sandbox.exact_entries()
    small.sandbox.forget_calls()

    ran = small.documents()

    calls = small.sandbox.calls()
    assert ran.code == 0, ran.output
    assert small.sandbox.exact_entries() == booked
    assert calls["exact"] <= 2
    assert calls["teamleader"] <= 12


def test_one_more_invoice_costs_three_calls_to_exact(small: Any) -> None:
    small.documents()
    customer = small.sandbox.teamleader_documents()[0]["customer"]

    def cost_of(invoices: int) -> Counter[str]:
        for _ in range(invoices):
            small.sandbox.add_invoice(customer=customer)
        small.sandbox.forget_calls()
        assert small.documents().code == 0
        return Counter(path.rsplit("/", 1)[-1] for _, path in small.sandbox.call_list("exact"))

    one, two = cost_of(1), cost_of(2)

    assert two.total() - one.total() <= 3
    assert one["Documents"] == one["DocumentAttachments"] == 1
    assert one["Accounts"] == 0, "the customer is known"


def test_a_backlog_costs_at_most_four_calls_per_document(coupling_with: Callable[..., Any]) -> None:
    coupling = coupling_with("--no-limits", "--customers", "60", "--invoices", "60", "--credit-notes", "10")

    assert coupling.documents().code == 0

    documents = len(coupling.sandbox.teamleader_documents())
    assert coupling.sandbox.calls()["exact"] <= 4.1 * documents + 40


def test_the_tap_feeds_a_foreign_target(small: Any, tmp_path: Path) -> None:
    small.settings["TARGET_JSONL_DESTINATION_PATH"] = str(tmp_path)

    ran = small.run("tap-teamleader", "target-jsonl")

    assert ran.code == 0, ran.output
    (invoices,) = tmp_path.glob("invoices-*.jsonl")
    numbers = {json.loads(line)["invoice_number"] for line in invoices.read_text(encoding="utf-8").splitlines()}
    booked = {each["number"] for each in small.sandbox.teamleader_documents() if each["kind"] == "invoice"}
    assert numbers == booked


def test_a_hand_written_file_feeds_the_target(small: Any) -> None:
    example = ROOT / "target-exactonline" / "examples" / "three-documents.singer"
    command = [Path(sys.executable).parent / "meltano", *SANDBOX, "invoke", "--no-install", "target-exactonline"]

    ran = subprocess.run(
        command, cwd=ROOT, env=small.env, input=example.read_bytes(), capture_output=True, check=False, timeout=120
    )

    assert ran.returncode == 0, ran.stderr.decode()
    records = [json.loads(line) for line in example.read_text(encoding="utf-8").splitlines()]
    totals = {
        each["record"]["number"]: each["record"]["totals"]["gross"]
        for each in records
        if each["type"] == "RECORD" and each["stream"] == "sales_entries"
    }
    assert {each["number"]: float(each["gross"]) for each in small.sandbox.exact_entries()} == totals


SERVICES = {"TAP_TEAMLEADER": "TEAMLEADER", "TARGET_TEAMLEADER": "TEAMLEADER", "TARGET_EXACTONLINE": "EXACT"}
COMMON = {
    **{
        f"{plugin}_{setting}": f"{service}_{setting}"
        for plugin, service in SERVICES.items()
        for setting in ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN", "DEPARTMENT_ID")
    },
    **{f"{plugin}_DIVISION": "EXACT_DIVISION" for plugin in ("TARGET_EXACTONLINE", "TARGET_TEAMLEADER")},
    **{f"{plugin}_STORE_URI": "CONNECTOR_STORE_URI" for plugin in (*SERVICES, "TAP_EXACTONLINE")},
}
"""A plugin's own variable -> the one for all plugins. What is left of tap-exactonline keeps its own names."""


def test_production_needs_nothing_but_environment_variables_and_what_is_common_once(small: Any) -> None:
    small.settings |= small.sandbox.production_env()
    small.names |= COMMON
    assert not [name for name in small.env if name.startswith("TARGET_TEAMLEADER") and not name.endswith("_URL")]

    ran = small.run("documents", "payments", environment=None)

    assert ran.code == 0, ran.output
    assert by_number(small.sandbox.exact_entries()) == by_number(small.sandbox.teamleader_documents())
