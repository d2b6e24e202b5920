"""Changing and deleting what was booked, and when that is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Answer, Exact

ENTRIES = "salesentry/SalesEntries"
LINES = "salesentry/SalesEntryLines"


@pytest.fixture
def entry(exact: Exact) -> dict[str, Any]:
    """An open entry of two lines: 300 + 63."""
    return exact.entry(exact.line(AmountFC=100), exact.line(AmountFC=200)).d


def line_ids(exact: Exact, entry_id: str) -> list[str]:
    return [row["ID"] for row in exact.get(f"{ENTRIES}(guid'{entry_id}')/SalesEntryLines").rows]


def total(exact: Exact, entry_id: str) -> Any:
    return exact.row(ENTRIES, entry_id, "?$select=AmountFC")["AmountFC"]


def test_header_fields_are_merged(exact: Exact, entry: dict[str, Any]) -> None:
    key = entry["EntryID"]
    assert exact.put(ENTRIES, key, {"Description": "Beter", "YourRef": "2026 / 2", "EntryID": key}).status == 204
    row = exact.row(ENTRIES, key)
    assert (row["Description"], row["YourRef"], row["AmountFC"]) == ("Beter", "2026 / 2", 363)
    assert exact.get(f"{ENTRIES}?$select=EntryID&$filter=YourRef eq '2026 / 1'").rows == []
    assert exact.transaction_lines(key)[0]["YourRef"] == "2026 / 2"


def test_a_document_is_added_later(exact: Exact, entry: dict[str, Any]) -> None:
    document = exact.post("documents/Documents", {"Subject": "Factuur", "Type": 10}).d["ID"]
    receivable = exact.receivables(entry["EntryID"])[0]["ID"]
    assert exact.put(ENTRIES, entry["EntryID"], {"Document": document}).status == 204
    assert exact.row(ENTRIES, entry["EntryID"])["DocumentSubject"] == "Factuur"
    assert exact.receivables(entry["EntryID"])[0]["ID"] == receivable
    unknown = {"Document": "11111111-1111-4111-8111-111111111111"}
    assert exact.put(ENTRIES, entry["EntryID"], unknown).message == "Ongeldige referentie: Document"


def test_a_complete_row_is_not_sent_back(exact: Exact, entry: dict[str, Any]) -> None:
    row = {name: value for name, value in entry.items() if not isinstance(value, dict)}
    assert exact.put(ENTRIES, entry["EntryID"], row).message == "Gegeven bestaat reeds."


def test_lines_are_not_part_of_a_put(exact: Exact, entry: dict[str, Any]) -> None:
    answer = exact.put(ENTRIES, entry["EntryID"], {"SalesEntryLines": [exact.line()]})
    assert answer.status == 400
    assert "Binding to new entities" in answer.message


def test_the_date_moves_within_the_financial_year(exact: Exact, entry: dict[str, Any]) -> None:
    key = entry["EntryID"]
    assert exact.put(ENTRIES, key, {"EntryDate": "2026-02-10"}).status == 204
    row = exact.row(ENTRIES, key)
    assert (row["ReportingPeriod"], row["EntryNumber"]) == (2, entry["EntryNumber"])
    assert row["DueDate"] == exact.receivables(key)[0]["DueDate"] == "/Date(1773273600000)/"  # 12 March
    assert exact.put(ENTRIES, key, {"EntryDate": "2025-12-31"}).message == "Het boekjaar kan niet gewijzigd worden."
    exact.verb("close_period", year=2026, period=1)
    assert exact.put(ENTRIES, key, {"EntryDate": "2026-01-31"}).message == "Periode is afgesloten: 2026-01"


def test_another_journal_is_not_possible(exact: Exact, entry: dict[str, Any]) -> None:
    assert exact.put(ENTRIES, entry["EntryID"], {"Journal": "71"}).message == "Niet toegestaan: Dagboek"
    assert exact.put(ENTRIES, entry["EntryID"], {"Journal": "70"}).status == 204


def test_another_customer_renews_the_receivable_and_what_follows_from_the_customer(
    exact: Exact, entry: dict[str, Any]
) -> None:
    key, before = entry["EntryID"], exact.receivables(entry["EntryID"])[0]
    other = exact.customer(PaymentConditionSales="60")
    assert exact.put(ENTRIES, key, {"Customer": other}).status == 204
    after = exact.receivables(key)[0]
    assert after["ID"] != before["ID"]
    assert after["EntryID"] != before["EntryID"]
    assert (10, before["ID"]) in exact.deleted()
    row = exact.row(ENTRIES, key)
    assert (row["PaymentCondition"], row["DueDate"]) == ("60", "/Date(1785456000000)/")  # 31 July
    assert row["PaymentReference"] != entry["PaymentReference"]


def test_a_customer_that_may_not_be_booked_on_is_refused(exact: Exact, entry: dict[str, Any]) -> None:
    blocked = exact.customer(Blocked=True)
    assert exact.put(ENTRIES, entry["EntryID"], {"Customer": blocked, "PaymentCondition": "30"}).status == 500


def test_a_new_rate_revalues_the_lines(exact: Exact) -> None:
    key = exact.entry(exact.line(VATCode="EX"), Currency="USD", Rate=0.9).d["EntryID"]
    assert exact.put(ENTRIES, key, {"Rate": 0.8}).status == 204
    row = exact.row(ENTRIES, key)
    assert (row["AmountFC"], row["AmountDC"]) == (100, 80)
    assert exact.receivables(key)[0]["AmountDC"] == -80


def test_lines_are_added_changed_and_removed_one_by_one(exact: Exact, entry: dict[str, Any]) -> None:
    key = entry["EntryID"]
    first, second = line_ids(exact, key)
    before = exact.receivables(key)[0]["ID"]
    assert exact.post(LINES, {"EntryID": key, **exact.line(AmountFC=50)}).d["LineNumber"] == 3
    assert total(exact, key) == Decimal("423.5")
    assert exact.put(LINES, first, {"AmountFC": 10}).status == 204
    assert total(exact, key) == Decimal("314.6")
    assert exact.put(LINES, second, {"VATCode": "IC"}).status == 204
    assert total(exact, key) == Decimal("272.6")
    assert exact.put(LINES, second, {"Description": "alleen tekst"}).status == 204
    assert exact.delete(LINES, first).status == 204
    assert total(exact, key) == Decimal("260.5")
    receivable = exact.receivables(key)[0]
    assert (receivable["AmountFC"], receivable["Status"]) == (Decimal("-260.5"), 20)
    assert receivable["ID"] != before
    assert sum(row["AmountFC"] for row in exact.transaction_lines(key)) == 0
    assert (1, first) in exact.deleted()


def test_a_sent_vat_amount_stays_until_the_amount_changes(exact: Exact) -> None:
    key = exact.entry(exact.line(VATAmountFC="21.01")).d["EntryID"]
    line = line_ids(exact, key)[0]
    exact.put(LINES, line, {"Description": "tekst"})
    assert exact.row(LINES, line)["VATAmountFC"] == exact.row(ENTRIES, key)["VATAmountFC"]
    exact.put(LINES, line, {"AmountFC": 200})
    assert exact.row(LINES, line)["VATAmountFC"] == 42


def test_lines_are_checked_like_new_ones(exact: Exact, entry: dict[str, Any]) -> None:
    line = line_ids(exact, entry["EntryID"])[0]
    assert exact.put(LINES, line, {"VATCode": "P21"}).message == "Niet toegestaan: Btw-code"
    assert exact.put(LINES, line, {"GLAccount": exact.ledger("400000")}).message == "Ongeldig: Grootboekrekeningtype"
    assert exact.post(LINES, exact.line()).message == "Verplicht: Boekstuk"
    assert total(exact, entry["EntryID"]) == 363


def test_with_its_last_line_the_entry_goes(exact: Exact, entry: dict[str, Any]) -> None:
    key = entry["EntryID"]
    for line in line_ids(exact, key):
        assert exact.delete(LINES, line).status == 204
    assert exact.get(f"{ENTRIES}(guid'{key}')").status == 403
    assert exact.receivables(key) == []


def test_a_deleted_entry_is_told_by_its_transaction_lines_and_terms(exact: Exact, entry: dict[str, Any]) -> None:
    key = entry["EntryID"]
    lines, terms = exact.transaction_lines(key), exact.receivables(key)
    assert exact.delete(ENTRIES, key).status == 204
    assert set(exact.deleted()) == {(1, row["ID"]) for row in lines} | {(10, row["ID"]) for row in terms}
    assert exact.get(f"{LINES}?$filter=EntryID eq guid'{key}'").rows == []
    assert exact.delete(ENTRIES, key).status == 403


def every_change(exact: Exact, key: str) -> list[Answer]:
    line = line_ids(exact, key)[0]
    return [
        exact.put(ENTRIES, key, {"Description": "x"}),
        exact.delete(ENTRIES, key),
        exact.post(LINES, {"EntryID": key, **exact.line()}),
        exact.put(LINES, line, {"AmountFC": 1}),
        exact.delete(LINES, line),
    ]


@pytest.mark.parametrize(
    ("verb", "arguments", "text"),
    [
        ("process_entry", {"your_ref": "2026 / 1"}, "Reeds verwerkt"),
        ("match_entry", {"your_ref": "2026 / 1"}, "Reeds afgeletterd"),
        ("match_entry", {"your_ref": "2026 / 1", "amount": 1}, "Reeds afgeletterd"),
        ("close_period", {"year": 2026, "period": 6}, "Periode is afgesloten: 2026-06"),
        ("refuse_entry_changes", {}, "Niet toegestaan: Wijzigen"),
    ],
)
def test_what_is_final_does_not_change(
    exact: Exact, entry: dict[str, Any], verb: str, arguments: dict[str, Any], text: str
) -> None:
    exact.verb(verb, **arguments)
    for answer in every_change(exact, entry["EntryID"]):
        assert (answer.status, answer.message) == (500, text)
    assert total(exact, entry["EntryID"]) == 363


def test_what_a_person_reopens_changes_again(exact: Exact, entry: dict[str, Any]) -> None:
    exact.verb("process_entry", your_ref="2026 / 1")
    assert exact.row(ENTRIES, entry["EntryID"])["StatusDescription"] == "Verwerkt"
    exact.verb("reopen_entry", your_ref="2026 / 1")
    assert exact.put(ENTRIES, entry["EntryID"], {"Description": "x"}).status == 204
