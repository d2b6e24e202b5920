"""All that can be wrong before the first document is told in one go (issue 10, item 5)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from api_core.testing import FakeClock
from bridge.cli import main
from bridge.setup.checks import catalogue
from bridge.setup.checks.finding import document
from bridge.setup.checks.run import findings
from bridge.setup.machine import MachineFacts, read_machine

if TYPE_CHECKING:
    from bridge.setup.facts import Facts
    from conftest import BothSides, Bridge

FAULTS = {
    "clock_wrong",
    "company_differs",
    "currency_of_company_differs",
    "custom_field_unknown",
    "exact_right_missing",
    "financial_year_missing",
    "journal_blocked",
    "journal_currency",
    "journal_type",
    "journal_without_ledger_account",
    "ledger_account_blocked",
    "ledger_account_type",
    "ledger_account_unknown",
    "ledger_account_unusual",
    "payment_condition_days",
    "payment_condition_not_collection",
    "payment_condition_unknown",
    "payment_method_unknown",
    "period_closed",
    "tax_rate_by_percentage",
    "tax_rate_unmapped",
    "teamleader_right_missing",
    "vat_code_blocked",
    "vat_code_not_for_sales",
    "vat_code_type",
    "vat_code_unknown",
    "vat_percentage_differs",
}


def plant(sides: BothSides) -> None:
    """Let people make the faults of `FAULTS`, on both sides and in the settings."""
    exact, teamleader, year = sides.sandbox.exact, sides.sandbox.teamleader, sides.sandbox.now().year
    sides.sandbox.add_invoice(currency="USD", rate="0.9")
    exact("deny", entities=["documents/"])
    teamleader("deny", actions=["creditNotes.list"])
    teamleader("edit_department", vat_number="BE0428759497", currency="GBP")
    exact("remove_year", year=year - 1)
    sides.learn_closed(year, 2)
    exact("edit_journal", code="70", changes={"GLAccount": None, "IsBlocked": True, "AllowVariableCurrency": False})
    teamleader("add_tax_rate", description="9%", rate="0.09")
    exact("edit_vat_code", code="12", changes={"IsBlocked": True})
    teamleader("add_product_category", name="Nieuw", ledger="799999")
    teamleader("add_product_category", name="Oud", ledger="706000")
    exact("add_gl_account", Code="610500", Description="Vreemd", Type=110)
    sides.sandbox.advance(600)
    sides.target |= {
        "credit_note_journal": "60",
        "default_gl_account": "400000",
        "discount_gl_account": "610500",
        "default_payment_condition": "99",
        "payment_conditions": {**sides.target["payment_conditions"], "direct_debit": "30", "14": "08"},
        "vat_codes": {
            **sides.target["vat_codes"],
            "21%": "I21",
            "6%": "P6",
            "0%": "XX",
            "21% OSS Nederland": "FR",
        },
    }
    del sides.target["vat_codes"]["0% Export"]
    sides.tap["start_date"] = f"{year - 1}-06-01"
    sides.payments["payment_method_id"] = "00000000-0000-4000-8000-000000000009"
    sides.payments["company_number_field"] = "00000000-0000-4000-8000-000000000009"


def test_an_administration_with_twenty_planted_faults_names_all_of_them_in_one_go(sides: BothSides) -> None:
    plant(sides)
    found = findings(sides.facts())
    assert {each.code for each in found} == FAULTS
    assert len(FAULTS) >= 20
    for each in found:
        assert each.remedy.endswith(".")
        assert "{" not in each.remedy
        assert each.subject
        assert each.actor


def test_each_finding_names_the_thing_that_is_wrong(sides: BothSides) -> None:
    plant(sides)
    subjects = {each.code: each.subject for each in findings(sides.facts())}
    assert subjects["journal_blocked"] == "70"
    assert subjects["vat_code_unknown"] == "XX"
    assert subjects["tax_rate_unmapped"] == "9%"
    assert subjects["ledger_account_unknown"] == "799999"
    assert subjects["exact_right_missing"] == "Organization documents"
    assert subjects["teamleader_right_missing"] == "creditNotes"


def test_a_right_set_up_is_green_with_at_most_15_calls_to_exact(sides: BothSides) -> None:
    sides.sandbox.forget_calls()
    facts = sides.facts()
    assert document(findings(facts)) == {"level": "green", "findings": []}
    assert facts.administration.calls < sides.sandbox.calls()["exact"] <= 15
    assert sides.sandbox.writes("exact") == 0


def single(sides: BothSides) -> set[str]:
    return {each.code for each in findings(sides.facts())}


def test_a_lost_login_is_named_and_hides_nothing_of_the_other_side(sides: BothSides) -> None:
    sides.sandbox.exact("revoke")
    sides.sandbox.teamleader("add_tax_rate", description="9%", rate="0.09")
    assert single(sides) == {"exact_login_lost"}
    sides.sandbox.teamleader("revoke")
    assert single(sides) == {"exact_login_lost", "teamleader_login_lost"}


def test_a_service_that_does_not_answer_is_named(sides: BothSides) -> None:
    sides.exact_client, sides.teamleader_client = sides.exact(clock=FakeClock()), sides.teamleader(clock=FakeClock())
    for service, match in (("exact", "Journals"), ("teamleader", "taxRates")):
        sides.sandbox.add_faults([{"service": service, "match": match, "kind": "error", "status": 503}])
    assert {"exact_unreachable", "teamleader_unreachable"} <= single(sides)


def test_an_administration_that_the_login_cannot_open_is_named(sides: BothSides) -> None:
    sides.division = 999
    assert {"exact_right_missing", "administration_unknown"} & single(sides)


def test_an_administration_that_exact_maintains_is_amber(sides: BothSides) -> None:
    sides.sandbox.exact("edit_division", changes={"BlockingStatus": 2})
    assert single(sides) == {"administration_blocked"}


def test_a_department_that_is_not_chosen_among_several_is_named(sides: BothSides) -> None:
    sides.tap["department_id"] = None
    assert single(sides) == {"department_unknown"}
    sides.tap["department_id"] = "d0000000-0000-4000-8000-00000000000f"
    assert single(sides) == {"department_unknown"}


def test_a_company_without_a_valid_vat_number_is_amber(sides: BothSides) -> None:
    sides.sandbox.teamleader("edit_department", vat_number="none")
    assert single(sides) == {"vat_number_missing"}


def codes_of(facts: Facts, **changes: Any) -> set[str]:
    return {each.code for each in findings(replace(facts, **changes))}


def test_a_host_of_another_country_is_named(right: Facts) -> None:
    administration = replace(right.administration, api_url="https://start.exactonline.nl")
    assert codes_of(right, administration=administration) == {"host_of_other_country"}


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"invoice_journal": None}, "journal_not_chosen"),
        ({"invoice_journal": "88"}, "journal_unknown"),
        ({"credit_note_journal": "70"}, "journals_same"),
        ({"closed_until": "2999-12-31"}, "closed_until_ahead"),
        ({"default_gl_account": None}, "default_account_missing"),
        ({"default_payment_condition": None}, "default_condition_missing"),
        ({"default_payment_condition": None, "payment_conditions": {"30": "30"}}, "payment_term_unmapped"),
        ({"vat_codes": {"9% of before": "P9"}}, "vat_code_unknown"),
        ({"book_payments": True, "payment_journal": "70", "payment_gl_account": "580000"}, "journal_type"),
        ({"book_payments": True, "payment_journal": "90", "payment_gl_account": "400000"}, "ledger_account_type"),
        ({"book_payments": True, "payment_journal": "90"}, "ledger_account_unknown"),
    ],
)
def test_a_wrong_setting_is_named(right: Facts, settings: dict[str, Any], code: str) -> None:
    assert code in codes_of(right, target={**right.target, **settings})


def test_one_journal_for_both_is_right_when_it_is_chosen(right: Facts) -> None:
    assert codes_of(right, target={**right.target, "credit_note_journal": None, "single_journal": True}) == set()


def test_a_start_date_of_no_form_is_named(right: Facts) -> None:
    assert codes_of(right, tap={**right.tap, "start_date": "soon"}) == {"start_date_malformed"}


def test_a_currency_that_exact_does_not_know_is_named(right: Facts) -> None:
    department = replace(right.department, currencies=frozenset({"EUR", "XTS"}))
    assert codes_of(right, department=department) == {"currency_unknown"}


def test_this_machine_is_looked_at_as_well(right: Facts) -> None:
    assert codes_of(right, machine=MachineFacts(free_bytes=10)) == {"disk_nearly_full"}
    assert codes_of(right, machine=MachineFacts(key_lost=True)) == {"key_lost"}
    long_ago = MachineFacts(last_runs=(right.now - timedelta(days=9),))
    assert codes_of(right, machine=long_ago) == {"schedule_not_seen"}


def test_a_folder_that_others_may_read_is_amber(sides: BothSides) -> None:
    sides.folder.chmod(0o755)
    assert single(sides) == {"store_open_to_others"}


def test_a_dated_percentage_is_judged_by_the_day(sides: BothSides) -> None:
    today = sides.sandbox.now().date()
    tomorrow, yesterday = today + timedelta(days=1), today - timedelta(days=1)
    sides.sandbox.exact("change_percentage", code="21", percentage="0.22", **{"from": tomorrow.isoformat()})
    assert single(sides) == set()
    sides.sandbox.exact("change_percentage", code="6", percentage="0.07", **{"from": yesterday.isoformat()})
    assert single(sides) == {"vat_percentage_differs"}


def test_every_code_is_one_that_a_test_provokes() -> None:
    said = set(re.findall(r'"(\w+)"', Path(__file__).read_text(encoding="utf-8")))
    assert catalogue.KINDS.keys() <= said


def check(*arguments: str, code: int) -> str:
    ran = CliRunner().invoke(main, ["check", *arguments])
    assert ran.exit_code == code, ran.output
    return ran.stdout


def test_the_command_is_green_on_a_right_set_up_and_red_with_exit_1_on_a_wrong_one(
    user_project: Path, sides: BothSides
) -> None:
    assert json.loads(check("--output", "json", code=0)) == {"level": "green", "findings": []}
    assert check(code=0) == "Nothing is wrong.\n"
    sides.sandbox.teamleader("add_tax_rate", description="9%", rate="0.09")
    told = json.loads(check("--output", "json", code=1))
    assert told["level"] == "red"
    (finding,) = told["findings"]
    assert set(finding) == {"code", "level", "subject", "message", "remedy", "actor"}
    assert finding["code"] == "tax_rate_unmapped"
    assert "Add the rate to vat_codes" in check(code=1)
    assert user_project.is_dir()


@pytest.mark.parametrize(
    "command",
    ["check", "login --status", "list journals", "suggest", "preview", "probe", "status", "health", "run", "metrics"],
)
def test_the_password_of_a_store_is_never_shown(
    user_project: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("CONNECTOR_STORE_URI", "postgresql://app:hidden-word@127.0.0.1:1/connector")
    ran = CliRunner().invoke(main, command.split())
    assert ran.exit_code
    assert "127.0.0.1" in ran.output
    assert "hidden-word" not in ran.output + repr(ran.exception)
    assert [path for path in user_project.rglob("*") if path.is_file() and b"hidden-word" in path.read_bytes()] == []


def test_a_store_that_cannot_be_opened_is_red(user_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONNECTOR_STORE_URI", f"sqlite:///{user_project}")
    told = json.loads(check("--output", "json", code=1))
    assert [each["code"] for each in told["findings"]] == ["store_unusable"]


def test_the_schedule_of_another_coupling_is_not_taken_for_its_own(bridge: Bridge) -> None:
    runs = bridge.memory.store.runs
    for coupling in ("north", "south", None):
        runs.start("bridge look", bridge.memory.division, coupling=coupling)
    north, south, unknown = reversed([run.started_at for run in runs.last(3)])
    for name, moments in ((None, {unknown}), ("north", {unknown, north}), ("south", {unknown, south})):
        assert set(read_machine(bridge.memory.store, bridge.uri, bridge.memory.division, name).last_runs) == moments
