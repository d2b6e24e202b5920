"""`bridge status`: the status document, and the same for the eye."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

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
    "exact_id",
    "entry_number",
    "amount",
    "currency",
    "updated_at",
]
ENTRY = "aaaaaaaa-0000-4000-8000-000000000001"


def test_every_row_has_the_fields_of_the_interface(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.refused("b", "2026 / 2")
    bridge.missing("c", "2026 / 3")
    document = bridge.status()
    assert list(document) == ["documents", "counts", "last_runs"]
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
        "exact_id": ENTRY,
        "entry_number": 26700001,
        "amount": Decimal("121.00"),
        "currency": "EUR",
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
    assert list(oldest) == ["plugin", "division", "started_at", "finished_at", "outcome", "counts", "message"]


def test_only_the_given_division_is_shown(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    shown = bridge.does("status", "--division", "999", "--output", "json")
    assert json.loads(shown)["documents"] == []


def test_the_text_shows_reasons_and_hints_as_they_are(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.refused("b", "2026 / 2")
    bridge.refused("c", "2026 / 3", code="waiting_for_customer", status="waiting")
    text = bridge.does("status")
    assert "No VAT code for [21%]" in text
    assert text.index("To do") < text.index("2026 / 2") < text.index("Follows by itself") < text.index("Counts")
    assert "12.10 EUR" in text
    assert ENTRY not in text


def test_what_a_hundred_documents_need_is_said_once(bridge: Bridge) -> None:
    bridge.refused("b", "2026 / 2")
    bridge.refused("c", "2026 / 3", code="period_closed", hint="Reopen the period.")
    bridge.refused("d", "2026 / 4")
    text = bridge.does("status")
    assert text.count("vat_code_unmapped: Add the rate") == 1
    assert "To do: 3" in text
    assert text.index("2026 / 2") < text.index("2026 / 4") < text.index("period_closed") < text.index("2026 / 3")


def test_all_lists_what_is_linked_and_left_out(bridge: Bridge) -> None:
    bridge.linked("a", "2026 / 1")
    bridge.refused("z", "2026 / 5", code="zero_value_skipped")
    assert "zero_value_skipped" not in bridge.does("status")
    text = bridge.does("status", "--all")
    assert ENTRY in text
    assert "zero_value_skipped" in text
    assert "Nothing to do." in text
    assert "No run yet." in text


def test_a_store_that_is_not_there_is_not_made(bridge: Bridge) -> None:
    line = bridge.refuses("status", "--store-uri", f"{bridge.uri}.typo")
    assert "connector.db.typo" in line
    assert "meltano run documents" in line
    assert "connector.db.typo" in bridge.refuses("status", "--store-uri", f"{bridge.uri}.typo")


@pytest.mark.parametrize("uri", ["nonsense", "sqlite://", "mysql://host/name"])
def test_a_uri_of_no_store_is_told_in_one_line(bridge: Bridge, uri: str) -> None:
    assert "store" in bridge.refuses("status", "--store-uri", uri)


def test_the_division_is_needed(bridge: Bridge) -> None:
    result = bridge.run("status", environment={"BRIDGE_STORE_URI": bridge.uri, "BRIDGE_DIVISION": ""})
    assert result.exit_code == 2
    assert "division" in result.stderr
    assert len(result.stderr.splitlines()) == 1
