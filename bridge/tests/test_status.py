"""`bridge status`: the status document, and the same for the eye."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Bridge

FIELDS = [
    "kind",
    "source_id",
    "number",
    "status",
    "code",
    "reason",
    "hint",
    "actor",
    "customer",
    "date",
    "period",
    "exact_id",
    "entry_number",
    "amount",
    "open",
    "currency",
    "urls",
    "updated_at",
]
ENTRY = "aaaaaaaa-0000-4000-8000-000000000001"


def test_every_row_has_the_fields_of_the_interface(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.refused("b", "2026 / 2")
    bridge.missing("c", "2026 / 3")
    document = bridge.status()
    assert list(document) == ["health", "documents", "paid", "counts", "last_runs"]
    assert [list(row) for row in document["documents"]] == [sorted(FIELDS, key=FIELDS.index)] * 3


def test_a_linked_document_tells_its_entry(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    row = bridge.row("a")
    assert row.pop("updated_at").endswith("Z")
    assert row == {
        "kind": "invoice",
        "source_id": "a",
        "number": "2026 / 1",
        "status": "linked",
        "code": None,
        "reason": None,
        "hint": None,
        "actor": None,
        "customer": None,
        "date": None,
        "period": None,
        "exact_id": ENTRY,
        "entry_number": 26700001,
        "amount": Decimal("121.00"),
        "open": Decimal("121.00"),
        "currency": "EUR",
        "urls": {
            "teamleader": "https://focus.teamleader.eu/invoice_detail.php?id=a",
            "exact": f"https://start.exactonline.be/docs/FinTransactionEntry.aspx?EntryID={{{ENTRY}}}"
            "&_Division_=123456",
        },
    }


@pytest.mark.parametrize(
    ("code", "kept_as", "shown_as"),
    [
        ("vat_code_unmapped", "rejected", "rejected"),
        ("waiting_for_customer", "waiting", "waiting"),
        ("outcome_unknown", "unknown", "unknown"),
        ("zero_value_skipped", "rejected", "excluded"),
    ],
)
def test_a_reject_has_the_status_it_was_kept_with(bridge: Bridge, code: str, kept_as: str, shown_as: str) -> None:
    bridge.refused("b", "2026 / 2", code=code, status=kept_as)
    row = bridge.row("b")
    assert (row["status"], row["code"], row["amount"]) == (shown_as, code, Decimal("12.10"))
    assert bridge.status()["counts"][shown_as] == 1


def test_amounts_are_numbers_to_the_cent(bridge: Bridge) -> None:
    bridge.refused("b", "2026 / 2", amount=Decimal("1234567890123.10"))
    assert '"amount": 1234567890123.10,' in bridge.does("status", "--output", "json")


def test_a_booked_document_whose_change_was_refused_is_one_rejected_row_with_its_entry(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.refused("a", "2026 / 1", code="changed_after_booking")
    row = bridge.row("a")
    assert (row["status"], row["code"], row["exact_id"]) == ("rejected", "changed_after_booking", ENTRY)


def test_files_that_could_not_be_attached_are_a_remark_on_the_booked_document(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.memory.files.expect("invoice", "a", "2026-1.pdf", "attachment_refused", "It follows by itself.")
    row = bridge.row("a")
    assert (row["reason"], row["hint"]) == ("2026-1.pdf is not attached yet", "It follows by itself.")
    assert (row["kind"], row["status"], row["code"]) == ("invoice", "linked", "attachment_refused")
    assert "attachment_refused" in bridge.does("status")


def test_a_run_cut_off_leaves_unknown_documents(bridge: Bridge) -> None:
    links = bridge.memory.links
    links.intend("invoice", "new", number="2026 / 1", fingerprint="f")
    bridge.linked("changed", "2026 / 2")
    links.intend("invoice", "changed", number="2026 / 2", fingerprint="g")
    assert {(row["status"], row["code"]) for row in bridge.status()["documents"]} == {("unknown", "outcome_unknown")}
    assert bridge.row("changed")["exact_id"] == ENTRY


def test_what_was_deleted_in_exact_is_a_matter_for_a_person_unless_it_is_a_customer(bridge: Bridge) -> None:
    for kind in ("invoice", "account"):
        bridge.linked(f"{kind} 1", "2026 / 1", kind=kind)
        bridge.memory.links.mark_missing(kind, f"{kind} 1")
    assert bridge.row("invoice 1")["status"] == "rejected"
    assert bridge.row("account 1")["status"] == "waiting"


def test_what_a_person_must_do_comes_first_and_numbers_count(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.refused("b", "2026 / 10")
    bridge.refused("c", "2026 / 9")
    bridge.refused("d", "2026 / 3", status="waiting")
    assert [row["source_id"] for row in bridge.status()["documents"]] == ["c", "b", "d", "a"]


def test_counts_name_every_status(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.linked("company:x", "", kind="account")
    bridge.refused("b", "2026 / 2")
    assert bridge.status()["counts"] == {"rejected": 1, "unknown": 0, "waiting": 0, "excluded": 0, "linked": 2}


def test_the_last_runs_of_this_division_newest_first(bridge: Bridge) -> None:
    runs = bridge.memory.store.runs
    runs.finish(runs.start("target-exactonline", 123456), "degraded", {"booked": 2}, "2 booked, 1 rejected")
    runs.start("target-exactonline", 999)
    runs.start("target-exactonline", 123456)
    newest, oldest = bridge.status()["last_runs"]
    assert (newest["outcome"], newest["finished_at"]) == (None, None)
    assert oldest["counts"] == {"booked": 2}
    whose = ["plugin", "division", "coupling", "department"]
    assert list(oldest) == [*whose, "started_at", "finished_at", "outcome", "counts", "message"]


def test_only_the_given_division_is_shown(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.memory.store.runs.start("target-exactonline", 999)
    shown = bridge.does("status", "--division", "999", "--output", "json")
    assert json.loads(shown)["documents"] == []


def test_the_text_shows_reasons_and_hints_as_they_are(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.refused("b", "2026 / 2")
    bridge.refused("c", "2026 / 3", code="waiting_for_customer", status="waiting")
    text = bridge.does("status")
    assert "No VAT code for [21%]" in text
    assert text.index("To do") < text.index("2026 / 2") < text.index("Follows by itself") < text.index("Counts")
    assert "EUR 12.10" in text
    assert ENTRY not in text


def test_what_a_hundred_documents_need_is_said_once(bridge: Bridge) -> None:
    bridge.refused("b", "2026 / 2")
    bridge.refused("c", "2026 / 3", code="period_closed", hint="Reopen the period.")
    bridge.refused("d", "2026 / 4")
    text = bridge.does("status")
    assert text.count("Add the rate to the setting vat_codes. (vat_code_unmapped)") == 1
    assert "To do: 3" in text
    assert text.index("2026 / 2") < text.index("2026 / 4") < text.index("period_closed") < text.index("2026 / 3")


def test_all_lists_what_is_linked_and_left_out(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.refused("z", "2026 / 5", code="zero_value_skipped")
    assert "zero_value_skipped" not in bridge.does("status")
    text = bridge.does("status", "--all")
    assert ENTRY in text
    assert "zero_value_skipped" in text
    assert "No run yet." in text


def test_a_store_that_is_not_there_is_not_made(bridge: Bridge) -> None:
    line = bridge.refuses("status", "--store-uri", f"{bridge.uri}.typo")
    assert "connector.db.typo" in line
    assert "meltano run documents" in line
    assert "connector.db.typo" in bridge.refuses("status", "--store-uri", f"{bridge.uri}.typo")


@pytest.mark.parametrize("uri", ["nonsense", "sqlite://", "mysql://host/name"])
def test_a_uri_of_no_store_is_told_in_one_line(bridge: Bridge, uri: str) -> None:
    assert "store" in bridge.refuses("status", "--store-uri", uri)


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No project around, which would name the division."""
    monkeypatch.chdir(tmp_path)


def without_division(bridge: Bridge, *arguments: str) -> Any:
    return bridge.run(*arguments, environment={"BRIDGE_STORE_URI": bridge.uri})


@pytest.mark.usefixtures("nowhere")
def test_the_only_division_needs_no_name(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    assert json.loads(without_division(bridge, "status", "--output", "json").stdout)["counts"]["linked"] == 1


@pytest.mark.usefixtures("nowhere")
def test_of_several_divisions_one_has_to_be_named(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.memory.store.runs.start("target-exactonline", 999)
    result = without_division(bridge, "status")
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line == "Error: The store knows the administrations 999, 123456: say which one with --division"


def test_a_division_that_the_store_never_met_is_refused(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    line = bridge.refuses("status", "--division", "654321")
    assert line == "Error: The store knows no administration 654321, it knows 123456: correct --division"


def test_four_documents_of_a_closed_month_are_one_cause_with_their_sum(bridge: Bridge) -> None:
    for number, amount in enumerate(("4000.00", "4000.67", "4127.00", "4000.00"), start=1):
        payload = {"number": f"2026 / {number}", "date": f"2026-03-0{number}", "invoicee": {"name": "Peeters bv"}}
        hint = f"Reopen the period of 2026-03-0{number} in Exact."
        bridge.refused(
            str(number), f"2026 / {number}", code="period_closed", hint=hint, payload=payload, amount=Decimal(amount)
        )
    text = bridge.does("status")
    assert text.count("Period 2026-03 closed: 4 documents, EUR 16,127.67") == 1
    assert "Accountant: Reopen the period" in text
    assert text.count("Peeters bv") == 4
    assert "2026-03-04" in text
    assert "https://focus.teamleader.eu/invoice_detail.php?id=4" in text
    assert "Period 2026-03 closed: 4 documents, EUR 16.127,67" in bridge.does("status", "--lang", "nl").replace(
        "Periode 2026-03 gesloten: 4 documenten", "Period 2026-03 closed: 4 documents"
    )


def test_an_address_is_whole_and_leads_to_what_still_stands(bridge: Bridge) -> None:
    ids = ("56c6ff47-2046-456c-92a9-e625254c7d78", "e0af372a-108b-4120-a1b1-80c6f02ed8f1")
    bridge.refused(ids[0], "2026 / 1")
    bridge.missing(ids[1], "2026 / 2")
    text = bridge.does("status")
    lines = [line.strip() for line in text.splitlines() if "https://" in line]
    page = "https://focus.teamleader.eu/invoice_detail.php?id="
    assert sorted(lines) == [f"2026 / 1  {page}{ids[0]}", f"2026 / 2  {page}{ids[1]}"]


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        (
            "nl",
            [
                "Te doen: 1",
                "04/03/2026",
                "Btw-code 21 voor het btw-tarief",
                "EUR 12,10",
                "Aantallen",
                "Laatste runs",
                "Programma",
            ],
        ),
        (
            "fr",
            ["À faire: 1", "04/03/2026", "Le code TVA 21", "12,10 EUR", "Nombres", "Derniers passages", "Programme"],
        ),
    ],
)
def test_the_whole_screen_is_in_the_language_of_its_reader(bridge: Bridge, language: str, shown: list[str]) -> None:
    runs = bridge.memory.store.runs
    runs.finish(runs.start("tap-teamleader", 123456), "ok", {}, "done")
    bridge.refused(
        "b",
        "2026 / 2",
        code="vat_code_missing",
        reason="VAT code 21 for the tax rate '21%' does not exist in Exact",
        hint="Create VAT code 21 in Exact, or correct it in the setting vat_codes.",
        payload={"number": "2026 / 2", "date": "2026-03-04", "invoicee": {"name": "Peeters bv"}},
    )
    text = bridge.does("status", "--lang", language)
    assert [part for part in shown if part not in text] == []
    assert [word for word in ("Counts", "Last runs", "Plugin", "Operator:", "does not exist") if word in text] == []


def test_json_tells_customer_date_period_and_who_acts(bridge: Bridge) -> None:
    payload = {"date": "2026-03-04", "invoicee": {"name": "Peeters bv"}}
    bridge.refused("b", "2026 / 2", code="period_closed", payload=payload)
    row = bridge.row("b")
    assert (row["customer"], row["date"], row["period"]) == ("Peeters bv", "2026-03-04", "2026-03")
    assert (row["actor"], row["open"]) == ("accountant", None)
    assert row["urls"] == {"teamleader": "https://focus.teamleader.eu/invoice_detail.php?id=b"}


def test_the_name_of_a_customer_stands_nowhere_in_the_clear(bridge: Bridge) -> None:
    bridge.refused("b", "2026 / 2", payload={"invoicee": {"name": "Peeters bv"}})
    assert bridge.row("b")["customer"] == "Peeters bv"
    folder = Path(bridge.uri.removeprefix("sqlite:///")).parent
    assert not [path for path in folder.iterdir() if b"Peeters" in path.read_bytes()]


def test_what_lies_in_the_customer_is_one_line_per_customer(bridge: Bridge) -> None:
    for number in range(1, 31):
        payload = {"invoicee": {"name": "Peeters bv"}}
        bridge.refused(str(number), f"2026 / {number}", code="mandate_missing", payload=payload)
    assert bridge.does("status").count("Peeters bv") == 1


def test_what_is_open_of_an_invoice_is_what_is_not_settled(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.registered("a", "2026 / 1")
    assert {row["kind"]: row["open"] for row in bridge.status()["documents"]} == {
        "invoice": Decimal("71.00"),
        "payment": Decimal("71.00"),
    }


@pytest.mark.parametrize(("to_do", "fail_on", "code"), [(0, "problem", 0), (1, "problem", 3), (1, "failure", 0)])
def test_a_problem_can_be_an_exit_code(bridge: Bridge, to_do: int, fail_on: str, code: int) -> None:
    bridge.linked("a", "2026 / 1")
    for number in range(to_do):
        bridge.refused(f"b{number}", "2026 / 2")
    assert bridge.run("status", "--fail-on", fail_on).exit_code == code


@pytest.mark.parametrize("fail_on", ["problem", "failure"])
def test_a_failure_is_another_exit_code(bridge: Bridge, fail_on: str) -> None:
    runs = bridge.memory.store.runs
    runs.finish(runs.start("tap-exactonline", 123456), "failed", {}, "Log in again")
    assert bridge.run("status", "--fail-on", fail_on).exit_code == 4
