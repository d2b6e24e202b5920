"""What a day costs on which nothing moves and five hundred documents wait for people, in calls to Exact."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from connector_store.division_store import DivisionStore
from connector_testing.in_process import CYCLE, DIVISION, DOCUMENTS, PAYMENTS, Coupling, Job, coupled
from connector_testing.project import project_config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EACH = 50
OF_EACH_KIND = {
    "vat_code_unmapped": {"tax_rate": "19%"},
    "vat_code_missing": {"tax_rate": "13%"},
    "vat_code_blocked": {"tax_rate": "14%"},
    "gl_account_unknown": {"category": "Elders"},
    "period_missing": {"date": "1990-01-15"},
    "period_closed": {"date": "2026-01-15"},
    "currency_unknown": {"currency": "SEK", "rate": "0.09"},
    "customer_blocked": {},
}
PAID = ("payment_not_matched", "payment_being_collected")
CYCLES = 96
AFTER_DOCUMENTS = timedelta(minutes=5)
"""When the payments follow, as meltano.yml has it: with the token that the documents were read with."""

TOKEN = 1
"""A call that has a limit of its own (exact-online 1.16); it is among what is counted here."""


def add(coupling: Coupling, count: int, customer: str, **asked: Any) -> list[str]:
    line = {name: asked.pop(name) for name in ("tax_rate", "category") if name in asked}
    lines = [{"description": "Werk", "unit_price": "100.00", **line}]
    ids: list[str] = coupling.sandbox.add_invoices(count, lines=lines, customer=f"company:{customer}", **asked)["ids"]
    return ids


def codes(coupling: Coupling) -> Counter[str]:
    with coupling.store() as store:
        return Counter(reject.code for reject in DivisionStore(store, DIVISION).rejects.all())


def run(coupling: Coupling, job: Job) -> int:
    """Run a job; return its calls to Exact, those for tokens among them."""
    coupling.sandbox.forget_calls()
    assert coupling.run(job), coupling.unexpected
    return coupling.sandbox.calls()["exact"]


def let_wait(coupling: Coupling) -> None:
    """Have fifty documents of each of ten kinds wait for somebody."""
    teamleader, exact = coupling.sandbox.teamleader, coupling.sandbox.exact
    usual, blocked = (teamleader("add_company", name=name)["id"] for name in ("Gewoon", "Geblokkeerd"))
    for rate in (19, 13, 14):
        teamleader("add_tax_rate", description=f"{rate}%", rate=f"0.{rate}")
    teamleader("add_product_category", name="Elders", ledger="999999")
    exact("add_vat_code", Code="B9", Description="14 %", Percentage="0.14", Type="E", VATTransactionType="S")
    paid = [add(coupling, EACH, usual) for _ in PAID]
    add(coupling, 1, blocked)
    assert run(coupling, DOCUMENTS)

    exact("end_xml_topics")
    exact("edit_vat_code", code="B9", changes={"IsBlocked": True})
    exact("close_period", year=2026, period=1)
    exact("block", name="Geblokkeerd")
    numbers = {each["id"]: each["number"] for each in coupling.sandbox.teamleader_documents()}
    for each in paid[1]:
        exact("collect_entry", your_ref=numbers[each])
    for code, asked in OF_EACH_KIND.items():
        add(coupling, EACH, blocked if code == "customer_blocked" else usual, **asked)
    for each in (*paid[0], *paid[1]):
        coupling.sandbox.pay(each)
    coupling.let_pass(CYCLE)
    run(coupling, DOCUMENTS)


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Coupling]:
    with coupled(tmp_path, 5) as coupling:
        codes_of_project = project_config("target-exactonline")["vat_codes"]
        coupling.settings["tap-teamleader"] = {"attachments": []}
        coupling.settings["target-exactonline"] = {
            "vat_codes": {**codes_of_project, "13%": "Z9", "14%": "B9"},
            "book_payments": True,
            "payment_journal": "90",
            "payment_gl_account": "499000",
            "payments_from": "2026-01-01",
        }
        let_wait(coupling)
        yield coupling


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_line_16_a_day_with_five_hundred_documents_of_ten_kinds_waiting_costs_under_600_calls(
    waiting: Coupling,
) -> None:
    assert codes(waiting) == dict.fromkeys((*OF_EACH_KIND, *PAID), EACH)
    documents, payments = [], []
    for _ in range(CYCLES):
        waiting.let_pass(CYCLE - AFTER_DOCUMENTS)
        documents.append(run(waiting, DOCUMENTS))
        waiting.let_pass(AFTER_DOCUMENTS)
        payments.append(run(waiting, PAYMENTS))
    together = [sum(cycle) for cycle in zip(documents, payments, strict=True)]
    assert median(documents) <= 2 + TOKEN
    assert median(payments) <= 3
    assert median(together) <= 6
    assert sum(together) < 600
    assert codes(waiting) == dict.fromkeys((*OF_EACH_KIND, *PAID), EACH)
